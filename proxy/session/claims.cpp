#include "proxy/session/claims.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/json.h"
#include "proxy/base/json_text.h"
#include "proxy/base/time.h"
#include "proxy/session/cookies.h"

namespace portero {
namespace {

enum class Place : std::uint8_t { kNone, kClaims, kUser, kCnf, kGroups, kElsewhere };

/// A member that we know, and where its value goes: one of these four.
struct Member {
  Place place = Place::kClaims;
  std::string_view name;
  std::string* text = nullptr;
  std::optional<std::string>* may_be = nullptr;
  std::int64_t* number = nullptr;
  Place inside = Place::kNone;
  bool is_optional = false;  // then a text or number of another type is none
  bool seen = false;
};

class Claims final : public JsonWalk {
 public:
  [[nodiscard]] Result<Session> read(std::string_view text) {
    if (!walk_json(text, kSessionMax, *this)) return Error::kNoSession;
    const bool is_whole = std::all_of(members_.begin(), members_.end(), [](const Member& member) {
      return member.seen || member.is_optional;
    });
    if (!is_whole || sub_ != std::to_string(session_.user.id)) return Error::kNoSession;
    return std::move(session_);
  }

  // The names and signatures are the library's.
  bool null() override { return other(); }
  bool boolean(bool /*value*/) override { return other(); }
  bool number_float(Json::number_float_t /*value*/, const std::string& /*text*/) override {
    return other();
  }
  bool binary(Json::binary_t& /*value*/) override { return other(); }
  bool number_unsigned(Json::number_unsigned_t value) override {
    constexpr auto kMost =
        static_cast<Json::number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return value > kMost ? other() : number_integer(static_cast<std::int64_t>(value));
  }
  bool number_integer(Json::number_integer_t value) override {
    if (current_ == nullptr || current_->number == nullptr) return other();
    *current_->number = value;
    return current_->place == Place::kUser || (value >= 0 && value <= kLastSecond);
  }
  bool string(std::string& value) override {
    if (place_ == Place::kGroups) {
      session_.groups.held.push_back(value);
      return true;
    }
    if (current_ != nullptr && current_->text != nullptr) {
      *current_->text = value;
    } else if (current_ != nullptr && current_->may_be != nullptr) {
      *current_->may_be = value;
    } else {
      return other();
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) override {
    if (place_ == Place::kNone) return enter(Place::kClaims);
    if (place_ != Place::kClaims || is_list()) return false;
    return enter(current_ == nullptr ? Place::kElsewhere : current_->inside);
  }
  bool start_array(std::size_t /*size*/) override {
    if (place_ != Place::kClaims) return false;
    if (is_list()) return enter(Place::kGroups);
    return current_ == nullptr && enter(Place::kElsewhere);
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(std::string& name) override {
    const auto found = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
      return member.place == place_ && member.name == name;
    });
    current_ = found == members_.end() ? nullptr : &*found;
    if (current_ != nullptr) return !std::exchange(current_->seen, true);
    std::vector<std::string>& names = unknown_.at(place_ == Place::kClaims ? 0 : 1);
    if (std::find(names.begin(), names.end(), name) != names.end()) return false;
    names.push_back(name);
    return place_ != Place::kCnf;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return false;
  }

 private:
  /// A value of a type that the member does not have.
  [[nodiscard]] bool other() const {
    if (place_ == Place::kGroups) return false;
    return current_ == nullptr || (current_->is_optional && current_->inside == Place::kNone);
  }
  /// Whether a list of texts comes next.
  [[nodiscard]] bool is_list() const {
    return current_ != nullptr && current_->inside == Place::kGroups;
  }
  bool enter(Place place) {
    place_ = place;
    current_ = nullptr;
    unknown_.at(place == Place::kClaims ? 0 : 1).clear();
    return place != Place::kNone;
  }
  bool leave() {
    const bool is_right = place_ != Place::kCnf || !session_.jkt.empty();
    place_ = place_ == Place::kClaims ? Place::kNone : Place::kClaims;
    current_ = nullptr;
    return is_right;
  }

  Session session_;
  std::string sub_;
  std::array<Member, 19> members_{{
      {.name = "iss", .text = &session_.iss},
      {.name = "sub", .text = &sub_},
      {.name = "aud", .text = &session_.aud},
      {.name = "sid", .text = &session_.sid},
      {.name = "auth_time", .number = &session_.auth_time},
      {.name = "iat", .number = &session_.iat},
      {.name = "exp", .number = &session_.exp},
      {.name = "cnf", .inside = Place::kCnf, .is_optional = true},
      {.place = Place::kCnf, .name = "jkt", .text = &session_.jkt, .is_optional = true},
      {.name = "groups", .inside = Place::kGroups, .is_optional = true},
      {.name = "unmet", .text = &session_.groups.unmet, .is_optional = true},
      {.name = "hidden", .text = &session_.groups.hidden, .is_optional = true},
      {.name = "user", .inside = Place::kUser},
      {.place = Place::kUser, .name = "id", .number = &session_.user.id},
      {.place = Place::kUser, .name = "login", .text = &session_.user.login},
      {.place = Place::kUser, .name = "name", .may_be = &session_.user.name, .is_optional = true},
      {.place = Place::kUser, .name = "email", .may_be = &session_.user.email, .is_optional = true},
      {.place = Place::kUser,
       .name = "avatar_url",
       .text = &session_.user.avatar_url,
       .is_optional = true},
      {.place = Place::kUser,
       .name = "html_url",
       .text = &session_.user.html_url,
       .is_optional = true},
  }};
  Member* current_ = nullptr;  // whose value comes next, where it is one of these
  Place place_ = Place::kNone;
  std::array<std::vector<std::string>, 2>
      unknown_;  // names that are there: among the claims, and in the object inside
};

/// Reads JSON whose every byte is known but for the values: numbers without sign, and text that
/// stands for itself. Once something else comes, nothing is read any more.
class KnownText {
 public:
  explicit KnownText(std::string_view text) : rest_(text), good_(stands_for_itself(text)) {}

