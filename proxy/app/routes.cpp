#include "proxy/app/routes.h"

#include <array>

#include "proxy/app/config.h"
#include "proxy/app/health.h"
#include "proxy/app/policy_check.h"
#include "proxy/app/session.h"
#include "proxy/app/sign_in.h"
#include "proxy/app/sign_out.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr Needs kPage{.page = true};
constexpr Needs kSession{.page = true, .header = true, .proof = Proof::kOfASession};
constexpr Needs kSignIn{.page = true, .header = true, .json = true, .proof = Proof::kAlways};

constexpr std::array<Route, 8> kRoutes = {{
    {"GET", kConfigPath, Lane::kLoop, Listener::kVisitors, kPage, answer_config},
    {"GET", kSessionPath, Lane::kLoop, Listener::kVisitors, kSession, answer_session},
    {"POST", kSessionPath, Lane::kLogin, Listener::kVisitors, kSignIn, nullptr, begin_sign_in},
    {"DELETE", kSessionPath, Lane::kLoop, Listener::kVisitors, kSession, answer_sign_out},
    {"GET", kHealthPath, Lane::kLoop, Listener::kBoth, {}, answer_health},
    {"GET", kReadyPath, Lane::kLoop, Listener::kBoth, {}, answer_ready},
    {"GET", kCheckPath, Lane::kLoop, Listener::kInternal, {}, answer_check},
    {"GET", kMetricsPath, Lane::kLoop, Listener::kInternal, {}, answer_metrics},
}};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace portero
