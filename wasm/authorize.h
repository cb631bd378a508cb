// The page's half of a sign-in: prepare() before the click, begin() at the click, finish() when the
// browser is back (RFC 6749 §4.1, RFC 7636, RFC 9207). Pure: entropy, digest and clock come in as
// arguments. Refuses to send anyone to an address that is not https, and to hand out a code before
// every other check of the callback has passed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wasm/protocol.h"
#include "wasm/result.h"

namespace portero {

/// Random bytes prepare() asks for: one secret for the state, one for the verifier.
inline constexpr std::size_t kEntropyBytes = 2 * kSecretBytes;

/// Whether a text has the form of a code: 1 to kCodeMax visible ASCII characters.
[[nodiscard]] bool is_code(std::string_view text);

/// Whether a text has the form of a code_verifier: RFC 7636 §4.1, 43-128 unreserved characters.
[[nodiscard]] bool is_code_verifier(std::string_view text);

/// Whether a text has the form of a state of ours, popup or not.
[[nodiscard]] bool is_state(std::string_view text);

/// Whether the browser may be sent there: https, or http on `localhost`, `127.0.0.1` or `[::1]`;
/// visible ASCII, no user name, no backslash, no fragment.
[[nodiscard]] bool is_web_address(const std::string_view& address);

/// The secrets of one click. REQUIRES: `entropy` is fresh from a cryptographic generator and is
/// used for nothing else.
[[nodiscard]] Prepared prepare(std::span<const unsigned char, kEntropyBytes> entropy, bool popup);

/// Where to send the browser: the consent page with every parameter, S256 always.
/// REQUIRES: `challenge` is the SHA-256 of `prepared.code_verifier`.
/// Errors: kProxyMisconfigured when the settings name no client_id, or an authorize_url or
/// redirect_uri that is not is_web_address(), or an authorize_url with a query; kBadRequest for an
/// option or a `prepared` that is not of the form protocol.h gives.
[[nodiscard]] Result<std::string> begin(const ClientSettings& settings,
                                        const AuthorizeOptions& options, const Prepared& prepared,
                                        std::span<const unsigned char, kChallengeBytes> challenge);

/// Checks a callback. `now` is in seconds since 1970, by the clock that set `pending.created`.
/// In this order; the first check that fails gives the error:
///   1. the query can be read             read_callback()'s errors
///   2. `state`, in constant time         kStateMismatch
///   3. age at most kPendingSeconds       kCallbackExpired (made in the future counts as age 0)
///   4. `iss` equals pending.issuer       kIssuerMismatch (absent: only if require_issuer)
///   5. no `error`                        kAccessDenied, kAppSuspended, kRedirectUriMismatch,
///                                        kUpstreamRefused for any other
///   6. `code` is_code()                  kCodeRejected
///   7. the record's verifier is whole    kStateUnknown
/// REQUIRES: `pending` has been taken out of the storage, so that it serves once.
[[nodiscard]] Result<ExchangeRequest> finish(std::string_view query, const Pending& pending,
                                             std::int64_t now);

}  // namespace portero
