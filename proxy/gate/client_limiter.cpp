#include "proxy/gate/client_limiter.h"

#include <utility>

#include "proxy/telemetry/log.h"

namespace portero {

bool ClientLimiter::admit(std::uint64_t id, std::string_view peer, const GateConfig& config) {
  std::string bucket = find_client(peer, "", config.trusted_proxies).bucket;
  const std::scoped_lock lock(mutex_);
  if (!bucket.empty()) {
    std::size_t& count = inside_by_bucket_[bucket];
    if (count >= config.limits.connections_per_address) return false;
    ++count;
  }
  buckets_.emplace(id, std::move(bucket));
  ++inside_;
  return true;
}

void ClientLimiter::leave(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto at = buckets_.find(id);
  if (at == buckets_.end()) return;
  const auto counted = inside_by_bucket_.find(at->second);
  if (counted != inside_by_bucket_.end() && --counted->second == 0) {
    inside_by_bucket_.erase(counted);
  }
  buckets_.erase(at);
  --inside_;
}

RemoteClient ClientLimiter::recognise(std::string_view peer, std::string_view forwarded_for,
                                      const AddressList& trusted) {
  if (!warned_ && !forwarded_for.empty() && !trusted.contains_peer(peer) &&
      !warned_.exchange(true)) {
    log_event(Level::kWarning, "forwarded_for_ignored",
              {{"peer", std::string(peer)},
               {"fix", "if that is your own proxy, name it in `trusted_proxies`; logged once"}});
  }
  return find_client(peer, forwarded_for, trusted);
}

int ClientLimiter::wait_for_login(const RemoteClient& client, const Limits& limits, Time now) {
  using std::chrono::milliseconds;
  if (client.bucket.empty()) return 0;
  const auto per_minute = static_cast<std::int64_t>(limits.logins_per_address_minute);
  const Rate rate{.burst = limits.logins_per_address,
                  .interval = milliseconds(std::chrono::minutes(1)) / per_minute};
  const std::scoped_lock lock(mutex_);
  return logins_.take(client.bucket, rate,
                      std::chrono::duration_cast<milliseconds>(now.time_since_epoch()));
}

}  // namespace portero
