// Whether a login may ask GitHub now. Asked before its code is sent: a refusal costs neither a code
// nor a part of the hour's quota. In this order:
//
//   1. GitHub said "not before …" to this client_id     -> kUpstreamRateLimited, the rest of it
//   2. GitHub does not answer (breaker.h)               -> kUpstreamUnreachable, the back-off
//   3. this client_id has had its hour's logins         -> kRateLimited, until one is free
//
// A quarter of the hour's quota is kept for people who were signed in here before. So strangers
// with invented codes cannot lock them out, from however many addresses. Each person may use ten
// logins of it an hour, as many as GitHub itself grants a person, so that one account cannot use it
// up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/token_buckets.h"
#include "proxy/github/breaker.h"
#include "proxy/github/hourly_quota.h"
#include "wasm/error.h"

namespace portero {

/// Any thread: guards itself by a mutex.
class Admission {
 public:
  /// Seconds that never go back, from any start. Called on any thread.
  using Clock = std::function<std::int64_t()>;

  explicit Admission(Clock clock = steady_seconds) : clock_(std::move(clock)) {}

  struct Login {
    std::string_view client_id;  // of the settings: a handful
    std::int64_t subject = 0;    // user id of the authentic session that came with it; 0: none did
    std::size_t per_hour = 0;    // limits.logins_per_hour
  };

  struct Verdict {
    std::optional<Error> refused = {};
    int retry_after = 0;       // seconds, with `refused`
    std::uint64_t number = 0;  // for ended()
  };

  /// Whether this login may ask GitHub now; if so, it is counted in the hour's quota. Refusals are
  /// the three above, each with retry_after.
  [[nodiscard]] Verdict ask(const Login& login);

  /// Tells how the login ended: `error` if it failed. REQUIRES: called once for every ask() that
  /// did not refuse.
  void ended(const Verdict& verdict, std::optional<Error> error);

  /// Refuses logins of this client_id for so many seconds: GitHub's token endpoint asked for that.
  void pause(std::string_view client_id, int seconds);

  [[nodiscard]] static std::int64_t steady_seconds();

 private:
  struct App {
    HourlyQuota sent;
    std::int64_t paused_until = 0;
    std::int64_t warned_at = 0;
  };

  App& app_of(std::string_view client_id);
  int wait_for_quota(const App& app, const Login& login, std::int64_t now);
  void warn(App& app, const Login& login, bool refused, std::int64_t now);

  const Clock clock_;
  std::mutex mutex_;
  Breaker breaker_;
  std::map<std::string, App, std::less<>> apps_;
  TokenBuckets known_people_;
};

}  // namespace portero
