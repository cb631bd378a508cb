#include "proxy/github/replies.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "proxy/base/http.h"
#include "proxy/base/json.h"
#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/github/reply.h"

namespace portero {
namespace {

constexpr std::size_t kTokenMax = 4096;
constexpr std::size_t kLoginMax = 100;
constexpr std::size_t kUrlMax = 2048;
constexpr std::size_t kTextMax = 1024;
constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;
constexpr int kRetryMax = 3600;
constexpr int kRetryUnknown = 60;

bool consists_of(std::string_view text, std::size_t max, std::string_view also) {
  return !text.empty() && text.size() <= max && is_alphanumeric_or(also, text);
}

Error error_of_name(std::string_view error) {
  if (error == "incorrect_client_credentials" || error == "invalid_client") {
    return Error::kProxyMisconfigured;
  }
  if (error == "redirect_uri_mismatch") return Error::kRedirectUriMismatch;
  if (error == "bad_verification_code" || error == "invalid_grant") return Error::kCodeRejected;
  if (error == "unverified_user_email") return Error::kEmailUnverified;
  return Error::kUpstreamRefused;
}

Result<GrantedToken> read_token(const UpstreamReply& reply) {
  if (reply.status == 404) return Error::kProxyMisconfigured;  // unknown client_id
  if (is_rate_limited(reply)) return Error::kUpstreamRateLimited;
  const Result<Json> body = read_body(reply);
  if (body) {
    const Json* error = find_member(*body, "error");
    if (error != nullptr && !error->is_string()) return Error::kUpstreamInvalid;
    if (error != nullptr) return error_of_name(error->get_ref<const std::string&>());
  }
  if (reply.status != 200) return error_of_status(reply);
  if (!body) return Error::kUpstreamInvalid;
  const std::string* token = find_string(*body, "access_token");
  const std::string* type = find_string(*body, "token_type");
  if (token == nullptr || type == nullptr || !equals_ignoring_case(*type, "bearer"))
    return Error::kUpstreamInvalid;
  if (!consists_of(*token, kTokenMax, "._-")) return Error::kUpstreamInvalid;
  const std::string* scope = find_string(*body, "scope");
  if (scope == nullptr && find_member(*body, "scope") != nullptr) return Error::kUpstreamInvalid;
  return GrantedToken{.token = Secret(*token), .scope = scope == nullptr ? "" : *scope};
}

bool covers(std::string_view granted, std::string_view required) {
  if (granted == required) return true;
  // docs.github.com "Scopes for OAuth apps": what each broader scope includes.
  if (granted == "user") return required.ends_with(":user") || required.starts_with("user:");
  if (granted == "repo") {
    return required.starts_with("repo:") || required == "repo_deployment" ||
           required == "public_repo" || required == "security_events";
  }
  const auto level = [](std::string_view scope) {
    constexpr std::array<std::string_view, 3> kLevels = {"read:", "write:", "admin:"};
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
      if (scope.starts_with(kLevels.at(i))) return static_cast<int>(i);
    }
    return -1;
  };
  const int required_level = level(required);
  return required_level >= 0 && level(granted) > required_level &&
         granted.substr(granted.find(':')) == required.substr(required.find(':'));
}

bool is_granted(std::string_view granted, std::string_view required) {
  while (!granted.empty()) {
    const std::size_t end = std::min(granted.find_first_of(", "), granted.size());
    if (covers(granted.substr(0, end), required)) return true;
    granted.remove_prefix(std::min(end + 1, granted.size()));
  }
  return false;
}

/// A URL that a page may be told; empty when it may not.
std::string safe_url(const std::string& url, const GithubSettings& github) {
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>' && c != '\\';
  });
  if (!printable || url.size() > kUrlMax) return {};
  if (url.starts_with("https://")) return url;
  const bool stand_in = github.url.starts_with("http://") && is_loopback_url(github.url);
  return stand_in && url.starts_with("http://") && is_loopback_url(url) ? url : std::string();
}

/// Nobody's name or address; and six bytes each where JSON writes them, so a cookie could overflow.
bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

/// A member that is a string, null or absent; anything else is a broken answer. What nobody could
/// show is as good as absent.
bool read_optional(const Json& body, std::string_view key, std::optional<std::string>& into) {
  const Json* member = find_member(body, key);
  if (member == nullptr || member->is_null()) return true;
  if (!member->is_string()) return false;
  const auto& text = member->get_ref<const std::string&>();
  if (text.size() <= kTextMax * 4 && !holds_control(text)) into = text;
  return true;
}

