#include "proxy/github/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/github/tls.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
/// A handle of libcurl, and when its last POST was answered.
struct Handle {
  Easy easy;
  Clock::time_point posted = Clock::time_point::min();
};
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::size_t kHeadersMax = 64 * 1024;
constexpr std::size_t kHandlesKept = 64;
constexpr const char* kSystemCertificates = "/etc/ssl/certs";
constexpr long kHosts = 2;  // the web and the API: what more a handle kept would lie idle

struct Reading {
  UpstreamReply reply;
  std::size_t header_bytes = 0;
};

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user) {
  std::string& body = static_cast<Reading*>(user)->reply.body;
  if (size * count > kUpstreamBodyMax - body.size()) return 0;  // ends the transfer
  body.append(data, size * count);
  return size * count;
}

std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  const std::string_view line(data, size * count);
  reading.header_bytes += line.size();
  if (reading.header_bytes > kHeadersMax) return 0;
  if (line.starts_with("HTTP/")) reading.reply.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view value = line.substr(colon + 1, line.find_last_not_of("\r\n") - colon);
    reading.reply.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(strip(value))});
  }
  return line.size();
}

/// What is left of a body, and whether libcurl, told no size, learns its end by an empty read.
using Sending = std::pair<std::string_view, bool>;

/// The body of a POST: handed out once. libcurl repeats a request when a kept connection turns out
/// dead; here it is refused the second copy, so what was sent, maybe, is never sent again.
std::size_t on_send(char* to, std::size_t size, std::size_t count, void* user) {
  auto& [left, asks_for_end] = *static_cast<Sending*>(user);
  if (left.empty()) return std::exchange(asks_for_end, false) ? 0 : CURL_READFUNC_ABORT;
  const std::size_t taken = std::min(left.size(), size * count);
  left.copy(to, taken);
  left.remove_prefix(taken);
  return taken;
}

int on_rewind(void* /*user*/, curl_off_t /*offset*/, int /*origin*/) { return CURL_SEEKFUNC_FAIL; }

CURLcode on_tls(CURL* /*easy*/, void* ssl_ctx, void* host) {
  const bool set = set_strict_tls(ssl_ctx, *static_cast<const std::string*>(host));
  return set ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

Error error_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND:     // a kept connection ended under a POST
    case CURLE_ABORTED_BY_CALLBACK:  // likewise, before any of the body had left
      return Error::kUpstreamUnreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return Error::kUpstreamTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
      return Error::kUpstreamTls;
    default:
      return Error::kUpstreamInvalid;
  }
}

/// libcurl's sentence for the code holds nothing of the call: no URL, no byte of an answer.
/// `verify` is OpenSSL's number of what is wrong with the certificate (18: self-signed), 0 for
/// nothing.
Error report(CURL* easy, CURLcode code) {
  const Error error = error_of(code);
  long verify = 0;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verify);
  log_limited(Level::kWarning, "upstream_failed",
              {{"reason", std::string(name(error))},
               {"why", curl_easy_strerror(code)},
               {"verify", std::to_string(verify)}});
  return error;
}

List make_list(const std::vector<Header>& headers) {
  List list(curl_slist_append(nullptr, "Expect:"), &curl_slist_free_all);  // never 100-continue
  for (const Header& header : headers) {
    const std::string line = header.name + ": " + header.value;
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return {nullptr, &curl_slist_free_all};
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

/// REQUIRES: `sending` is the body of `request`, and both outlive the transfer.
void set_request(CURL* easy, const UpstreamRequest& request, Sending& sending) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  const bool loopback = is_loopback_url(request.url);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
  if (request.method == "GET") {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  const auto size = sending.second ? -1 : static_cast<curl_off_t>(request.body.size());
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method != "POST") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    return;
  }
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_send);
  curl_easy_setopt(easy, CURLOPT_READDATA, &sending);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &on_rewind);
}

}  // namespace

/// The handles at rest and what they share: DNS answers and TLS sessions, never connections.
class GithubClient::Pool {
 public:
  Pool(const GithubSettings& settings, const GithubTimes& times)
      : ca_file_(settings.ca_file), times_(times) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    share_ = curl_share_init();
    curl_share_setopt(share_, CURLSHOPT_USERDATA, this);
    curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, &Pool::lock);
    curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &Pool::unlock);
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~Pool() {
    handles_.clear();
    curl_share_cleanup(share_);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] const GithubTimes& times() const { return times_; }

  Handle take() {
    {
      const std::lock_guard guard(mutex_);
      if (!handles_.empty()) {
        Handle handle = std::move(handles_.back());
        handles_.pop_back();
        return handle;
      }
    }
    return {.easy = {curl_easy_init(), &curl_easy_cleanup}};
  }

  void give_back(Handle handle) {
    curl_easy_reset(handle.easy.get());  // keeps connections, drops what was asked
    const std::lock_guard guard(mutex_);
    if (handles_.size() < kHandlesKept) handles_.push_back(std::move(handle));
  }

  void set_common(CURL* easy) const {
    curl_easy_setopt(easy, CURLOPT_SHARE, share_);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, kHosts);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // The bundle costs 45 ms and 1 MB a handle; the hashed directory is read as needed.
    const bool own = !ca_file_.empty();
    curl_easy_setopt(easy, CURLOPT_CAINFO, own ? ca_file_.c_str() : nullptr);
    curl_easy_setopt(easy, CURLOPT_CAPATH, own ? nullptr : kSystemCertificates);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  }

 private:
  static void lock(CURL* /*easy*/, curl_lock_data data, curl_lock_access /*access*/, void* user) {
    static_cast<Pool*>(user)->locks_.at(data).lock();
  }
  static void unlock(CURL* /*easy*/, curl_lock_data data, void* user) {
    static_cast<Pool*>(user)->locks_.at(data).unlock();
  }

  const std::string ca_file_;
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
    const List headers = make_list(request.headers);
    CURL* easy = handle_.easy.get();
    if (easy == nullptr || !headers) return Error::kInternal;
    Reading reading;
    curl_easy_reset(easy);
    pool_.set_common(easy);
    Sending sending(request.body, find_header(request.headers, "Transfer-Encoding") != nullptr);
    set_request(easy, request, sending);
    std::string host(host_of(request.url));
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &on_tls);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &host);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reading);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &reading);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    const milliseconds connect = std::min(left, pool_.times().connect);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
    const bool post = request.method == "POST";
    const bool fresh = Clock::now() - pool_.times().fresh < handle_.posted;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, post && !fresh ? 1L : 0L);
    const CURLcode code = curl_easy_perform(easy);
    if (code != CURLE_OK) return report(easy, code);
    if (post) handle_.posted = Clock::now();
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    reading.reply.status = static_cast<int>(status);
    return std::move(reading.reply);
  }

 private:
  Pool& pool_;
  Handle handle_;
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
