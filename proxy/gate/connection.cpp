#include "proxy/gate/connection.h"

#include <event2/event.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "proxy/gate/cors.h"
#include "proxy/gate/response_writer.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t kReadSize = std::size_t{16} * 1024;
constexpr std::size_t kDiscardMax = std::size_t{64} * 1024;
constexpr milliseconds kDiscardTime = std::chrono::seconds(2);
constexpr milliseconds kQueueTime = std::chrono::seconds(5);
constexpr std::size_t kBytesPerSecond = std::size_t{8} * 1024;
constexpr milliseconds kLastRequestTime = milliseconds(500);

bool is_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

iovec piece_of(std::string_view text) {
  return {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
}

/// One system call for both, and none of them copied. As ::send().
ssize_t send_both(int fd, std::string_view first, std::string_view second) {
  if (second.empty()) return ::send(fd, first.data(), first.size(), MSG_NOSIGNAL);
  std::array<iovec, 2> pieces = {piece_of(first), piece_of(second)};
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

}  // namespace

Connection::Connection(ConnectionOwner& owner, Descriptor socket, Peer peer)
    : owner_(owner),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      timer_(evtimer_new(owner.base, on_timer, this)) {
  watch(EV_READ);
  wait_at_most(owner_.config->limits.idle_time);
}

void Connection::on_read(int /*fd*/, short what, void* self) {
  auto* connection = static_cast<Connection*>(self);
  if ((what & EV_CLOSED) != 0) return connection->on_peer_closed();
  connection->read();
}

void Connection::on_write(int /*fd*/, short /*what*/, void* self) {
  static_cast<Connection*>(self)->flush();
}

void Connection::on_timer(int /*fd*/, short /*what*/, void* self) {
  static_cast<Connection*>(self)->time_out();
}

/// Bytes are read only when a request may begin or go on; while a sign-in is under way, only the
/// visitor's leaving is watched for. What is answered at once changes nothing here: each change is
/// a system call.
void Connection::watch(short what) {
  if (std::exchange(watched_, what) == what) return;
  read_event_.reset();
  if (what == 0) return;
  read_event_.reset(
      event_new(owner_.base, socket_.get(), static_cast<short>(what | EV_PERSIST), on_read, this));
  event_add(read_event_.get(), nullptr);
}

void Connection::enter(State state, Clock::time_point now) {
  if ((state_ == State::kIdle) != (state == State::kIdle)) {
    owner_.idle_changed(peer_.id, state == State::kIdle, now);
  }
  state_ = state;
}

/// Time runs from now on. A timer that fires too early is set again; so most requests set none.
void Connection::wait_until(Clock::time_point deadline) {
  deadline_ = deadline;
  if (timer_end_ <= deadline) return;
  timer_end_ = deadline;
  const auto left = std::max(std::chrono::ceil<milliseconds>(deadline - Clock::now()), 0ms);
  const timeval after{left.count() / 1000, (left.count() % 1000) * 1000};
  event_add(timer_.get(), &after);
}

void Connection::read() {
  std::array<char, kReadSize> bytes;
  const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (got < 0 && is_later(errno)) return;
  if (got <= 0) return end();
  if (state_ != State::kDiscarding) {
    return pump({bytes.data(), static_cast<std::size_t>(got)});
  }
  discarded_ += static_cast<std::size_t>(got);
  if (discarded_ > kDiscardMax) end();
}

/// Reads requests from what came until one is in hand; those answered from memory go by at once.
/// REQUIRES: nothing waits that came before.
void Connection::pump(std::string_view came) {
  pumping_ = true;
  while ((state_ == State::kIdle || state_ == State::kReading) && !came.empty()) {
    if (state_ == State::kIdle) begin_request();
    RequestReader& reader = exchange_->reader;
    came.remove_prefix(reader.feed(came));
    if (reader.state() == RequestReader::State::kRefused) refuse(reader.error());
    if (reader.state() == RequestReader::State::kComplete) serve();
    if (state_ == State::kIdle || state_ == State::kDiscarding) exchange_ = nullptr;
  }
  pumping_ = false;
  const bool is_open = state_ != State::kDiscarding && state_ != State::kEnded;
  if (is_open && !came.empty()) waiting_ = came;
}

void Connection::begin_request() {
  exchange_ = std::make_unique<Exchange>();
  exchange_->config = owner_.config;
  const Limits& limits = exchange_->config->limits;
  exchange_->reader.begin(
      limits, is_internal() ? RequestReader::Rules::kInternal : RequestReader::Rules::kVisitor,
      &owner_.match);
  const Clock::time_point now = Clock::now();
  enter(State::kReading, now);
  wait_at_most(limits.request_time, now);
}

void Connection::serve() {
  ReadRequest& read = exchange_->reader.read_so_far();
  ++generation_;
  closes_ = closes_ || !read.keep_alive;
  keep_current(read.request);
  enter(State::kServing);
  owner_.serve(*this, read);
}

void Connection::wait_for(std::shared_ptr<Ticket> ticket) {
  ticket_ = std::move(ticket);
  watch(EV_CLOSED);
  wait_at_most(kQueueTime);
}

/// Looks the origin up, once, and keeps what is asked of the request after it has gone.
void Connection::keep_current(Request& request) {
  request.origin_index = find_origin(exchange_->config->origins, request.origin);
  exchange_->current = {.target = request.target,
                        .origin = request.origin,
                        .origin_index = request.origin_index,
                        .client = {},
                        .route = request.route,
                        .is_head = request.method == "HEAD"};
}

void Connection::refuse(Error error) {
  keep_current(exchange_->reader.read_so_far().request);
  closes_ = true;
  record_refusal(error);
  write(make_problem(error), Lane::kLoop);
}

void Connection::record_refusal(Error error) const {
  if (is_internal()) return;
  owner_.metrics.gate_refused(error);
  const Current& current = exchange_->current;
  log_limited(http_status(error) >= 500 ? Level::kWarning : Level::kInfo, "request_refused",
              {{"origin", current.origin.value_or("-")},
               {"address", current.client.empty() ? peer() : current.client},
               {"reason", std::string(name(error))}});
}

void Connection::answer(const Response& response) {
  const bool by_login = std::exchange(ticket_, nullptr) != nullptr;
  write(response, by_login ? Lane::kLogin : Lane::kLoop);
}

void Connection::answer_refusal(Error error, int retry_after) {
  record_refusal(error);
  answer(make_problem(error, retry_after));
}

void Connection::write(const Response& response, Lane lane) {
  if (!is_internal()) owner_.metrics.answered(lane, response.status);
  const Current& current = exchange_->current;
  const CorsHeaders cors = is_internal() ? CorsHeaders()
                                         : make_cors_headers(exchange_->config->origins,
                                                             current.target, current.origin_index);
  WrittenResponse written = write_response(response, {.target = current.target,
                                                      .is_head = current.is_head,
                                                      .closes = closes_,
                                                      .date = owner_.date.text(std::time(nullptr)),
                                                      .cors = cors});
  exchange_->output = std::move(written.bytes);
  exchange_->rest = std::move(written.rest);
  exchange_->written = 0;
  enter(State::kWriting);
  flush();
}

/// The socket takes no more now: the visitor has the time that an answer of this size may need.
void Connection::wait_for_room() {
  if (!std::exchange(is_full_, true)) {
    const std::string* const rest = exchange_->rest.get();
    const std::size_t size = exchange_->output.size() + (rest == nullptr ? 0 : rest->size());
    watch(0);
    wait_at_most(exchange_->config->limits.answer_time +
                 std::chrono::seconds(size / kBytesPerSecond));
  }
  if (write_event_ == nullptr) {
    write_event_.reset(event_new(owner_.base, socket_.get(), EV_WRITE, on_write, this));
  }
  event_add(write_event_.get(), nullptr);
}

/// What is to be sent of the head and of the shared body behind it; both empty: all has been sent.
std::array<std::string_view, 2> Connection::unsent() const {
  const Exchange& exchange = *exchange_;
  const std::string_view output = exchange.output;
  const std::string_view rest = exchange.rest ? std::string_view(*exchange.rest) : "";
  if (exchange.written < output.size()) return {output.substr(exchange.written), rest};
  return {rest.substr(exchange.written - output.size()), {}};
}

void Connection::flush() {
  for (auto next = unsent(); !next[0].empty(); next = unsent()) {
    const ssize_t sent = send_both(socket_.get(), next[0], next[1]);
    if (sent < 0 && is_later(errno)) return wait_for_room();
    if (sent < 0) return end();
    exchange_->written += static_cast<std::size_t>(sent);
  }
  finish_answer();
}

void Connection::finish_answer() {
  if (!pumping_) exchange_ = nullptr;  // else pump() is still at it
  is_full_ = false;
  watch(EV_READ);
  const Clock::time_point now = Clock::now();
  if (closes_) {
    // Closing with unread bytes would reset the connection and take the answer with it.
    waiting_ = {};
    ::shutdown(socket_.get(), SHUT_WR);
    enter(State::kDiscarding, now);
    return wait_at_most(kDiscardTime, now);
  }
  enter(State::kIdle, now);
  wait_at_most(owner_.config->limits.idle_time, now);
  if (!pumping_) pump(std::exchange(waiting_, {}));
}

void Connection::time_out() {
  timer_end_ = Clock::time_point::max();
  if (Clock::now() < deadline_) return wait_until(deadline_);
  if (state_ == State::kReading) return refuse(Error::kRequestTimeout);
  if (state_ != State::kServing) return end();
  if (ticket_ && ticket_->take()) answer_refusal(Error::kOverloaded, 1);
}

/// The visitor left while a request was in hand. Not yet started: it never will be. Started: the
/// answer is tried all the same, for a client may have closed only its own half.
void Connection::on_peer_closed() {
  watch(0);
  if (ticket_ && ticket_->take()) end();
}

void Connection::drain() {
  closes_ = true;
  if (state_ == State::kIdle) wait_at_most(kLastRequestTime);
}

void Connection::end() {
  if (state_ == State::kEnded) return;
  if (ticket_) (void)ticket_->take();
  enter(State::kEnded);
  event_del(timer_.get());
  read_event_.reset();
  write_event_.reset();
  socket_.reset();
  owner_.ended(*this);
}

}  // namespace portero
