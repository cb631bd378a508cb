#include "proxy/gate/client_limiter.h"

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr auto kShortRest = std::chrono::seconds(1);

}  // namespace

bool ClientLimiter::admit(std::uint64_t id, std::string_view peer, const GateConfig& config,
                          Time now) {
  std::string bucket = find_client(peer, "", config.trusted_proxies).bucket;
  if (!bucket.empty()) {
    std::size_t& count = inside_by_bucket_[bucket];
    if (count >= config.limits.connections_per_address) return false;
    ++count;
  }
  visitors_.emplace(id, Visitor{.bucket = std::move(bucket)});
  set_resting(id, true, now);
  return true;
}

void ClientLimiter::leave(std::uint64_t id) {
  const auto at = visitors_.find(id);
  if (at == visitors_.end()) return;
  resting_.erase(at->second.since);
  const auto counted = inside_by_bucket_.find(at->second.bucket);
  if (counted != inside_by_bucket_.end() && --counted->second == 0) {
    inside_by_bucket_.erase(counted);
  }
  visitors_.erase(at);
}

void ClientLimiter::set_resting(std::uint64_t id, bool resting, Time now) {
  const auto at = visitors_.find(id);
  if (at == visitors_.end()) return;
  std::uint64_t& since = at->second.since;
  resting_.erase(since);
  since = resting ? ++last_since_ : 0;
  if (resting) resting_.emplace(since, Rest{.id = id, .began = now});
}

std::optional<std::uint64_t> ClientLimiter::longest_resting(Time now) const {
  if (resting_.empty()) return std::nullopt;
  const Rest& longest = resting_.begin()->second;
  return now - longest.began < kShortRest ? std::nullopt : std::optional(longest.id);
}

RemoteClient ClientLimiter::recognise(std::string_view peer, std::string_view forwarded_for,
                                      const AddressList& trusted) {
  if (!warned_ && !forwarded_for.empty() && !trusted.contains_peer(peer)) {
    warned_ = true;
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
  return logins_.take(client.bucket, rate,
                      std::chrono::duration_cast<milliseconds>(now.time_since_epoch()));
}

}  // namespace portero
