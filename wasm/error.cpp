// The names and statuses of the errors, one line each. What people read is in error_text.cpp, so
// that portero.wasm does not carry it.
#include "wasm/error.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace portero {
namespace {

struct Row {
  Error error;
  std::uint16_t status;  // 0: the page's own
  std::string_view name;
};

constexpr std::array kRows = {
    Row{Error::kBadRequest, 400, "bad_request"},
    Row{Error::kBadJson, 400, "bad_json"},
    Row{Error::kCodeRejected, 400, "code_rejected"},
    Row{Error::kNoSession, 401, "no_session"},
    Row{Error::kSessionExpired, 401, "session_expired"},
    Row{Error::kUseDpopNonce, 401, "use_dpop_nonce"},
    Row{Error::kEmailUnverified, 403, "email_unverified"},
    Row{Error::kOriginRefused, 403, "origin_refused"},
    Row{Error::kHeaderMissing, 403, "header_missing"},
    Row{Error::kScopeMissing, 403, "scope_missing"},
    Row{Error::kNotFound, 404, "not_found"},
    Row{Error::kMethodNotAllowed, 405, "method_not_allowed"},
    Row{Error::kRequestTimeout, 408, "request_timeout"},
    Row{Error::kTooLarge, 413, "too_large"},
    Row{Error::kUnsupportedMediaType, 415, "unsupported_media_type"},
    Row{Error::kRateLimited, 429, "rate_limited"},
    Row{Error::kHeadersTooLarge, 431, "headers_too_large"},
    Row{Error::kInternal, 500, "internal"},
    Row{Error::kSessionTooLarge, 500, "session_too_large"},
    Row{Error::kProxyMisconfigured, 502, "proxy_misconfigured"},
    Row{Error::kUpstreamInvalid, 502, "upstream_invalid"},
    Row{Error::kUpstreamRefused, 502, "upstream_refused"},
    Row{Error::kUpstreamTls, 502, "upstream_tls"},
    Row{Error::kUpstreamRateLimited, 503, "upstream_rate_limited"},
    Row{Error::kOverloaded, 503, "overloaded"},
    Row{Error::kUpstreamUnreachable, 504, "upstream_unreachable"},
    Row{Error::kUpstreamTimeout, 504, "upstream_timeout"},
    Row{Error::kCrossSiteOff, 403, "cross_site_off"},
    Row{Error::kNotAllowed, 403, "not_allowed"},
    Row{Error::kTooOld, 401, "too_old"},
    Row{Error::kStateUnknown, 0, "state_unknown"},
    Row{Error::kStateMismatch, 0, "state_mismatch"},
    Row{Error::kCallbackExpired, 0, "callback_expired"},
    Row{Error::kIssuerMismatch, 0, "issuer_mismatch"},
    Row{Error::kDuplicateParameter, 0, "duplicate_parameter"},
    Row{Error::kAccessDenied, 0, "access_denied"},
    Row{Error::kAppSuspended, 0, "app_suspended"},
    Row{Error::kRedirectUriMismatch, 0, "redirect_uri_mismatch"},
    Row{Error::kStorageBlocked, 0, "storage_blocked"},
    Row{Error::kInsecurePage, 0, "insecure_page"},
    Row{Error::kOffline, 0, "offline"},
    Row{Error::kProxyUnreachable, 0, "proxy_unreachable"},
    Row{Error::kCoreUnavailable, 0, "core_unavailable"},
    Row{Error::kProxyConflict, 0, "proxy_conflict"},
    Row{Error::kCallbackLost, 0, "callback_lost"},
    Row{Error::kProxyTimeout, 0, "proxy_timeout"},
    Row{Error::kProxyInvalid, 0, "proxy_invalid"},
    Row{Error::kCallBlocked, 0, "call_blocked"},
    Row{Error::kLocalNetworkDenied, 0, "local_network_denied"},
    Row{Error::kBrowserUnsupported, 0, "browser_unsupported"},
    Row{Error::kOptionInvalid, 0, "option_invalid"},
    Row{Error::kGateDisagrees, 0, "gate_disagrees"},
};

constexpr bool in_order() {
  for (std::size_t i = 1; i < kRows.size(); ++i) {
    if (kRows[i - 1].error >= kRows[i].error) return false;
  }
  return true;
}
static_assert(in_order(), "rows stand in the order of their numbers");

constexpr std::array<Error, kRows.size()> make_errors() {
  std::array<Error, kRows.size()> errors{};
  for (std::size_t i = 0; i < kRows.size(); ++i) errors[i] = kRows[i].error;
  return errors;
}
constexpr std::array<Error, kRows.size()> kErrors = make_errors();

/// What the calls of portero.wasm refuse with.
constexpr std::array kOfTheModule = {
    Error::kBadRequest,         Error::kCodeRejected,    Error::kTooLarge,
    Error::kProxyMisconfigured, Error::kUpstreamRefused, Error::kStateUnknown,
    Error::kStateMismatch,      Error::kCallbackExpired, Error::kIssuerMismatch,
    Error::kDuplicateParameter, Error::kAccessDenied,    Error::kAppSuspended,
    Error::kRedirectUriMismatch};

constexpr bool is_of_the_module(Error error) {
  return std::find(kOfTheModule.begin(), kOfTheModule.end(), error) != kOfTheModule.end();
}

/// Their names one after the other, each behind its number and its length: a fraction of what the
/// rows take, and all that portero.wasm carries of them.
constexpr auto kModuleNames = [] {
  constexpr std::size_t kSize = [] {
    std::size_t size = 0;
    for (const Row& row : kRows) {
      if (is_of_the_module(row.error)) size += 2 + row.name.size();
    }
    return size;
  }();
  std::array<char, kSize> names{};
  char* end = names.data();
  for (const Row& row : kRows) {
    if (!is_of_the_module(row.error)) continue;
    *end++ = static_cast<char>(row.error);
    *end++ = static_cast<char>(row.name.size());
    end = std::copy(row.name.begin(), row.name.end(), end);
  }
  return names;
}();

const Row& row_of(Error error) {
  constexpr std::size_t kInternalRow = 17;
  static_assert(kRows[kInternalRow].error == Error::kInternal);
  for (const Row& row : kRows) {
    if (row.error == error) return row;
  }
  return kRows[kInternalRow];
}

}  // namespace

std::string_view name(Error error) { return row_of(error).name; }

std::string_view module_name(Error error) {
  const char* row = kModuleNames.data();
  const char* const end = row + kModuleNames.size();
  while (row != end && static_cast<Error>(row[0]) != error) row += 2 + row[1];
  if (row == end) return {};
  return {row + 2, static_cast<std::size_t>(row[1])};
}

Error error_named(std::string_view name) {
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [name](const Row& r) { return r.name == name; });
  return row == kRows.end() ? Error::kInternal : row->error;
}

std::span<const Error> all_errors() { return kErrors; }

int http_status(Error error) { return row_of(error).status; }

}  // namespace portero
