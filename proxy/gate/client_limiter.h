// Counts open connections per address (IPv6: /64). Limits sign-ins per client. Memory is bounded by
// the number of connections and by TokenBuckets. Connections of a trusted proxy are counted for
// nobody; a sign-in through it counts for the client that it names. Decides only: opens and closes
// nothing. For the loop's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proxy/base/addresses.h"
#include "proxy/base/token_buckets.h"
#include "proxy/gate/gate_config.h"

namespace portero {

class ClientLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Adds a connection, as idle. False: its address has `connections_per_address` already.
  /// REQUIRES: `id` is new.
  [[nodiscard]] bool admit(std::uint64_t id, std::string_view peer, const GateConfig& config,
                           Time now);

  /// Removes a connection; does nothing if it is not there.
  void leave(std::uint64_t id);

  [[nodiscard]] std::size_t inside() const { return visitors_.size(); }

  /// Notes that a connection began or ceased to be idle, that is, to wait for a request.
  void set_resting(std::uint64_t id, bool resting, Time now);

  /// The connection that has been idle longest, to be closed when there is no room. nullopt: none
  /// has been idle for a second. So each has a second to begin, however many come after it.
  [[nodiscard]] std::optional<std::uint64_t> longest_resting(Time now) const;

  /// Who sent a request (addresses.h). Logs once that an untrusted peer sent X-Forwarded-For.
  [[nodiscard]] RemoteClient recognise(std::string_view peer, std::string_view forwarded_for,
                                       const AddressList& trusted);

  /// 0: the client may sign in now, and this was counted. Else the seconds until it may.
  [[nodiscard]] int wait_for_login(const RemoteClient& client, const Limits& limits, Time now);

 private:
  struct Visitor {
    std::string bucket;       // empty: not counted
    std::uint64_t since = 0;  // key in resting_; 0: is not idle
  };

  std::unordered_map<std::uint64_t, Visitor> visitors_;
  std::map<std::string, std::size_t, std::less<>> inside_by_bucket_;
  struct Rest {
    std::uint64_t id = 0;
    Time began;
  };
  std::map<std::uint64_t, Rest> resting_;  // in the order in which they became idle
  std::uint64_t last_since_ = 0;
  TokenBuckets logins_;
  bool warned_ = false;
};

}  // namespace portero
