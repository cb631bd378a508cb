#include "proxy/github/client.h"

#include <malloc.h>

#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/url.h"
#include "proxy/github/libcurl.h"
#include "proxy/github/transfer.h"

namespace portero {
namespace {

constexpr std::chrono::milliseconds kRetiring(100);

/// Whoever waits is told, also when the call went without a word.
struct Waiting {
  std::promise<Result<UpstreamReply>> reply;
  bool is_given = false;

  Waiting() = default;
  ~Waiting() { give(Error::kInternal); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void give(Result<UpstreamReply> got) {
    if (!std::exchange(is_given, true)) reply.set_value(std::move(got));
  }
};

}  // namespace

/// The connections to each host that was called, and the TLS sessions they share. For the upstream
/// thread.
class GithubClient::Hosts {
 public:
  Hosts(UpstreamThread& thread, const GithubSettings& settings, const GithubTimes& times)
      : thread_(thread), settings_(settings), times_(times) {}
  ~Hosts() {
    pools_.clear();
    worn_.clear();
    if (share_ != nullptr) libcurl().share_cleanup(share_);
  }
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  [[nodiscard]] const GithubTimes& times() const { return times_; }

  void call(UpstreamRequest request, ConnectionPool::Clock::time_point deadline, Then then) {
    if (deadline <= ConnectionPool::Clock::now()) return then(Error::kUpstreamTimeout);
    ConnectionPool& pool = pool_of(request.url);
    auto transfer = std::make_unique<Transfer>(settings_, std::move(request));
    if (!transfer->is_whole()) return then(Error::kInternal);
    set_common(*transfer);
    pool.add(
        std::move(transfer), deadline,
        [then = std::move(then)](Transfer& ended, CURLcode code) { then(ended.finish(code)); });
  }

 private:
  ConnectionPool& pool_of(std::string_view url) {
    const std::string host(origin_of(url));
    std::unique_ptr<ConnectionPool>& pool = pools_[host];
    const bool is_worn = pool != nullptr && pool->is_worn();
    if (is_worn) retire(std::exchange(pool, nullptr));
    if (pool == nullptr) {
      pool = std::make_unique<ConnectionPool>(thread_, times_, settings_.connections, is_worn);
    }
    return *pool;
  }

  /// It ends soon after its last call, and not inside one of them, from where this is called.
  void retire(std::unique_ptr<ConnectionPool> worn) {
    worn_.push_back(std::move(worn));
    if (!retiring_.is_set()) retiring_.set(ConnectionPool::Clock::now() + kRetiring);
  }

  void end_worn() {
    std::erase_if(worn_, [](const auto& pool) { return pool->is_idle(); });
    if (!worn_.empty()) retiring_.set(ConnectionPool::Clock::now() + kRetiring);
  }

  /// One thread, so no locks.
  void set_common(const Transfer& transfer) {
    if (share_ == nullptr) {
      share_ = libcurl().share_init();
      libcurl().share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    }
    transfer.set(CURLOPT_SHARE, share_);
    transfer.set(CURLOPT_NOSIGNAL, 1L);
    transfer.set(CURLOPT_QUICK_EXIT, 1L);
  }

  UpstreamThread& thread_;
  const GithubSettings settings_;
  const GithubTimes times_;
  CURLSH* share_ = nullptr;
  std::map<std::string, std::unique_ptr<ConnectionPool>> pools_;
  std::vector<std::unique_ptr<ConnectionPool>> worn_;  // get no new calls
  UpstreamTimer retiring_{thread_, [this] { end_worn(); }};
};

/// libcurl's handles end on the thread that uses them and never inside their own calls; if that
/// thread has ended, here.
GithubClient::GithubClient(UpstreamThread& thread, const GithubSettings& settings,
                           const GithubTimes& times)
    : thread_(thread), hosts_(new Hosts(thread, settings, times), [&thread](const Hosts* last) {
        static_cast<void>(thread.post([owned = std::shared_ptr<const Hosts>(last)] {}));
      }) {}

void GithubClient::open() {
  static_cast<void>(libcurl());
  ::malloc_trim(0);
}

Fetch GithubClient::begin_login() const {
  struct Budget {
    ConnectionPool::Clock::time_point end;
    bool is_revoking = false;
  };
  const auto budget = std::make_shared<Budget>();
  budget->end = ConnectionPool::Clock::now() + hosts_->times().login;
  return [hosts = hosts_, budget](UpstreamRequest request, Then then) {
    if (request.method == "DELETE" && !std::exchange(budget->is_revoking, true)) {
      budget->end = ConnectionPool::Clock::now() + hosts->times().revocation;
    }
    hosts->call(std::move(request), budget->end, std::move(then));
  };
}

BlockingFetch GithubClient::begin_waiting() const {
  return [this, fetch = begin_login()](const UpstreamRequest& request) -> Result<UpstreamReply> {
    auto waiting = std::make_shared<Waiting>();
    std::future<Result<UpstreamReply>> reply = waiting->reply.get_future();
    // Nothing of it stays here: it is told by the end of the last copy, too.
    Then then = [waiting = std::move(waiting)](Result<UpstreamReply> got) {
      waiting->give(std::move(got));
    };
    auto begin = [fetch, request, then = std::move(then)] { fetch(request, then); };
    if (!thread_.post(std::move(begin))) return Error::kInternal;
    return reply.get();
  };
}

}  // namespace portero
