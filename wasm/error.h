// Every way a sign-in can fail, each with a fixed number and one name. The page and the proxy share
// these names; nobody repeats them by hand (the module says them, the proxy asks name()).
// Numbers are never reused and new errors are appended to their block: a page of last month may
// talk to a proxy of today.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace portero {

enum class Error : std::uint8_t {
  // What the proxy answers (problem+json, RFC 9457).
  kBadRequest = 1,
  kBadJson = 2,
  kCodeRejected = 3,
  kNoSession = 4,
  kSessionExpired = 5,
  kUseDpopNonce = 6,
  kEmailUnverified = 7,
  kOriginRefused = 8,
  kHeaderMissing = 9,
  kScopeMissing = 10,
  kNotFound = 11,
  kMethodNotAllowed = 12,
  kRequestTimeout = 13,
  kTooLarge = 14,
  kUnsupportedMediaType = 15,
  kRateLimited = 16,
  kHeadersTooLarge = 17,
  kInternal = 18,
  kSessionTooLarge = 19,
  kProxyMisconfigured = 20,
  kUpstreamInvalid = 21,
  kUpstreamRefused = 22,
  kUpstreamTls = 23,
  kUpstreamRateLimited = 24,
  kOverloaded = 25,
  kUpstreamUnreachable = 26,
  kUpstreamTimeout = 27,
  kCrossSiteOff = 28,
  kNotAllowed = 29,
  kTooOld = 30,
  // What the page finds out by itself.
  kStateUnknown = 64,
  kStateMismatch = 65,
  kCallbackExpired = 66,
  kIssuerMismatch = 67,
  kDuplicateParameter = 68,
  kAccessDenied = 69,
  kAppSuspended = 70,
  kRedirectUriMismatch = 71,
  kStorageBlocked = 72,
  kInsecurePage = 73,
  kOffline = 74,
  kProxyUnreachable = 75,
  kCoreUnavailable = 76,
  kProxyConflict = 77,
  kCallbackLost = 78,
  kProxyTimeout = 79,
  kProxyInvalid = 80,
  kCallBlocked = 81,
  kLocalNetworkDenied = 82,
  kBrowserUnsupported = 83,
  kOptionInvalid = 84,
  kGateDisagrees = 85,
};

/// The stable name, for machines: "code_rejected". Never empty.
[[nodiscard]] std::string_view name(Error error);

/// The same for an error that a call of portero.wasm refuses with; empty for any other. Kept apart,
/// so that the module carries no name that it never says.
[[nodiscard]] std::string_view module_name(Error error);

/// The Error of a name; kInternal when no error is called that.
[[nodiscard]] Error error_named(std::string_view name);

/// Every error there is, in the order of its number.
[[nodiscard]] std::span<const Error> all_errors();

/// The HTTP status of an error the proxy answers, 400-599; 0 for those of the page.
[[nodiscard]] int http_status(Error error);

/// A short title for people: "The code was not accepted". Constant per error (RFC 9457 §3.1.3).
[[nodiscard]] std::string_view title(Error error);

/// One sentence for the person who can fix it: what to do next. Never an echo of input.
[[nodiscard]] std::string_view hint(Error error);

}  // namespace portero
