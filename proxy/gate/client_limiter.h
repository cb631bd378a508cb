// Counts open connections per address (IPv6: /64). Limits sign-ins per client. Memory is bounded by
// the number of connections and by TokenBuckets. Connections of a trusted proxy are counted for
// nobody; a sign-in through it counts for the client that it names. Decides only: opens and closes
// nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proxy/base/addresses.h"
#include "proxy/base/token_buckets.h"
#include "proxy/gate/gate_config.h"

namespace portero {

/// Any thread: guards itself by a mutex, which no request takes but a sign-in.
class ClientLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Adds a connection. False: its address has `connections_per_address` already.
  /// REQUIRES: `id` is new.
  [[nodiscard]] bool admit(std::uint64_t id, std::string_view peer, const GateConfig& config);

  /// Removes a connection; does nothing if it is not there.
  void leave(std::uint64_t id);

  [[nodiscard]] std::size_t inside() const { return inside_; }

  /// Who sent a request (addresses.h). Logs once that an untrusted peer sent X-Forwarded-For.
  [[nodiscard]] RemoteClient recognise(std::string_view peer, std::string_view forwarded_for,
                                       const AddressList& trusted);

  /// 0: the client may sign in now, and this was counted. Else the seconds until it may.
  [[nodiscard]] int wait_for_login(const RemoteClient& client, const Limits& limits, Time now);

 private:
  std::atomic<std::size_t> inside_ = 0;
  std::atomic<bool> warned_ = false;
  std::mutex mutex_;  // guards what follows
  std::unordered_map<std::uint64_t, std::string>
      buckets_;  // of each connection; empty: not counted
  std::map<std::string, std::size_t, std::less<>> inside_by_bucket_;
  TokenBuckets logins_;
};

}  // namespace portero
