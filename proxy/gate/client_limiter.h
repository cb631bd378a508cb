// Who is inside, who may come in, and how often each may sign in. Counts by address (IPv6: /64), in
// memory bounded by the number of connections and by TokenBuckets; a trusted proxy is never
// counted, whoever it speaks for is. Decides only: opens and closes nothing. For the loop's thread.
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

  /// Lets a connection in, resting. False: its address holds `connections_per_address` already.
  /// REQUIRES: `id` is new.
  [[nodiscard]] bool admit(std::uint64_t id, std::string_view peer, const GateConfig& config,
                           Time now);

  /// It is out. One that is not inside: nothing happens.
  void leave(std::uint64_t id);

  [[nodiscard]] std::size_t inside() const { return visitors_.size(); }

  /// Whether it waits for a request to begin.
  void set_resting(std::uint64_t id, bool resting, Time now);

  /// Who has been resting longest, to be asked to leave when there is no room. nullopt: nobody has
  /// for a second or more; so a newcomer has that long to begin, however many come after it.
  [[nodiscard]] std::optional<std::uint64_t> longest_resting(Time now) const;

  /// Who sent a request (addresses.h). That X-Forwarded-For came from a peer that is not trusted is
  /// logged, once.
  [[nodiscard]] RemoteClient recognise(std::string_view peer, std::string_view forwarded_for,
                                       const AddressList& trusted);

  /// 0: it may try to sign in now, which was counted. Else the seconds until it may.
  [[nodiscard]] int wait_for_login(const RemoteClient& client, const Limits& limits, Time now);

 private:
  struct Visitor {
    std::string bucket;       // empty: not counted
    std::uint64_t since = 0;  // key in resting_; 0: is not resting
  };

  std::unordered_map<std::uint64_t, Visitor> visitors_;
  std::map<std::string, std::size_t, std::less<>> inside_by_bucket_;
  struct Rest {
    std::uint64_t id = 0;
    Time began;
  };
  std::map<std::uint64_t, Rest> resting_;  // in the order in which they came to rest
  std::uint64_t last_since_ = 0;
  TokenBuckets logins_;
  bool warned_ = false;
};

}  // namespace portero
