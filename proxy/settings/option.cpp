#include "proxy/settings/option.h"

#include <algorithm>
#include <array>

#include "proxy/base/text.h"

namespace portero {
namespace {

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

struct WriteDefault {
  Draft& draft;
  std::string operator()(place::Text at) const { return at(draft); }
  std::string operator()(place::Bool at) const { return at(draft) ? "true" : "false"; }
  std::string operator()(place::Count at) const { return std::to_string(at(draft)); }
  std::string operator()(place::Seconds at) const { return write_duration(at(draft)); }
  std::string operator()(place::Milliseconds at) const { return write_duration(at(draft)); }
  std::string operator()(place::Nets at) const { return at(draft).text(); }
  std::string operator()(place::When /*at*/) const { return ""; }
  std::string operator()(place::WhenOf /*at*/) const { return ""; }
  std::string operator()(place::Hidden /*at*/) const { return ""; }
};

}  // namespace

std::string env_name(std::string_view key) {
  std::string name = "PORTERO_";
  for (const char c : key) {
    name += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : (c == '.' ? '_' : c);
  }
  return name;
}

std::string flag_name(std::string_view key) {
  std::string name = "--";
  for (const char c : key) name += c == '.' || c == '_' ? '-' : c;
  return name;
}

bool is_secret(const Option& key) { return std::holds_alternative<place::Hidden>(key.place); }

std::string default_of(const Option& key) {
  Draft draft;
  return std::visit(WriteDefault{draft}, key.place);
}

std::optional<std::string> find_nearest(std::string_view wrong,
                                        const std::vector<std::string>& names) {
  constexpr std::size_t kLongestCompared = 64;
  if (wrong.empty() || wrong.size() > kLongestCompared) return std::nullopt;
  std::optional<std::string> nearest;
  std::size_t least = std::min<std::size_t>(3, wrong.size() / 2) + 1;
  for (const std::string& name : names) {
    const std::size_t far = distance(wrong, name);
    if (far >= least) continue;
    least = far;
    nearest = name;
  }
  if (nearest) return nearest;
  const std::string behind = "." + std::string(wrong);
  const std::string before = std::string(wrong) + "_";
  const auto longer = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return name.ends_with(behind) || name.starts_with(before);
  });
  if (longer == names.end()) return std::nullopt;
  return *longer;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names) {
  const std::optional<std::string> nearest = find_nearest(wrong, names);
  return nearest ? " (did you mean `" + *nearest + "`?)" : "";
}

std::string write_duration(std::chrono::milliseconds duration) {
  struct Unit {
    std::int64_t milliseconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 5> kUnits = {
      {{kDay * 1000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}}};
  const std::int64_t count = duration.count();
  if (count == 0) return "0";
  for (const Unit& unit : kUnits) {
    if (count % unit.milliseconds == 0) {
      return std::to_string(count / unit.milliseconds) + std::string(unit.name);
    }
  }
  return "";
}

}  // namespace portero
