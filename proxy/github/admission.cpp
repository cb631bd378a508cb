#include "proxy/github/admission.h"

#include <algorithm>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr Rate kKnownPerson = {.burst = 10, .interval = std::chrono::minutes(6)};
constexpr std::size_t kKeptPart = 4;  // one in four
constexpr std::int64_t kHour = 3600;

/// 1,500 of 1,900, or as much of another cap.
bool is_near(std::size_t sent, std::size_t cap) { return sent * 19 >= cap * 15; }

bool is_silence(std::optional<Error> error) {
  return error == Error::kUpstreamTimeout || error == Error::kUpstreamTls;
}

}  // namespace

std::int64_t Admission::steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

Admission::Verdict Admission::ask(const Login& login) {
  const std::int64_t now = clock_();
  const std::scoped_lock lock(mutex_);
  App& app = app_of(login.client_id);
  if (now < app.paused_until) {
    return {Error::kUpstreamRateLimited, static_cast<int>(app.paused_until - now)};
  }
  const int silent = breaker_.wait(now);
  if (silent > 0) return {Error::kUpstreamUnreachable, silent};
  const int spent = wait_for_quota(app, login, now);
  if (spent == 0) app.sent.add(now);
  warn(app, login, spent > 0, now);
  if (spent > 0) return {Error::kRateLimited, spent};
  return {.number = breaker_.begin(now)};
}

void Admission::ended(const Verdict& verdict, std::optional<Error> error) {
  const std::int64_t now = clock_();
  const std::scoped_lock lock(mutex_);
  const bool changed = error == Error::kUpstreamUnreachable
                           ? breaker_.end_lost(verdict.number, now)
                           : breaker_.end(verdict.number, !is_silence(error), now);
  if (!changed) return;
  if (breaker_.is_open()) {
    log_event(Level::kError, "github_gone",
              {{"reason", std::string(name(*error))},
               {"fix", "logins are refused at once until it is back; `portero check` says more"}});
  } else {
    log_event(Level::kInfo, "github_back");
  }
}

void Admission::pause(std::string_view client_id, int seconds) {
  const std::int64_t now = clock_();
  const std::scoped_lock lock(mutex_);
  App& app = app_of(client_id);
  app.paused_until = std::max(app.paused_until, now + seconds);
  log_event(Level::kWarning, "github_rate_limit",
            {{"client_id", std::string(client_id)}, {"seconds", std::to_string(seconds)}});
}

Admission::App& Admission::app_of(std::string_view client_id) {
  const auto at = apps_.find(client_id);
  return at == apps_.end() ? apps_[std::string(client_id)] : at->second;
}

int Admission::wait_for_quota(const App& app, const Login& login, std::int64_t now) {
  const std::size_t open_to_all = login.per_hour - login.per_hour / kKeptPart;
  const int wait = app.sent.wait(open_to_all, now);
  if (wait == 0 || login.subject == 0) return wait;
  const int whole = app.sent.wait(login.per_hour, now);
  if (whole > 0) return whole;
  return known_people_.take(std::to_string(login.subject), kKnownPerson, std::chrono::seconds(now));
}

/// Once an hour: nobody reads a warning for each login.
void Admission::warn(App& app, const Login& login, bool refused, std::int64_t now) {
  const std::size_t sent = app.sent.count(now);
  if (!refused && !is_near(sent, login.per_hour)) return;
  if (app.warned_at != 0 && now < app.warned_at + kHour) return;
  app.warned_at = now;
  log_event(Level::kWarning, "logins_near_limit",
            {{"client_id", std::string(login.client_id)},
             {"sent", std::to_string(sent)},
             {"limit", std::to_string(login.per_hour)}});
}

}  // namespace portero
