// START HERE. The names, numbers and structs that the page, the proxy and the tests share.
//
//   page (web/ + portero.wasm)              proxy                          GitHub
//   --------------------------              -----                          ------
//   GET /v1/config, GET /v1/session  ---->  who may call, who is signed in
//   prepare(64 random bytes)
//   SHA-256 of the verifier (WebCrypto)
//   begin(settings, challenge)  --- the browser goes to authorize_url -->  consent page
//   portero.js scrubs the URL   <-- redirect_uri?code&state[&iss] -------
//   finish(callback, pending)
//   POST /v1/session {code, code_verifier}  ---->  POST access_token  ---> token
//                                                  GET /user          ---> who it is
//   201 {user} + sealed session  <---------------
//                                                  DELETE token (revoked, never stored)
//
// Nothing here does anything: for that see authorize.h (the page's half) and proxy/app/respond.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portero {

/// The version in every JSON body of the HTTP API.
inline constexpr int kProtocolVersion = 1;

// Paths of the proxy's HTTP API.
inline constexpr std::string_view kConfigPath = "/v1/config";
inline constexpr std::string_view kSessionPath = "/v1/session";
inline constexpr std::string_view kCheckPath = "/v1/check/{policy}";
inline constexpr std::string_view kHealthPath = "/healthz";
inline constexpr std::string_view kReadyPath = "/readyz";

// GitHub's own, below its web and API addresses.
inline constexpr std::string_view kAuthorizePath = "/login/oauth/authorize";
inline constexpr std::string_view kTokenPath = "/login/oauth/access_token";
inline constexpr std::string_view kUserPath = "/user";
inline constexpr std::string_view kEmailsPath = "/user/emails";

/// A callback is ours if `state` begins with one of these; the second is a popup's.
inline constexpr std::string_view kStatePrefix = "portero.";
inline constexpr std::string_view kPopupStatePrefix = "portero-popup.";

/// Random bytes in a state and in a code_verifier, each; 43 characters in base64url.
inline constexpr std::size_t kSecretBytes = 32;
inline constexpr std::size_t kSecretCharacters = 43;

/// Octets of a SHA-256 digest: the code_challenge before base64url (RFC 7636 §4.2).
inline constexpr std::size_t kChallengeBytes = 32;

/// RFC 7636 §4.1: length of a code_verifier in characters.
inline constexpr std::size_t kVerifierMin = 43;
inline constexpr std::size_t kVerifierMax = 128;

/// Longest authorization code either side accepts, in characters.
inline constexpr std::size_t kCodeMax = 512;

/// Longest callback query read, in bytes.
inline constexpr std::size_t kCallbackMax = 8192;

/// How long after the click a callback is still read, in seconds. (GitHub itself refuses a code
/// after ten minutes.)
inline constexpr std::int64_t kPendingSeconds = 3600;

/// Longest return_to, in bytes.
inline constexpr std::size_t kReturnToMax = 2048;

/// What GET /v1/config says, as far as the sign-in client needs it. Views: the texts are the
/// caller's, as in the next two but Prepared.
struct ClientSettings {
  std::string_view client_id;
  std::string_view authorize_url;
  std::string_view redirect_uri;
  std::string_view scope;  // space separated, may be empty
};

/// What a page may ask of GitHub's consent page. Empty: not sent.
struct AuthorizeOptions {
  std::string_view login;         // suggests an account
  std::string_view prompt;        // "select_account" or empty
  std::string_view allow_signup;  // "true", "false" or empty
};

/// Made before the click from 64 random bytes, used for one click only.
struct Prepared {
  std::string state;          // kStatePrefix + 43 base64url characters
  std::string code_verifier;  // 43 base64url characters (RFC 7636 §4.1)
};

/// What the page keeps between the click and the callback: in sessionStorage, for a popup in
/// memory.
struct Pending {
  std::string_view state;
  std::string_view code_verifier;
  std::string_view issuer;   // RFC 9207; empty when the settings name none
  std::int64_t created = 0;  // seconds since 1970, the page's clock
  bool require_issuer = false;
};

/// The body of POST /v1/session. On the page, only finish() makes one.
struct ExchangeRequest {
  std::string code;
  std::string code_verifier;
};

}  // namespace portero
