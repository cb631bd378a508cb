#include "proxy/gate/dispatcher.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

ThreadPool::Size quick_size(const Limits& limits) {
  const std::size_t threads = std::max<std::size_t>(2, std::thread::hardware_concurrency());
  return {.kept = threads, .most = threads, .queue = limits.queue};
}

/// Calls `serve` so that exactly one answer is posted, whatever it does.
void run_job(const Serve& serve, const Request& request, const SnapshotPointer& snapshot,
             const Deliver& post) {
  const auto delivered = std::make_shared<std::atomic<bool>>(false);
  const Deliver once = [&post, delivered](Response response) {
    if (!delivered->exchange(true)) post(std::move(response));
  };
  try {
    serve(request, snapshot, once);
  } catch (...) {
    log_event(Level::kError, "handler_failed", {{"request", request.id}});
  }
  if (!*delivered) once(make_problem(Error::kInternal));
}

}  // namespace

Dispatcher::Dispatcher(const Limits& limits, Serve serve)
    : serve_(std::move(serve)),
      quick_(quick_size(limits)),
      login_({.kept = 0, .most = limits.logins, .queue = limits.queue}) {}

std::shared_ptr<Ticket> Dispatcher::hand_over(Request request, const SnapshotPointer& snapshot,
                                           ReturnAddress address) {
  const bool is_login = lane_of(request.method, request.target) == Lane::kLogin;
  auto ticket = std::make_shared<Ticket>();
  const Deliver post = [completions = completions_, address](Response response) {
    completions->post({address.connection, address.generation, std::move(response)});
  };
  Job job{.ticket = ticket, .run = [this, request = std::move(request), snapshot, post] {
            run_job(serve_, request, snapshot, post);
          }};
  return (is_login ? login_ : quick_).offer(std::move(job)) ? ticket : nullptr;
}

void Dispatcher::answer_now(const Request& request, const SnapshotPointer& snapshot,
                         const Deliver& deliver) const {
  run_job(serve_, request, snapshot, deliver);
}

void Dispatcher::measure(Metrics& metrics) const {
  const auto tell = [&metrics](Lane lane, const ThreadPool::Level& level) {
    metrics.set_lane(lane,
                     {.queued = level.queued, .running = level.running, .threads = level.threads});
  };
  tell(Lane::kQuick, quick_.level());
  tell(Lane::kLogin, login_.level());
}

void Dispatcher::finish() {
  quick_.finish();
  login_.finish();
}

}  // namespace portero
