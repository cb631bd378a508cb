// Every instrument, made once: an event finds its counter in an array by the event's number, so
// that counting neither allocates nor looks a label up.
#include "proxy/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <atomic>
#include <locale>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

namespace portero {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

constexpr std::size_t kErrors = 64;  // those with an HTTP status; the rest are the page's own
constexpr std::array kLanes = {"loop", "login"};  // by Lane
constexpr std::array kClasses = {"2xx", "3xx", "4xx", "5xx"};
// By GithubCall.
constexpr std::array kCalls = {"token",        "user", "emails",    "revoke",
                               "organization", "team", "repository"};
// The reasons for which a session that came, or did not, signs nobody in; after kOpened.
constexpr std::array kNoSessionReasons = {"none",       "invalid", "expired", "signed_out",
                                          "not_before", "proof",   "nonce"};
constexpr std::array kCheckResults = {"allowed", "no_session", "too_old", "no_rule",
                                      "hidden"};  // by CheckResult
constexpr double kNanosecond = 1e-9;

/// Seconds. The last is the budget of a login (8 s).
Histogram::BucketBoundaries latency_buckets() {
  return {0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 8};
}

Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& gauges(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

template <std::size_t size>
std::array<Counter*, size> label_counters(Family<Counter>& family, const char* label,
                                          const std::array<const char*, size>& values) {
  std::array<Counter*, size> made{};
  for (std::size_t i = 0; i < size; ++i) made.at(i) = &family.Add({{label, values.at(i)}});
  return made;
}

/// One counter for each error that an answer can name.
std::array<Counter*, kErrors> error_counters(Family<Counter>& family, const char* label) {
  std::array<Counter*, kErrors> made{};
  for (const Error error : all_errors()) {
    if (http_status(error) == 0) continue;
    made.at(static_cast<std::size_t>(error)) = &family.Add({{label, std::string(name(error))}});
  }
  return made;
}

void count(const std::array<Counter*, kErrors>& by_error, Error error) {
  const auto at = static_cast<std::size_t>(error);
  if (at < kErrors && by_error.at(at) != nullptr) by_error.at(at)->Increment();
}

std::size_t class_index(int status) {
  if (status < 300) return 0;
  return status < 400 ? 1 : status < 500 ? 2 : 3;
}

std::string result_name(const Result<UpstreamReply>& reply) {
  return reply ? kClasses.at(class_index(reply->status)) : std::string(name(reply.error()));
}

std::array<std::array<Counter*, kClasses.size()>, kLanes.size()> answer_counters(
    Family<Counter>& family) {
  std::array<std::array<Counter*, kClasses.size()>, kLanes.size()> made{};
  for (std::size_t lane = 0; lane < kLanes.size(); ++lane) {
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
      made.at(lane).at(i) = &family.Add({{"lane", kLanes.at(lane)}, {"class", kClasses.at(i)}});
    }
  }
  return made;
}

/// Of the one lane that has a queue.
Gauge& lane_gauge(Registry& registry, const char* name, const char* help) {
  return gauges(registry, name, help).Add({{"lane", "login"}});
}

}  // namespace

struct CheckCounters {
  std::array<Counter*, kCheckResults.size()> by_result{};
};

struct Metrics::Instruments {
  Registry registry;

  Family<Counter>& logins = counters(registry, "portero_logins_total", "Sign-ins that ended.");
  Counter& logins_succeeded = logins.Add({{"outcome", "succeeded"}});
  const std::array<Counter*, kErrors> logins_refused = error_counters(logins, "outcome");

  Family<Histogram>& upstream = prometheus::BuildHistogram()
                                    .Name("portero_upstream_seconds")
                                    .Help("Calls to GitHub: how long each took.")
                                    .Register(registry);
  Counter& revocations_failed =
      counters(registry, "portero_revocations_failed_total",
               "Tokens GitHub would not revoke; each lives until GitHub expires it.")
          .Add({});

  Counter& sessions_opened = counters(registry, "portero_sessions_opened_total",
                                      "Requests whose session was open and valid.")
                                 .Add({});
  const std::array<Counter*, kNoSessionReasons.size()> sessions_refused =
      label_counters(counters(registry, "portero_sessions_refused_total",
                              "Requests that came without a session that holds."),
                     "reason", kNoSessionReasons);

  Family<Counter>& checks =
      counters(registry, "portero_checks_total", "Checks of a policy, by how they ended.");
  std::mutex checks_mutex;
  std::map<std::string, CheckCounters, std::less<>> checks_by_policy;
  Counter& groups_cut =
      counters(registry, "portero_check_groups_cut_total",
               "Checks whose answer named only some of the person's groups, for its size.")
          .Add({});
  std::atomic<bool> was_cut = false;

  Family<Counter>& refusals = counters(registry, "portero_gate_refusals_total",
                                       "Requests and connections refused before any lane.");
  const std::array<Counter*, kErrors> gate_refused = error_counters(refusals, "reason");
  Counter& per_address = refusals.Add({{"reason", "connections_per_address"}});

