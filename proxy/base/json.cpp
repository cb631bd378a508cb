// Two passes: Bounds walks the text and stops at the first offence, so hostile nesting or a million
// keys never become a tree; only then is the tree built.
#include "proxy/base/json.h"

#include <set>
#include <vector>

namespace portero {
namespace {

/// nlohmann's SAX interface; a `false` ends the walk.
class Bounds {
 public:
  explicit Bounds(std::size_t depth) : depth_(depth) {}

  // The names and signatures are the library's.
  bool null() { return true; }
  bool boolean(bool /*value*/) { return true; }
  bool number_integer(Json::number_integer_t /*value*/) { return true; }
  bool number_unsigned(Json::number_unsigned_t /*value*/) { return true; }
  bool number_float(Json::number_float_t /*value*/, const std::string& /*text*/) { return true; }
  bool string(std::string& /*value*/) { return true; }
  bool binary(Json::binary_t& /*value*/) { return true; }
  bool start_object(std::size_t /*size*/) { return enter(); }
  bool end_object() { return leave(); }
  bool start_array(std::size_t /*size*/) { return enter(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) { return keys_.back().insert(name).second; }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    return false;
  }

 private:
  bool enter() {
    keys_.emplace_back();
    return keys_.size() <= depth_;
  }
  bool leave() {
    keys_.pop_back();
    return true;
  }

  const std::size_t depth_;
  std::vector<std::set<std::string>> keys_;  // one a level that is open
};

}  // namespace

Result<Json> read_json(std::string_view text, std::size_t bytes, std::size_t depth) {
  if (text.size() > bytes) return Error::kBadJson;
  if (text.find('\0') != std::string_view::npos) return Error::kBadJson;  // the library ends there
  if (text.starts_with("\xEF\xBB\xBF")) return Error::kBadJson;           // the library skips it
  Bounds bounds(depth);
  if (!Json::sax_parse(text, &bounds)) return Error::kBadJson;
  Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) return Error::kBadJson;
  return document;
}

std::string write_json(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json* find_member(const Json& document, std::string_view key) {
  if (!document.is_object()) return nullptr;
  const auto member = document.find(std::string(key));
  return member == document.end() ? nullptr : &*member;
}

const std::string* find_string(const Json& document, std::string_view key) {
  const Json* member = find_member(document, key);
  return member == nullptr ? nullptr : member->get_ptr<const std::string*>();
}

}  // namespace portero
