#include "wasm/authorize.h"

#include <algorithm>
#include <utility>

#include "wasm/characters.h"
#include "wasm/encoding.h"
#include "wasm/query.h"

namespace portero {
namespace {

using namespace std::string_view_literals;

/// Here and in query.cpp views are arguments by reference, and literals are none, where that makes
/// portero.wasm smaller: clang copies a view that is an argument to the stack, newer ones twice.
bool is(const std::string_view& text, const char* literal) { return text == literal; }

/// `host`, `host:` and `host:port` are told apart from what only begins like them.
bool is_authority(std::string_view authority, bool loopback_only) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5) return false;
    if (!std::all_of(port.begin(), port.end(), is_digit)) return false;
  }
  if (loopback_only) return is(host, "localhost") || is(host, "127.0.0.1") || is(host, "[::1]");
  return !host.empty();
}

void append(std::string& url, const char* name, const std::string_view& value) {
  if (value.empty()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += name;
  url += '=';
  url += percent_encode(value);
}

bool are_options(const AuthorizeOptions& options) {
  const bool prompt = options.prompt.empty() || is(options.prompt, "select_account");
  const bool signup = options.allow_signup.empty() || is(options.allow_signup, "true") ||
                      is(options.allow_signup, "false");
  return prompt && signup;
}

Error refusal(const std::string_view& error) {
  if (is(error, "access_denied")) return Error::kAccessDenied;
  if (is(error, "application_suspended")) return Error::kAppSuspended;
  if (is(error, "redirect_uri_mismatch")) return Error::kRedirectUriMismatch;
  return Error::kUpstreamRefused;
}

bool has_expired(const Pending& pending, std::int64_t now) {
  if (now <= pending.created) return false;
  const auto age = static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(pending.created);
  return age > static_cast<std::uint64_t>(kPendingSeconds);
}

bool is_issuer(const Pending& pending, const std::optional<std::string>& iss) {
  if (!iss) return !pending.require_issuer;
  if (pending.issuer.empty()) return !pending.require_issuer;
  return *iss == pending.issuer;
}

/// Why `begin` makes no URL of these, if it makes none. Apart from it, so that only one place makes
/// a Result of an error: each is several stores in portero.wasm.
std::optional<Error> refusal(const ClientSettings& settings, const AuthorizeOptions& options,
                             const Prepared& prepared) {
  if (settings.client_id.empty()) return Error::kProxyMisconfigured;
  if (!is_web_address(settings.authorize_url)) return Error::kProxyMisconfigured;
  if (settings.authorize_url.find('?') != std::string_view::npos) return Error::kProxyMisconfigured;
  if (!is_web_address(settings.redirect_uri)) return Error::kProxyMisconfigured;
  if (!are_options(options)) return Error::kBadRequest;
  if (!is_state(prepared.state)) return Error::kBadRequest;
  if (!is_code_verifier(prepared.code_verifier)) return Error::kBadRequest;
  return std::nullopt;
}

/// Why `finish` makes no request of this callback, if it makes none.
std::optional<Error> refusal(const Callback& callback, const Pending& pending, std::int64_t now) {
  // A record that lost its state must not match a callback that has none.
  if (!is_state(pending.state) || !callback.state) return Error::kStateMismatch;
  if (!equal_constant_time(*callback.state, pending.state)) return Error::kStateMismatch;
  if (has_expired(pending, now)) return Error::kCallbackExpired;
  if (!is_issuer(pending, callback.iss)) return Error::kIssuerMismatch;
  if (callback.error) return refusal(*callback.error);
  if (!callback.code || !is_code(*callback.code)) return Error::kCodeRejected;
  if (!is_code_verifier(pending.code_verifier)) return Error::kStateUnknown;
  return std::nullopt;
}

}  // namespace

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kCodeMax &&
         std::all_of(text.begin(), text.end(), is_visible);
}

bool is_code_verifier(std::string_view text) {
  return text.size() >= kVerifierMin && text.size() <= kVerifierMax &&
         std::all_of(text.begin(), text.end(), is_unreserved);
}

bool is_state(std::string_view text) {
  const std::string_view prefix =
      text.starts_with(kPopupStatePrefix) ? kPopupStatePrefix : kStatePrefix;
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return text.size() == kSecretCharacters && std::all_of(text.begin(), text.end(), is_base64url);
}

bool is_web_address(const std::string_view& address) {
  std::string_view url = address;
  const bool insecure = url.starts_with("http://"sv);
  if (!insecure && !url.starts_with("https://"sv)) return false;
  if (!std::all_of(url.begin(), url.end(), is_visible)) return false;
  if (url.find('\\') != std::string_view::npos) return false;
  if (url.find('#') != std::string_view::npos) return false;
  url.remove_prefix(insecure ? 7 : 8);
  url = url.substr(0, url.find('?'));
  const std::string_view authority = url.substr(0, url.find('/'));
  return authority.find('@') == std::string_view::npos && is_authority(authority, insecure);
}

Prepared prepare(std::span<const unsigned char, kEntropyBytes> entropy, bool popup) {
  std::string state(popup ? kPopupStatePrefix : kStatePrefix);
  state += base64url_encode(entropy.first<kSecretBytes>());
  return {.state = std::move(state),
          .code_verifier = base64url_encode(entropy.last<kSecretBytes>())};
}

Result<std::string> begin(const ClientSettings& settings, const AuthorizeOptions& options,
                          const Prepared& prepared,
                          std::span<const unsigned char, kChallengeBytes> challenge) {
  if (const auto error = refusal(settings, options, prepared)) return *error;

  std::string url(settings.authorize_url);
  append(url, "client_id", settings.client_id);
  append(url, "redirect_uri", settings.redirect_uri);
  append(url, "scope", settings.scope);
  append(url, "state", prepared.state);
  append(url, "code_challenge", base64url_encode(challenge));
  url += "&code_challenge_method=S256";
  append(url, "login", options.login);
  append(url, "allow_signup", options.allow_signup);
  append(url, "prompt", options.prompt);
  return url;
}

Result<ExchangeRequest> finish(std::string_view query, const Pending& pending, std::int64_t now) {
  Result<Callback> read = read_callback(query);
  if (!read) return read.error();
  Callback& callback = *read;
  if (const auto error = refusal(callback, pending, now)) return *error;
  return ExchangeRequest{.code = *std::move(callback.code),
                         .code_verifier = std::string(pending.code_verifier)};
}

}  // namespace portero