  const std::array<std::array<Counter*, kClasses.size()>, kLanes.size()> answers = answer_counters(
      counters(registry, "portero_answers_total", "Answers by who made them and status class."));

  Gauge& queued = lane_gauge(registry, "portero_lane_jobs_queued", "Sign-ins waiting for a place.");
  Gauge& running = lane_gauge(registry, "portero_lane_jobs_running",
                              "Sign-ins under way, their revocations included.");

  Gauge& connections =
      gauges(registry, "portero_connections_open", "Visitors' connections.").Add({});
  Counter& accepted = counters(registry, "portero_connections_accepted_total",
                               "Connections accepted since the start.")
                          .Add({});

  Gauge& keys = gauges(registry, "portero_session_keys", "Keys in the session-keys file.").Add({});
  Gauge& sealing_key = gauges(registry, "portero_sealing_key_start_timestamp_seconds",
                              "When the key that seals now began to (seal_from); 0: none seals.")
                           .Add({});

  const std::array<Counter*, 2> reloads = label_counters<2>(
      counters(registry, "portero_reloads_total", "Settings and keys read again."), "result",
      {"refused", "ok"});
  Counter& suppressed = counters(registry, "portero_log_lines_suppressed_total",
                                 "Log lines held back because too many of their kind came.")
                            .Add({});
  Counter& lost = counters(registry, "portero_log_lines_lost_total",
                           "Log lines that standard error would not take.")
                      .Add({});

  explicit Instruments(std::string_view version) {
    if (!version.empty()) {
      gauges(registry, "portero_build_info", "Which portero this is; always 1.")
          .Add({{"version", std::string(version)}})
          .Set(1);
    }
    // A result's histogram is made when it first happens; a good one's is there from the start.
    for (const char* call : kCalls) latency(call, "2xx");
  }

  Histogram& latency(const char* call, const std::string& result) {
    return upstream.Add({{"call", call}, {"result", result}}, latency_buckets());
  }
};

Metrics::Metrics(std::string_view version) : all_(std::make_unique<Instruments>(version)) {}
Metrics::~Metrics() = default;

void Metrics::login_ended(std::optional<Error> refused) {
  if (!refused) return all_->logins_succeeded.Increment();
  count(all_->logins_refused, *refused);
}

void Metrics::upstream_called(GithubCall call, const Result<UpstreamReply>& reply,
                              std::chrono::nanoseconds took) {
  const char* called = kCalls.at(static_cast<std::size_t>(call));
  all_->latency(called, result_name(reply))
      .Observe(static_cast<double>(took.count()) * kNanosecond);
}

void Metrics::revocation_failed() { all_->revocations_failed.Increment(); }

void Metrics::session_checked(SessionFound found) {
  if (found == SessionFound::kOpened) return all_->sessions_opened.Increment();
  all_->sessions_refused.at(static_cast<std::size_t>(found) - 1)->Increment();
}

CheckCounters& Metrics::checks_of(std::string_view policy) {
  const std::scoped_lock lock(all_->checks_mutex);
  const auto [at, is_new] = all_->checks_by_policy.try_emplace(std::string(policy));
  if (!is_new) return at->second;
  for (std::size_t i = 0; i < kCheckResults.size(); ++i) {
    at->second.by_result.at(i) =
        &all_->checks.Add({{"policy", at->first}, {"result", kCheckResults.at(i)}});
  }
  return at->second;
}

void Metrics::policy_checked(const Checked& check) {
  check.counters->by_result.at(static_cast<std::size_t>(check.result))->Increment();
}

bool Metrics::groups_cut() {
  all_->groups_cut.Increment();
  return !all_->was_cut.exchange(true);
}

void Metrics::gate_refused(Error reason) { count(all_->gate_refused, reason); }

void Metrics::gate_refused(GateRefusal /*reason*/) { all_->per_address.Increment(); }

void Metrics::answered(Lane lane, int status) {
  all_->answers.at(static_cast<std::size_t>(lane)).at(class_index(status))->Increment();
}

void Metrics::connection_accepted() { all_->accepted.Increment(); }

void Metrics::reloaded(bool ok) { all_->reloads.at(ok ? 1 : 0)->Increment(); }

void Metrics::lines_suppressed(std::uint64_t n) {
  all_->suppressed.Increment(static_cast<double>(n));
}

void Metrics::lines_lost(std::uint64_t n) { all_->lost.Increment(static_cast<double>(n)); }

void Metrics::set_login_lane(const LaneLevel& level) {
  all_->queued.Set(static_cast<double>(level.queued));
  all_->running.Set(static_cast<double>(level.running));
}

void Metrics::set_connections(std::size_t open) {
  all_->connections.Set(static_cast<double>(open));
}

void Metrics::set_keys(std::size_t count, std::int64_t seal_from) {
  all_->keys.Set(static_cast<double>(count));
  all_->sealing_key.Set(static_cast<double>(seal_from));
}

std::string Metrics::text() const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  prometheus::TextSerializer().Serialize(out, all_->registry.Collect());
  return out.str();
}

}  // namespace portero
