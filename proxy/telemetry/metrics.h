// What is counted, for Prometheus. Methods are named for events; every label has few values, all
// known here: never an origin from the wire, an address or a person. prometheus-cpp's core keeps
// the numbers (its web server is not used); metrics.cpp alone knows it. What each series means to
// an operator: docs/operating.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/base/fetch.h"
#include "proxy/base/route.h"
#include "proxy/telemetry/outcome.h"

namespace portero {

/// Why the gate refused, where no Error says it.
enum class GateRefusal {
  kConnectionsPerAddress,  // closed at accept: its address holds as many as it may
};

/// What the login lane is doing at one moment.
struct LaneLevel {
  std::size_t queued = 0;   // sign-ins waiting
  std::size_t running = 0;  // under way, their revocations included
};

/// Any thread, any method, at any time. An event costs tens of nanoseconds and takes no lock; an
/// upstream call, which takes milliseconds itself, takes one.
class Metrics {
 public:
  /// `version` is shown as portero_build_info; empty: it is not.
  explicit Metrics(std::string_view version = {});
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// A sign-in ended: it succeeded, or `refused` says why not.
  void login_ended(std::optional<Error> refused);
  /// A call to GitHub took so long and brought a status or an error.
  void upstream_called(GithubCall call, const Result<UpstreamReply>& reply,
                       std::chrono::nanoseconds took);
  /// A token could not be revoked: it lives until GitHub expires it.
  void revocation_failed();
  void session_checked(SessionFound found);

  /// The counters of a policy's checks. They live as long as this. Takes a lock: once a snapshot.
  [[nodiscard]] CheckCounters& checks_of(std::string_view policy);
  void policy_checked(const Checked& check);
  /// Groups were left out of an answer. True: for the first time.
  [[nodiscard]] bool groups_cut();

  /// The gate refused a request before any lane had it, or a connection.
  void gate_refused(Error reason);
  void gate_refused(GateRefusal reason);
  /// An answer was handed to a connection; those of the gate itself count for the loop.
  void answered(Lane lane, int status);
  void connection_accepted();

  void reloaded(bool ok);
  void lines_suppressed(std::uint64_t count);  // log lines held back, see log.h
  void lines_lost(std::uint64_t count);        // log lines that standard error did not take

  /// Gauges: set just before text() is read.
  void set_login_lane(const LaneLevel& level);
  void set_connections(std::size_t open);
  /// `seal_from` of the key that seals now, seconds since 1970; 0: no key does.
  void set_keys(std::size_t count, std::int64_t seal_from);

  /// The exposition, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Instruments;
  const std::unique_ptr<Instruments> all_;
};

/// Where the internal listener shows Metrics::text(), and its Content-Type.
inline constexpr std::string_view kMetricsPath = "/metrics";
inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace portero