  /// Everything was as expected, to the end.
  [[nodiscard]] bool is_read() const { return good_ && rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  bool skip(std::string_view expected) {
    good_ = good_ && rest_.starts_with(expected);
    if (good_) rest_.remove_prefix(expected.size());
    return good_;
  }
  /// False: something else comes, and that may be so.
  bool skips(std::string_view possible) {
    if (!good_ || !rest_.starts_with(possible)) return false;
    rest_.remove_prefix(possible.size());
    return true;
  }
  void text(std::string_view before, std::string& value) {
    if (!skip(before) || !skip("\"")) return;
    const std::size_t end = rest_.find('"');
    good_ = end != std::string_view::npos;
    if (!good_) return;
    value = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
  }
  void text_or_null(std::string_view before, std::optional<std::string>& value) {
    if (skip(before) && !skips("null")) text("", value.emplace());
  }
  /// Of one whose null stands for empty.
  void text_or_null(std::string_view before, std::string& value) {
    if (!skip(before) || skips("null")) return;
    text("", value);
    good_ = good_ && !value.empty();
  }
  void texts(std::string_view before, std::vector<std::string>& values) {
    if (!skip(before) || !skip("[") || skips("]")) return;
    do {
      text("", values.emplace_back());
    } while (skips(","));
    skip("]");
  }
  void number(std::string_view before, std::int64_t& value) {
    if (!skip(before)) return;
    const char* const end = rest_.data() + rest_.size();
    const auto [next, error] = std::from_chars(rest_.data(), end, value);
    const bool is_short = rest_.starts_with('0') && next - rest_.data() > 1;  // "00" is no JSON
    good_ = error == std::errc() && value >= 0 && !rest_.starts_with('-') && !is_short;
    if (good_) rest_.remove_prefix(static_cast<std::size_t>(next - rest_.data()));
  }

 private:
  std::string_view rest_;
  bool good_;
};

/// The claims, if they are written as seal_session() writes them for most people. The walk through
/// the library takes four times as long: it goes by single characters, and copies each twice.
std::optional<Session> read_known_claims(std::string_view text) {
  Session session;
  std::string sub;
  KnownText known(text);
  known.text(R"({"iss":)", session.iss);
  known.text(R"(,"sub":)", sub);
  known.text(R"(,"aud":)", session.aud);
  known.text(R"(,"sid":)", session.sid);
  known.number(R"(,"auth_time":)", session.auth_time);
  known.number(R"(,"iat":)", session.iat);
  known.number(R"(,"exp":)", session.exp);
  const bool is_bound = known.skips(R"(,"cnf":{"jkt":)");
  if (is_bound) known.text("", session.jkt);
  if (is_bound) known.skip("}");
  if (known.skips(R"(,"groups":)")) {
    known.texts("", session.groups.held);
    known.text(R"(,"unmet":)", session.groups.unmet);
    known.text(R"(,"hidden":)", session.groups.hidden);
  }
  known.skip(R"(,"user":)");
  const std::size_t user_at = text.size() - known.left();
  known.number(R"({"id":)", session.user.id);
  known.text(R"(,"login":)", session.user.login);
  known.text_or_null(R"(,"name":)", session.user.name);
  known.text_or_null(R"(,"avatar_url":)", session.user.avatar_url);
  known.text_or_null(R"(,"html_url":)", session.user.html_url);
  known.text_or_null(R"(,"email":)", session.user.email);
  known.skip("}}");
  const bool is_in_time = std::max({session.auth_time, session.iat, session.exp}) <= kLastSecond;
  const bool is_right = is_in_time && is_bound != session.jkt.empty() &&
                        text.size() <= kSessionMax && sub == std::to_string(session.user.id);
  if (!known.is_read() || !is_right) return std::nullopt;
  session.user_json = text.substr(user_at, text.size() - user_at - 1);
  return session;
}

}  // namespace

Result<Session> read_claims(std::string_view text) {
  std::optional<Session> known = read_known_claims(text);
  if (known) return std::move(*known);
  return Claims().read(text);
}

}  // namespace portero
