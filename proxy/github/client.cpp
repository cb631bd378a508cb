#include "proxy/github/client.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "proxy/github/libcurl.h"
#include "proxy/github/transfer.h"

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kHandlesKept = 64;
constexpr long kHosts = 2;  // the web and the API: what more a handle kept would lie idle

}  // namespace

/// The handles at rest and what they share: DNS answers and TLS sessions, never connections.
class GithubClient::Pool {
 public:
  /// One of libcurl, and when its last POST was answered.
  struct Handle {
    std::unique_ptr<CURL, decltype(Libcurl::easy_cleanup)> easy;
    Clock::time_point posted = Clock::time_point::min();
  };

  Pool(const GithubSettings& settings, const GithubTimes& times)
      : settings_(settings), times_(times) {
    share_ = libcurl().share_init();
    libcurl().share_setopt(share_, CURLSHOPT_USERDATA, this);
    libcurl().share_setopt(share_, CURLSHOPT_LOCKFUNC, &Pool::lock);
    libcurl().share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &Pool::unlock);
    libcurl().share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    libcurl().share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~Pool() {
    handles_.clear();
    libcurl().share_cleanup(share_);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] const GithubTimes& times() const { return times_; }

  [[nodiscard]] const GithubSettings& settings() const { return settings_; }

  Handle take() {
    {
      const std::lock_guard guard(mutex_);
      if (!handles_.empty()) {
        Handle handle = std::move(handles_.back());
        handles_.pop_back();
        return handle;
      }
    }
    return make();
  }

  static Handle make() { return {.easy = {libcurl().easy_init(), libcurl().easy_cleanup}}; }

  void give_back(Handle handle) {
    libcurl().easy_reset(handle.easy.get());  // keeps connections, drops what was asked
    const std::lock_guard guard(mutex_);
    if (handles_.size() < kHandlesKept) handles_.push_back(std::move(handle));
  }

  void set_common(CURL* easy) const {
    libcurl().easy_setopt(easy, CURLOPT_SHARE, share_);
    libcurl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    libcurl().easy_setopt(easy, CURLOPT_MAXCONNECTS, kHosts);
    libcurl().easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  }

 private:
  static void lock(CURL* /*easy*/, curl_lock_data data, curl_lock_access /*access*/, void* user) {
    static_cast<Pool*>(user)->locks_.at(data).lock();
  }
  static void unlock(CURL* /*easy*/, curl_lock_data data, void* user) {
    static_cast<Pool*>(user)->locks_.at(data).unlock();
  }

  const GithubSettings settings_;
  const GithubTimes times_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> locks_;
  std::mutex mutex_;
  std::vector<Handle> handles_;
  CURLSH* share_ = nullptr;
};

namespace {

template <typename Pool>
class Conversation {
 public:
  explicit Conversation(Pool& pool)
      : pool_(pool), handle_(pool.take()), end_(Clock::now() + pool.times().login) {}
  ~Conversation() {
    if (handle_.easy) pool_.give_back(std::move(handle_));
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  Result<UpstreamReply> fetch(const UpstreamRequest& request) {
    if (request.method == "DELETE" && !revoking_) {
      revoking_ = true;
      end_ = Clock::now() + pool_.times().revocation;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - Clock::now());
    if (left <= milliseconds(0)) return Error::kUpstreamTimeout;
    CURL* easy = handle_.easy.get();
    if (easy == nullptr) return Error::kInternal;
    libcurl().easy_reset(easy);
    pool_.set_common(easy);
    Transfer transfer(easy, pool_.settings(), request);
    libcurl().easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    const milliseconds connect = std::min(left, pool_.times().connect);
    libcurl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
    const bool post = request.method == "POST";
    const bool fresh = Clock::now() - pool_.times().fresh < handle_.posted;
    libcurl().easy_setopt(easy, CURLOPT_FRESH_CONNECT, post && !fresh ? 1L : 0L);
    Result<UpstreamReply> reply = transfer.perform();
    if (reply && post) handle_.posted = Clock::now();
    // libcurl 8 keeps, beyond a reset, the failure to send a body again (curl issue 18206).
    if (!reply && post) handle_ = Pool::make();
    return reply;
  }

 private:
  Pool& pool_;
  typename Pool::Handle handle_;
  Clock::time_point end_;
  bool revoking_ = false;
};

}  // namespace

GithubClient::GithubClient(const GithubSettings& settings, const GithubTimes& times)
    : pool_(std::make_unique<Pool>(settings, times)) {}
GithubClient::~GithubClient() = default;

Fetch GithubClient::begin_login() {
  auto conversation = std::make_shared<Conversation<Pool>>(*pool_);
  return [conversation](const UpstreamRequest& request) { return conversation->fetch(request); };
}

}  // namespace portero
