// Whether a login may ask GitHub now. Asked before its code is spent; what is refused here costs
// neither a code nor a part of the hour's quota. In this order:
//
//   1. GitHub said "not before …" to this client_id     -> kUpstreamRateLimited, the rest of it
//   2. GitHub does not answer (breaker.h)               -> kUpstreamUnreachable, the back-off
//   3. this client_id has had its hour's logins         -> kRateLimited, until one is free
//
// A quarter of the hour is kept for people who were signed in here before, so that strangers with
// invented codes, from however many addresses, do not lock them out; each may have ten from it in
// an hour (as many as GitHub itself grants a person), so that no account of one's own opens it.
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

class Admission {
 public:
  /// Seconds that never go back. Any thread.
  using Clock = std::function<std::int64_t()>;

  explicit Admission(Clock clock = steady_seconds) : clock_(std::move(clock)) {}

  struct Login {
    std::string_view client_id;  // of the settings: a handful
    std::int64_t subject = 0;  // whose authentic session came with it, expired or not; 0: nobody's
    std::size_t per_hour = 0;  // limits.logins_per_hour
  };

  struct Verdict {
    std::optional<Error> refused = {};
    int retry_after = 0;       // seconds, with `refused`
    std::uint64_t number = 0;  // for ended()
  };

  [[nodiscard]] Verdict ask(const Login& login);

  /// How GitHub was found: `error` is what the login ended with, if it failed. REQUIRES: once for
  /// every ask() that refused nothing.
  void ended(const Verdict& verdict, std::optional<Error> error);

  /// GitHub's token endpoint does not want to be asked for this client_id for so many seconds.
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
