#include "proxy/gate/dispatcher.h"

#include <utility>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

/// What an answer may say: nothing interim, nowhere else to go.
bool is_final(int status) {
  return (status >= 200 && status < 300) || (status >= 400 && status < 600);
}

/// Passes on one answer, the first, whatever serves: the one fail-safe. If none has come when it is
/// destroyed, that answer is `internal`.
class OneAnswer {
 public:
  explicit OneAnswer(Deliver post) : post_(std::move(post)) {}
  ~OneAnswer() {
    if (!is_delivered_) deliver(make_problem(Error::kInternal));
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  void deliver(Response response) {
    if (std::exchange(is_delivered_, true)) return;
    post_(is_final(response.status) ? std::move(response) : make_problem(Error::kInternal));
  }

 private:
  const Deliver post_;
  bool is_delivered_ = false;
};

/// A login under way. Its place is given up when all else of it is gone.
struct Login {
  const LoginLane::Place place;
  const Request request;
  const GateConfigPointer config;
  OneAnswer answer;
};

void serve(const GateConfig& config, const Request& request, const Deliver& deliver) {
  try {
    config.serve(request, deliver);
  } catch (...) {
    log_event(Level::kError, "handler_failed", {{"request", request.id}});
  }
}

}  // namespace

Dispatcher::Dispatcher(const Limits& limits, std::span<const Route> routes, Post post)
    : router_(routes), login_(std::move(post), limits.logins, limits.queue) {}

std::shared_ptr<Ticket> Dispatcher::hand_over(Request request, GateConfigPointer config,
                                              ReturnAddress address) {
  auto ticket = std::make_shared<Ticket>();
  auto begin = [this, request = std::move(request), config = std::move(config),
                address = std::move(address)](LoginLane::Place place) mutable {
    const Deliver post = [address](Response response) {
      address.completions->post({address.connection, address.generation, std::move(response)});
    };
    const std::shared_ptr<Login> login(
        new Login{std::move(place), std::move(request), std::move(config), OneAnswer(post)});
    // Two readings of one request line that differ are nobody's request.
    if (router_.find(login->request) != login->request.route) return;
    serve(*login->config, login->request,
          [login](Response response) { login->answer.deliver(std::move(response)); });
  };
  return login_.offer({.ticket = ticket, .begin = std::move(begin)}) ? ticket : nullptr;
}

void Dispatcher::answer_now(const Request& request, const GateConfig& config,
                            const Deliver& deliver) {
  OneAnswer answer(deliver);
  serve(config, request, [&answer](Response response) { answer.deliver(std::move(response)); });
}

void Dispatcher::measure(Metrics& metrics) const {
  const LoginLane::Level level = login_.level();
  metrics.set_login_lane({.queued = level.queued, .running = level.running});
}

void Dispatcher::finish() { login_.finish(); }

}  // namespace portero
