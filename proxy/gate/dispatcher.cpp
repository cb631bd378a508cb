#include "proxy/gate/dispatcher.h"

#include <utility>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

/// What an answer may say: nothing interim, nowhere else to go.
bool is_final(int status) {
  return (status >= 200 && status < 300) || (status >= 400 && status < 600);
}

/// Answers so that exactly one answer is posted, whatever `serve` does: the one fail-safe.
void serve_once(const GateConfig& config, const Request& request, const Deliver& post) {
  bool delivered = false;
  const Deliver once = [&post, &delivered](Response response) {
    if (std::exchange(delivered, true)) return;
    post(is_final(response.status) ? std::move(response) : make_problem(Error::kInternal));
  };
  try {
    config.serve(request, once);
  } catch (...) {
    log_event(Level::kError, "handler_failed", {{"request", request.id}});
  }
  if (!delivered) once(make_problem(Error::kInternal));
}

}  // namespace

Dispatcher::Dispatcher(const Limits& limits, std::span<const Route> routes)
    : router_(routes), login_({.kept = 0, .most = limits.logins, .queue = limits.queue}) {}

std::shared_ptr<Ticket> Dispatcher::hand_over(Request request, GateConfigPointer config,
                                              ReturnAddress address) {
  auto ticket = std::make_shared<Ticket>();
  auto run = [this, request = std::move(request), config = std::move(config),
              address = std::move(address)] {
    const Deliver post = [&](Response response) {
      address.completions->post({address.connection, address.generation, std::move(response)});
    };
    // Two readings of one request line that differ are nobody's request.
    if (router_.find(request) != request.route) return post(make_problem(Error::kInternal));
    serve_once(*config, request, post);
  };
  return login_.offer({.ticket = ticket, .run = std::move(run)}) ? ticket : nullptr;
}

void Dispatcher::answer_now(const Request& request, const GateConfig& config,
                            const Deliver& deliver) {
  serve_once(config, request, deliver);
}

void Dispatcher::measure(Metrics& metrics) const {
  const ThreadPool::Level level = login_.level();
  metrics.set_login_lane(
      {.queued = level.queued, .running = level.running, .threads = level.threads});
}

void Dispatcher::finish() { login_.finish(); }

}  // namespace portero
