#include "proxy/site/left_out.h"

namespace portero {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::size_t kNameMax = 30;  // bytes

struct Words {
  const char* one;
  const char* many;
  const char* fix;
};

constexpr std::array<Words, 10> kWords = {{
    {"link that leads out of it", "links that lead out of it",
     "copy what is linked into it (cp -rL), or name the folder that holds all"},
    {"link that leads nowhere", "links that lead nowhere, or where this user may not go",
     "correct or remove what is linked"},
    {"link back to a folder that it lies in", "links back to a folder that they lie in",
     "remove what is linked"},
    {"name that begins with a dot", "names that begin with a dot",
     "rename what visitors should get; of such only .well-known is served"},
    {"file that visitors should not get", "files that visitors should not get",
     "move it elsewhere; rename what is meant for visitors"},
    {"file without an extension", "files without an extension",
     "give it one, such as .txt; below .well-known none is needed"},
    {"name that no address can carry", "names that no address can carry",
     "rename to UTF-8 without control characters, \\ and |"},
    {"name whose address is too long", "names whose address is too long",
     "shorten it, or raise limits.target"},
    {"name that is neither file nor folder", "names that are neither file nor folder",
     "move it elsewhere"},
    {"compressed file without the plain one", "compressed files without the plain ones",
     "put the plain file beside it"},
}};

std::string shorten(const std::string& name) {
  return name.size() <= kNameMax ? name : "..." + name.substr(name.size() - kNameMax + 3);
}

}  // namespace

std::string printable_name(const std::string& path) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string name;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      name += c;
    } else {
      name.append("\\x").append({kHex[byte >> 4U], kHex[byte & 15U]});
    }
  }
  return name;
}

void LeftOut::add(LeftOutReason reason, const std::string& path) {
  Kind& kind = kinds_.at(static_cast<std::size_t>(reason));
  if (++kind.count > kNamesShown) return;
  if (!kind.names.empty()) kind.names += ", ";
  kind.names += shorten(printable_name(path));
}

std::vector<Problem> LeftOut::problems() const {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < kReasons; ++i) {
    const Kind& kind = kinds_.at(i);
    const Words& words = kWords.at(i);
    if (kind.count == 0) continue;
    std::string wrong = "leaves out " + std::to_string(kind.count) + " " +
                        (kind.count == 1 ? words.one : words.many) + ": " + kind.names;
    if (kind.count > kNamesShown) {
      wrong += " and " + std::to_string(kind.count - kNamesShown) + " more";
    }
    problems.push_back({"static_dir", std::move(wrong), words.fix});
  }
  return problems;
}

}  // namespace portero
