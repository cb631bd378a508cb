// One pass: Reading walks the text, builds the tree and stops at the first offence, so hostile
// nesting becomes no tree.
#include "proxy/base/json.h"

#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace portero {
namespace {

/// The text's characters, counted as they are taken: the library tells nobody where a key stands.
struct Taking {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  std::size_t* taken = nullptr;

  reference operator*() const { return *at; }
  Taking& operator++() {
    ++at;
    ++*taken;
    return *this;
  }
  bool operator==(const Taking& other) const { return at == other.at; }
};

/// nlohmann's SAX interface; a `false` ends the walk.
class Reading {
 public:
  Reading(std::string_view text, std::size_t depth, std::vector<RepeatedKey>* repeated)
      : text_(text), depth_(depth), repeated_(repeated) {}

  [[nodiscard]] bool walk() {
    return Json::sax_parse(Taking{text_.data(), &taken_},
                           Taking{text_.data() + text_.size(), &taken_}, this);
  }

  /// What was read. REQUIRES: walk() came to the end.
  [[nodiscard]] Json take() { return std::move(document_); }

  /// Why the walk ended early.
  [[nodiscard]] JsonRefusal refusal() const { return {.fault = fault_, .taken = taken_}; }

  // The names and signatures are the library's.
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }  // JSON has none
  bool start_object(std::size_t /*size*/) { return enter(Json::object()); }
  bool end_object() { return leave(); }
  bool start_array(std::size_t /*size*/) { return enter(Json::array()); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    Level& level = levels_.back();
    const auto [first, is_new] = level.ends.try_emplace(name, taken_);
    level.name = name;
    level.is_new = is_new;
    if (is_new) return true;
    if (repeated_ == nullptr) return refuse(JsonFault::kRepeatedKey);
    repeated_->push_back({path(), begin_of(first->second), begin_of(taken_)});
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) {
    taken_ = position;
    return false;
  }

 private:
  struct Level {
    Json* node = nullptr;                                  // moves only once it is closed
    std::map<std::string, std::size_t, std::less<>> ends;  // of each key: behind its last quote
    std::string name = {};                                 // of the member that is read
    bool is_new = true;                                    // it has not come before
  };

  bool add(Json value) {
    static_cast<void>(put(std::move(value)));
    return true;
  }
  /// Into what is open; of a key that comes twice, the later counts. The library would look each
  /// new name up among all before it.
  Json* put(Json value) {
    if (levels_.empty()) return &(document_ = std::move(value));
    const Level& level = levels_.back();
    if (level.node->is_array()) return &level.node->emplace_back(std::move(value));
    if (!level.is_new) return &((*level.node)[level.name] = std::move(value));
    auto& members = level.node->get_ref<Json::object_t&>();
    return &members.emplace_back(level.name, std::move(value)).second;
  }
  bool enter(Json empty) {
    if (levels_.size() == depth_) return refuse(JsonFault::kTooDeep);
    Json* const node = put(std::move(empty));
    levels_.emplace_back().node = node;
    return true;
  }
  bool leave() {
    levels_.pop_back();
    return true;
  }
  bool refuse(JsonFault fault) {
    fault_ = fault;
    return false;
  }
  [[nodiscard]] std::vector<std::string> path() const {
    std::vector<std::string> names;
    for (const Level& level : levels_) {
      if (!level.name.empty()) names.push_back(level.name);
    }
    return names;
  }
  /// The opening quote of the text in quotes whose last byte is before `end`.
  [[nodiscard]] std::size_t begin_of(std::size_t end) const {
    std::size_t quote = end - 1;
    do {
      quote = text_.rfind('"', quote - 1);
    } while (quote > 0 && text_[quote - 1] == '\\');
    return quote;
  }

  const std::string_view text_;
  const std::size_t depth_;
  std::vector<RepeatedKey>* const repeated_;
  JsonFault fault_ = JsonFault::kSyntax;
  std::size_t taken_ = 0;
  Json document_;
  std::vector<Level> levels_;  // those that are open
};

/// What no document may be, whatever is in it; the library reads past these.
std::optional<JsonRefusal> find_text_fault(std::string_view text, std::size_t bytes) {
  if (text.size() > bytes) return JsonRefusal{.fault = JsonFault::kTooLong};
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) return JsonRefusal{.fault = JsonFault::kNul, .taken = nul + 1};
  if (text.starts_with("\xEF\xBB\xBF")) return JsonRefusal{.fault = JsonFault::kByteOrderMark};
  return std::nullopt;
}

}  // namespace

Result<Json> read_json(std::string_view text, std::size_t bytes, std::size_t depth) {
  Result<Json, JsonRefusal> document = read_operators_json(text, bytes, depth);
  if (!document) return Error::kBadJson;
  return std::move(*document);
}

Result<Json, JsonRefusal> read_operators_json(std::string_view text, std::size_t bytes,
                                              std::size_t depth,
                                              std::vector<RepeatedKey>* repeated) {
  if (const std::optional<JsonRefusal> fault = find_text_fault(text, bytes)) return *fault;
  Reading reading(text, depth, repeated);
  if (!reading.walk()) return reading.refusal();
  return reading.take();
}

bool walk_json(std::string_view text, std::size_t bytes, JsonWalk& walk) {
  return !find_text_fault(text, bytes) && Json::sax_parse(text.begin(), text.end(), &walk);
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
