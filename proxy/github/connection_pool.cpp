#include "proxy/github/connection_pool.h"

#include <malloc.h>
#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "proxy/github/tls.h"

namespace portero {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kCallsCarried = 800;
constexpr std::size_t kStreams = 32;          // on one connection
constexpr long kConnectionsKept = 512;        // idle, until the idle timer
constexpr std::size_t kCallsOfFew = 16;       // at once; more are a crowd
constexpr std::size_t kConnectionsLeft = 16;  // after a crowd, until the idle timer
constexpr long kIdleSeconds = 30;             // a GET finds no connection that was idle for longer
constexpr milliseconds kSweep(100);
constexpr milliseconds kLull(100);  // a crowd has gone when nobody calls for so long

}  // namespace

ConnectionPool::ConnectionPool(UpstreamThread& thread, const GithubTimes& times,
                               std::size_t connections, bool is_http2)
    : thread_(thread),
      times_(times),
      connections_most_(connections),
      protocol_(is_http2 ? Protocol::kHttp2 : Protocol::kUnknown),
      libcurl_timer_(thread, [this] { act(CURL_SOCKET_TIMEOUT, 0); }),
      waiting_timer_(thread, [this] { give_up_late(); }),
      idle_timer_(thread, [this] { rest(); }) {}

ConnectionPool::~ConnectionPool() {
  for (const auto& [easy, call] : active_) libcurl().multi_remove_handle(multi_, easy);
  active_.clear();
  if (multi_ != nullptr) libcurl().multi_cleanup(multi_);
}

bool ConnectionPool::open() {
  if (multi_ != nullptr) return true;
  multi_ = libcurl().multi_init();
  if (multi_ == nullptr) return false;
  libcurl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  libcurl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  libcurl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  libcurl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  libcurl().multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  libcurl().multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, static_cast<long>(kStreams));
  libcurl().multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsKept);
  is_bounded_.reset();
  return true;
}

/// Nobody called for a while. A crowd's memory goes first, its connections when they may carry no
/// code any more.
void ConnectionPool::rest() {
  if (!is_idle()) return;
  if (std::exchange(most_active_, 0) > kCallsOfFew) {
    const bool are_many = connections_.held() > kConnectionsLeft;
    idle_timer_.set(Clock::now() + (are_many ? times_.fresh : times_.idle));
  } else {
    libcurl().multi_cleanup(std::exchange(multi_, nullptr));
    libcurl_timer_.clear();
  }
  ::malloc_trim(0);
}

void ConnectionPool::add(std::unique_ptr<Transfer> transfer, Clock::time_point deadline,
                         Ended ended) {
  waiting_.push_back(std::make_unique<Call>(Call{.pool = this,
                                                 .transfer = std::move(transfer),
                                                 .deadline = deadline,
                                                 .ended = std::move(ended)}));
  idle_timer_.clear();
  pump();
}

/// With HTTP/2 each call on its way counts as a stream of a connection that stands, or as one that
/// opens its own.
bool ConnectionPool::has_room() const {
  if (protocol_ == Protocol::kHttp1) return true;
  if (protocol_ == Protocol::kUnknown) return active_.empty();
  if (active_.size() - opening_ < streams()) return true;
  const std::size_t wanted = (waiting_.size() + kStreams - 1) / kStreams;
  return opening_ < wanted && opening_ + connections_.count() < connections_most_;
}

std::size_t ConnectionPool::streams() const {
  return protocol_ == Protocol::kHttp2 ? connections_.count() * kStreams : 0;
}

void ConnectionPool::pump() {
  while (!waiting_.empty()) {
    if (waiting_.front()->transfer->is_post())
      connections_.end_idle(times_.fresh);  // it carries a code
    if (!has_room()) break;
    std::unique_ptr<Call> call = std::move(waiting_.front());
    waiting_.pop_front();
    start(std::move(call));
  }
  if (!waiting_.empty() && !waiting_timer_.is_set()) waiting_timer_.set(Clock::now() + kSweep);
  if (is_idle() && multi_ != nullptr && !idle_timer_.is_set()) {
    idle_timer_.set(Clock::now() + (most_active_ > kCallsOfFew ? kLull : times_.idle));
  }
}

void ConnectionPool::start(std::unique_ptr<Call> call) {
  CURL* const easy = call->transfer->easy();
  if (!open()) return call->ended(*call->transfer, CURLE_OUT_OF_MEMORY);
  call->began = Clock::now();
  call->opens = active_.size() - opening_ >= streams();
  set_bound();
  set_connection(*call);
  call->transfer->set(CURLOPT_PRIVATE, call.get());
  call->transfer->set(CURLOPT_PREREQFUNCTION, &on_connected);
  call->transfer->set(CURLOPT_PREREQDATA, call.get());
  call->transfer->set(CURLOPT_OPENSOCKETFUNCTION, &on_open);
  call->transfer->set(CURLOPT_OPENSOCKETDATA, this);
  call->transfer->set(CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  call->transfer->set(CURLOPT_CLOSESOCKETDATA, this);
  opening_ += call->opens ? 1 : 0;
  active_.emplace(easy, std::move(call));
  most_active_ = std::max(most_active_, active_.size());
  libcurl().multi_add_handle(multi_, easy);
}

/// How long it may take, and how long ago a kept connection may have been used.
void ConnectionPool::set_connection(const Call& call) const {
  const Transfer& transfer = *call.transfer;
  const auto left =
      std::max(milliseconds(1), duration_cast<milliseconds>(call.deadline - call.began));
  transfer.set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  transfer.set(CURLOPT_CONNECTTIMEOUT_MS,
               static_cast<long>(std::min(left, times_.connect).count()));
  transfer.set(CURLOPT_MAXAGE_CONN, kIdleSeconds);
}

/// Not while libcurl calls us: it takes no option then.
void ConnectionPool::set_bound() {
  const bool is_bounded = protocol_ != Protocol::kHttp1;
  if (is_bounded_ == is_bounded) return;
  is_bounded_ = is_bounded;
  libcurl().multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                         is_bounded ? static_cast<long>(connections_most_) : 0L);
}

