// The proxy's heart: respond() turns one request into one answer. No socket, no clock, no thread: a
// test calls it with a lambda for GitHub. The route table is data and the one place that knows
// paths, methods and lanes; the router registers from it and the gate chooses lanes by it.
// Go next to session_calls.h (the four calls), github/exchange.h (what is said to GitHub) and
// session/session.h (what is sealed).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "proxy/github/admission.h"
#include "proxy/base/http.h"
#include "proxy/session/key_ring.h"
#include "proxy/session/signed_out.h"
#include "proxy/settings/settings.h"

namespace portero {

/// quick: whatever makes no call to GitHub. login: what does, and so may take seconds. loop: what
/// must be answered even when every worker is busy, and costs nothing.
enum class Lane { kLoop, kQuick, kLogin };

struct Route {
  std::string_view method;  // GET also answers HEAD
  std::string_view path;    // literal; compared with the raw target
  Lane lane = Lane::kQuick;
};

/// Every call the proxy answers, six lines.
[[nodiscard]] std::span<const Route> routes();

/// The methods a known path answers, for `Allow` ("GET, HEAD, POST, DELETE"); empty: no such path.
[[nodiscard]] std::string allowed_methods(std::string_view path);

/// The lane of a request. Unknown ones are quick: refusing them is fast.
[[nodiscard]] Lane lane_of(std::string_view method, std::string_view target);

/// What respond() looks at besides the request. Outlives every call.
struct AppContext {
  const Settings& settings;
  const KeyRing& keys;
  SignedOut& signed_out;  // sessions that were ended here; guards itself
  Admission& admission;   // whether GitHub may be asked now; guards itself
  bool ready = true;      // false while draining: /readyz answers 503
};

/// One request in, one answer out: everything of docs/protocol.md but CORS headers, framing and
/// the common headers, which the gate adds to every answer alike. Never throws.
[[nodiscard]] Answer respond(const Request& request, const AppContext& app, const Fetch& fetch,
                             std::int64_t now_unix_seconds);

}  // namespace portero
