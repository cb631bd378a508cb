// Two passes: Bounds walks the text and stops at the first offence, so hostile nesting or a million
// keys never become a tree; only then is the tree built.
#include "proxy/base/json.h"

#include <set>
#include <utility>
#include <vector>

namespace portero {
namespace {

/// nlohmann's SAX interface; a `false` ends the walk.
class Bounds {
 public:
  Bounds(std::size_t depth, std::vector<std::string>* repeated)
      : depth_(depth), repeated_(repeated) {}

  /// Why the walk ended early.
  [[nodiscard]] JsonFault fault() const { return fault_; }

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
  bool key(std::string& name) {
    if (keys_.back().insert(name).second) return true;
    if (repeated_ == nullptr) return refuse(JsonFault::kRepeatedKey);
    repeated_->push_back(name);
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    return false;
  }

 private:
  bool enter() {
    keys_.emplace_back();
    return keys_.size() <= depth_ || refuse(JsonFault::kTooDeep);
  }
  bool leave() {
    keys_.pop_back();
    return true;
  }
  bool refuse(JsonFault fault) {
    fault_ = fault;
    return false;
  }

  const std::size_t depth_;
  std::vector<std::string>* const repeated_;
  JsonFault fault_ = JsonFault::kSyntax;
  std::vector<std::set<std::string>> keys_;  // one a level that is open
};

}  // namespace

Result<Json> read_json(std::string_view text, std::size_t bytes, std::size_t depth) {
  Result<Json, JsonFault> document = read_operators_json(text, bytes, depth);
  if (!document) return Error::kBadJson;
  return std::move(*document);
}

Result<Json, JsonFault> read_operators_json(std::string_view text, std::size_t bytes,
                                            std::size_t depth, std::vector<std::string>* repeated) {
  if (text.size() > bytes) return JsonFault::kTooLong;
  if (text.find('\0') != std::string_view::npos) return JsonFault::kNul;
  if (text.starts_with("\xEF\xBB\xBF")) return JsonFault::kByteOrderMark;
  Bounds bounds(depth, repeated);
  if (!Json::sax_parse(text, &bounds)) return bounds.fault();
  Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) return JsonFault::kSyntax;
  return document;
}

Problem make_json_problem(std::string_view key, JsonFault fault) {
  const auto problem = [key](std::string_view wrong, std::string_view fix) {
    return Problem{std::string(key), std::string(wrong), std::string(fix)};
  };
  switch (fault) {
    case JsonFault::kTooLong:
      return problem("is too long", "remove what is not needed");
    case JsonFault::kNul:
      return problem("holds a NUL byte", "remove it, or save the text as UTF-8");
    case JsonFault::kByteOrderMark:
      return problem("begins with a byte order mark",
                     "remove its three bytes, EF BB BF: save the text as UTF-8 without BOM");
    case JsonFault::kTooDeep:
      return problem("nests objects or lists too deep", "remove the inner ones");
    case JsonFault::kRepeatedKey:
      return problem("names one member twice in an object", "keep one");
    case JsonFault::kSyntax:
      break;
  }
  return problem("is not valid JSON",
                 "look for a missing quote or an extra comma (`python3 -m json.tool FILE` names "
                 "the line)");
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