/// It has that connection now; nullptr: it needs none any more.
void ConnectionPool::settle(Call& call, UpstreamConnections::Shared connection) {
  if (std::exchange(call.opens, false)) --opening_;
  if (call.connection != nullptr) --call.connection->calls;
  call.connection = std::move(connection);
  if (call.connection == nullptr) return;
  ++call.connection->calls;
  const bool is_last = ++call.connection->carried >= kCallsCarried;
  is_worn_ = is_worn_ || (is_last && protocol_ == Protocol::kHttp2);
}

void ConnectionPool::connected(Call& call, int port) {
  curl_tlssessioninfo* tls = nullptr;
  libcurl().easy_getinfo(call.transfer->easy(), CURLINFO_TLS_SSL_PTR, &tls);
  const bool is_http2 = tls != nullptr && tls->internals != nullptr && speaks_http2(tls->internals);
  protocol_ = is_http2 ? Protocol::kHttp2 : Protocol::kHttp1;
  settle(call, connections_.at_port(port));
}

int ConnectionPool::on_connected(void* user, char* /*their_address*/, char* /*our_address*/,
                                 int /*their_port*/, int our_port) {
  Call& call = *static_cast<Call*>(user);
  call.pool->connected(call, our_port);
  return call.transfer->may_be_sent() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

curl_socket_t ConnectionPool::on_open(void* user, curlsocktype /*purpose*/,
                                      curl_sockaddr* address) {
  return static_cast<ConnectionPool*>(user)->connections_.open(*address);
}

int ConnectionPool::on_close(void* user, curl_socket_t socket) {
  auto& pool = *static_cast<ConnectionPool*>(user);
  pool.thread_.unwatch(socket);
  return pool.connections_.close(socket);
}

int ConnectionPool::on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* user,
                              void* /*of_socket*/) {
  auto& pool = *static_cast<ConnectionPool*>(user);
  if (what == CURL_POLL_REMOVE) {
    pool.thread_.unwatch(socket);
    return 0;
  }
  const std::uint32_t reads = (what & CURL_POLL_IN) != 0 ? std::uint32_t{EPOLLIN} : 0;
  const std::uint32_t writes = (what & CURL_POLL_OUT) != 0 ? std::uint32_t{EPOLLOUT} : 0;
  pool.thread_.watch(socket, reads | writes, [&pool, socket](std::uint32_t events) {
    const int in = (events & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0;
    const int out = (events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
    const int failed = (events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0;
    pool.act(socket, in | out | failed);
  });
  return 0;
}

int ConnectionPool::on_timer(CURLM* /*multi*/, long milliseconds_left, void* user) {
  auto& pool = *static_cast<ConnectionPool*>(user);
  if (milliseconds_left < 0) {
    pool.libcurl_timer_.clear();
  } else {
    pool.libcurl_timer_.set(Clock::now() + milliseconds(milliseconds_left));
  }
  return 0;
}

void ConnectionPool::act(curl_socket_t socket, int events) {
  int running = 0;
  libcurl().multi_socket_action(multi_, socket, events, &running);
  end(take_ended());
}

/// Out of libcurl's hands first: what is called for one of them may begin the next.
std::vector<ConnectionPool::Ending> ConnectionPool::take_ended() {
  std::vector<Ending> endings;
  int left = 0;
  while (const CURLMsg* message = libcurl().multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const easy = message->easy_handle;
    libcurl().multi_remove_handle(multi_, easy);
    auto ended = active_.extract(easy);
    if (ended) endings.push_back({std::move(ended.mapped()), code});
  }
  return endings;
}

void ConnectionPool::end(std::vector<Ending> endings) {
  for (Ending& ending : endings) {
    Call& call = *ending.call;
    // Nobody was met: whoever else tries need not wait for another to be the first.
    if (protocol_ == Protocol::kUnknown) protocol_ = Protocol::kHttp1;
    if (call.connection != nullptr && call.transfer->has_heard()) {
      call.connection->heard = Clock::now();
    }
    if (ending.code == CURLE_OPERATION_TIMEDOUT) end_mute_connection(call);
    settle(call, nullptr);
    if (call.transfer->reads_plainly(ending.code)) start(std::move(ending.call));
  }
  pump();
  for (const Ending& ending : endings) {
    if (ending.call) ending.call->ended(*ending.call->transfer, ending.code);
  }
}

/// One that nothing comes from any more would take in each new call and fail it after seconds, for
/// as long as TCP believes in it.
void ConnectionPool::end_mute_connection(const Call& call) {
  const bool is_mute = call.connection != nullptr && call.connection->heard <= call.began &&
                       call.began + times_.connect <= Clock::now();
  if (is_mute) connections_.end(call.connection);
}

void ConnectionPool::give_up_late() {
  const Clock::time_point now = Clock::now();
  std::vector<std::unique_ptr<Call>> late;
  for (std::unique_ptr<Call>& call : waiting_) {
    if (call->deadline <= now) late.push_back(std::move(call));
  }
  std::erase(waiting_, nullptr);
  pump();
  for (const auto& call : late) call->ended(*call->transfer, CURLE_OPERATION_TIMEDOUT);
}

}  // namespace portero
