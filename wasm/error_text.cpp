// What people read about an error: the title, and a hint for the person who can fix it. Operators
// read these; visitors read the page's own sentences (web/trouble.js).
#include <algorithm>
#include <array>

#include "wasm/error.h"

namespace portero {
namespace {

struct Text {
  Error error;
  std::string_view title;
  std::string_view hint;
};

constexpr std::array kTexts = {
    Text{Error::kBadRequest, "The request is malformed",
         "Send the call as the HTTP API describes it, without a query."},
    Text{Error::kBadJson, "The body is not the expected JSON",
         "Send one JSON object with the members v, code and code_verifier."},
    Text{Error::kCodeRejected, "The code was not accepted",
         "Start the sign-in again: a code works once, for ten minutes."},
    Text{Error::kNoSession, "There is no session", "Sign in first."},
    Text{Error::kSessionExpired, "The session has expired", "Sign in again."},
    Text{Error::kUseDpopNonce, "The proof carries an old nonce",
         "Take the nonce from /v1/config and repeat the call once."},
    Text{Error::kEmailUnverified, "The GitHub account has no verified e-mail address",
         "Verify an e-mail address at github.com/settings/emails, then sign in again."},
    Text{Error::kOriginRefused, "This origin is not allowed",
         "Add the page's origin to \"origins\" in the settings; behind a reverse proxy, pass Host "
         "on unchanged."},
    Text{Error::kHeaderMissing, "The header X-Portero is missing",
         "Send X-Portero: 1 with every call but /v1/config."},
    Text{Error::kScopeMissing, "GitHub granted less than this page needs",
         "Sign in again and grant all permissions, or ask for fewer in \"scope\"."},
    Text{Error::kNotFound, "There is nothing at this address",
         "Check the path; the HTTP API is under /v1/."},
    Text{Error::kMethodNotAllowed, "This method is not allowed here",
         "Use one of the methods in the header Allow."},
    Text{Error::kRequestTimeout, "The request did not arrive in time",
         "Send the whole request at once."},
    Text{Error::kTooLarge, "The body is too large", "Send only code and code_verifier."},
    Text{Error::kUnsupportedMediaType, "The body is not declared as JSON",
         "Send Content-Type: application/json."},
    Text{Error::kRateLimited, "Too many sign-ins", "Wait as long as Retry-After says."},
    Text{Error::kHeadersTooLarge, "The headers are too large",
         "Send fewer headers; cookies of other programs count, too."},
    Text{Error::kInternal, "Something failed inside the proxy",
         "Look up the request's id in the proxy's log."},
    Text{Error::kSessionTooLarge, "The session does not fit into a cookie",
         "Report this: no user's data should be so long."},
    Text{Error::kProxyMisconfigured, "The proxy's settings do not fit GitHub or the page",
         "Run portero check and read the proxy's log: the client id, the secret, the redirect_uri "
         "or public_url is wrong."},
    Text{Error::kUpstreamInvalid, "GitHub's answer could not be read",
         "Try again; if it persists, check github.url and github.api_url in the settings."},
    Text{Error::kUpstreamRefused, "GitHub refused the call",
         "Try again later; if it persists, see githubstatus.com and the proxy's log."},
    Text{Error::kUpstreamTls, "GitHub's certificate could not be verified",
         "Install ca-certificates, correct the clock, or set github.ca_file."},
    Text{Error::kUpstreamRateLimited, "GitHub asks the proxy to slow down",
         "Wait as long as Retry-After says."},
    Text{Error::kOverloaded, "The proxy is busy", "Try again in a second."},
    Text{Error::kUpstreamUnreachable, "GitHub could not be reached",
         "Check the proxy's network, DNS and firewall; run portero check."},
    Text{Error::kUpstreamTimeout, "GitHub did not answer in time",
         "Try again; if it persists, see githubstatus.com."},
    Text{Error::kCrossSiteOff, "Sign-in from another site is turned off",
         "Set public_url at the proxy and leave cross_site on, or serve both from one site."},
    Text{Error::kNotAllowed, "The policy does not let this person in",
         "Add them to the policy in the settings, or to what it names at GitHub."},
    Text{Error::kTooOld, "The policy wants a newer sign-in", "Sign in again."},
    Text{Error::kStateUnknown, "This browser did not start the sign-in",
         "Start the sign-in again in the browser and tab you want to use."},
    Text{Error::kStateMismatch, "The answer belongs to another sign-in",
         "Start the sign-in again."},
    Text{Error::kCallbackExpired, "The sign-in took too long", "Start the sign-in again."},
    Text{Error::kIssuerMismatch, "The answer came from another server",
         "Compare github.issuer in the settings with the server that was asked."},
    Text{Error::kDuplicateParameter, "The answer holds a parameter twice",
         "Start the sign-in again."},
    Text{Error::kAccessDenied, "The sign-in was cancelled",
         "Start the sign-in again and choose Authorize."},
    Text{Error::kAppSuspended, "GitHub has suspended this app",
         "The app's owner finds the reason in its settings at GitHub."},
    Text{
        Error::kRedirectUriMismatch, "The callback address is not registered",
        "Register the origin's redirect_uri, byte for byte, as callback URL of the app at GitHub."},
    Text{Error::kStorageBlocked, "The browser blocks this page's storage",
         "Allow site data for this page."},
    Text{Error::kInsecurePage, "This page is not served over HTTPS",
         "Serve the page over https, or from localhost."},
    Text{Error::kOffline, "The browser is offline", "Connect to the network and try again."},
    Text{Error::kProxyUnreachable, "The proxy could not be reached",
         "Check that the proxy runs at the address the page names."},
    Text{Error::kCoreUnavailable, "The WebAssembly module could not be loaded",
         "Upload portero.wasm beside the page and allow 'wasm-unsafe-eval' in its CSP."},
    Text{Error::kProxyConflict, "The page names another proxy than the sign-in used",
         "Start the sign-in again; every element of the page must name the same proxy."},
    Text{Error::kCallbackLost, "GitHub's answer did not reach the page",
         "Register the address that the host answers without a redirect, as the page's hint says."},
    Text{Error::kProxyTimeout, "The proxy did not answer in time",
         "Check that the proxy runs behind what listens at its address."},
    Text{Error::kProxyInvalid, "What answers at the proxy's address is not the proxy",
         "Name the proxy's own address in the page, with https:// and without a redirect."},
    Text{Error::kCallBlocked, "The page may not call the proxy",
         "Add the proxy to connect-src of the page's policy, and give it an https:// address."},
    Text{Error::kLocalNetworkDenied, "The browser keeps the page from the local network",
         "Allow the page access to the local network, or give the proxy a public address."},
    Text{Error::kBrowserUnsupported, "The browser lacks what signing in needs",
         "Use a newer browser; the page's hint names what is missing."},
    Text{Error::kOptionInvalid, "An option of the sign-in is wrong",
         "Correct the option that the page's hint names."},
    Text{Error::kGateDisagrees, "The gate refuses a session that the proxy has just made",
         "Give the proxy that the gate asks the same keys, origin and clock, and pass on its "
         "Cookie."},
};

const Text* text_of(Error error) {
  const auto text = std::find_if(kTexts.begin(), kTexts.end(),
                                 [error](const Text& t) { return t.error == error; });
  return text == kTexts.end() ? nullptr : &*text;
}

}  // namespace

std::string_view title(Error error) {
  const Text* const text = text_of(error);
  return text == nullptr ? name(error) : text->title;
}

std::string_view hint(Error error) {
  const Text* const text = text_of(error);
  return text == nullptr ? name(error) : text->hint;
}

}  // namespace portero