/// nullopt: it is absent or not a boolean.
std::optional<bool> find_flag(const Json& body, std::string_view key) {
  const Json* member = find_member(body, key);
  if (member == nullptr || !member->is_boolean()) return std::nullopt;
  return member->get<bool>();
}

/// The seconds in a header; nullopt: it is absent or not a number.
std::optional<std::int64_t> read_seconds(const UpstreamReply& reply, std::string_view name) {
  const std::string* text = find_header(reply.headers, name);
  return text == nullptr ? std::nullopt : read_number(*text);
}

}  // namespace

Result<GrantedToken> read_token_reply(const UpstreamReply& reply) {
  Result<GrantedToken> granted = read_token(reply);
  // A code minted for another callback is, to the visitor, a code that does not work here.
  if (!granted && granted.error() == Error::kRedirectUriMismatch) return Error::kCodeRejected;
  return granted;
}

Result<Done> read_probe_reply(const UpstreamReply& reply) {
  const Result<GrantedToken> granted = read_token(reply);
  if (granted) return Error::kUpstreamInvalid;  // nobody grants a code that never was
  if (granted.error() == Error::kCodeRejected) return Done{};
  return granted.error();
}

bool covers_scope(std::string_view granted, std::string_view required) {
  const std::vector<std::string_view> scopes = split(required, ' ');
  return std::all_of(scopes.begin(), scopes.end(), [granted](std::string_view scope) {
    return scope.empty() || is_granted(granted, scope);
  });
}

Result<User> read_user_reply(const UpstreamReply& reply, const GithubSettings& github) {
  if (reply.status != 200) return error_of_status(reply);
  const Result<Json> body = read_body(reply);
  if (!body) return Error::kUpstreamInvalid;
  const Json* id = find_member(*body, "id");
  if (id == nullptr || !id->is_number_unsigned()) return Error::kUpstreamInvalid;
  const auto number = id->get<std::uint64_t>();
  if (number < 1 || number > static_cast<std::uint64_t>(kIdMax)) return Error::kUpstreamInvalid;
  const std::string* login = find_string(*body, "login");
  if (login == nullptr || !consists_of(*login, kLoginMax, "-_")) return Error::kUpstreamInvalid;

  User user{.id = static_cast<std::int64_t>(number),
            .login = *login,
            .name = {},
            .avatar_url = {},
            .html_url = {},
            .email = {}};
  std::optional<std::string> avatar_url;
  std::optional<std::string> html_url;
  const bool good =
      read_optional(*body, "name", user.name) && read_optional(*body, "email", user.email) &&
      read_optional(*body, "avatar_url", avatar_url) && read_optional(*body, "html_url", html_url);
  if (!good) return Error::kUpstreamInvalid;
  user.avatar_url = safe_url(avatar_url.value_or(""), github);
  user.html_url = safe_url(html_url.value_or(""), github);
  return user;
}

Result<std::optional<std::string>> read_emails_reply(const UpstreamReply& reply) {
  std::optional<std::string> found;
  const bool may_not_ask = reply.status == 403 || reply.status == 404;
  if (may_not_ask && !is_rate_limited(reply)) return found;
  if (reply.status != 200) return error_of_status(reply);
  const Result<Json> body = read_body(reply);
  if (!body || !body->is_array()) return Error::kUpstreamInvalid;
  for (const Json& entry : *body) {
    const std::optional<bool> primary = find_flag(entry, "primary");
    const std::optional<bool> verified = find_flag(entry, "verified");
    std::optional<std::string> address;
    const bool good = primary && verified && read_optional(entry, "email", address);
    if (!good) return Error::kUpstreamInvalid;
    if (*primary && *verified) found = address;
  }
  return found;
}

Result<Done> read_revoke_reply(const UpstreamReply& reply) {
  if (reply.status == 204 || reply.status == 404 || reply.status == 422) return Done{};
  if (reply.status == 401) return Error::kProxyMisconfigured;
  return error_of_status(reply);
}

int read_retry_after(const UpstreamReply& reply, std::int64_t now) {
  std::optional<std::int64_t> seconds = read_seconds(reply, "retry-after");
  const std::optional<std::int64_t> reset = read_seconds(reply, "x-ratelimit-reset");
  if (!seconds && reset) seconds = *reset - std::min(*reset, now);
  return static_cast<int>(std::clamp<std::int64_t>(seconds.value_or(kRetryUnknown), 1, kRetryMax));
}

}  // namespace portero
