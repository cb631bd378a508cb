#include "tests/bench/load.h"

#include <algorithm>
#include <csignal>
#include <deque>

namespace portero::bench {
namespace {

// A server that is away is not asked in a tight loop.
constexpr std::chrono::milliseconds kAfterFailure(5);
constexpr std::chrono::milliseconds kTurn(20);  // how late the end may be noticed

class Load {
 public:
  Load(event_base* base, const LoadPlan& plan, const Task& task)
      : base_(base), plan_(plan), task_(task), started_(Clock::now()) {
    for (int i = 0; i < plan.clients; ++i) {
      clients_.push_back(std::make_unique<Client>(base, plan.port, plan.github_port, plan.timeout));
      free_.push_back(clients_.back().get());
    }
    timer_.reset(evtimer_new(base, on_turn, this));
    for (const int signal : {SIGTERM, SIGINT}) {
      signals_.emplace_back(evsignal_new(base, signal, on_signal, this));
      event_add(signals_.back().get(), nullptr);
    }
  }

  LoadResult run() {
    begin_due();
    event_base_dispatch(base_);
    result_.seconds = since(started_) / 1000;
    return std::move(result_);
  }

 private:
  static void on_turn(int, short, void* self) { static_cast<Load*>(self)->begin_due(); }
  static void on_signal(int, short, void* self) {
    static_cast<Load*>(self)->stopped_ = true;
    static_cast<Load*>(self)->begin_due();
  }

  [[nodiscard]] bool is_over() const {
    return stopped_ || (plan_.count > 0 && begun_ >= plan_.count) ||
           (plan_.seconds > 0 && since(started_) >= plan_.seconds * 1000);
  }

  /// When the next task is due.
  [[nodiscard]] Clock::time_point due_time() const {
    if (plan_.rate <= 0) return resting_until_;
    const std::chrono::duration<double> after(static_cast<double>(begun_) / plan_.rate);
    return started_ + std::chrono::duration_cast<Clock::duration>(after);
  }

  void begin_due() {
    while (!is_over() && due_time() <= Clock::now()) {
      // What waits for a client counts from when it was due; our own timer's lateness does not.
      if (free_.empty()) {
        starved_ = true;
        break;
      }
      const bool counts_from_due = starved_ && plan_.rate > 0;
      begin(counts_from_due ? due_time() : Clock::now());
    }
    if (is_over() && free_.size() == clients_.size()) event_base_loopbreak(base_);
    if (!free_.empty()) starved_ = false;
    const auto left = std::min<Clock::duration>(kTurn, due_time() - Clock::now());
    const auto wait = std::chrono::duration_cast<std::chrono::microseconds>(left).count();
    const timeval after{0, std::max<suseconds_t>(free_.empty() ? 1'000 : 1, wait)};
    event_add(timer_.get(), &after);
  }

  void begin(Clock::time_point due) {
    Client* const client = free_.front();
    free_.pop_front();
    ++begun_;
    client->repeated = false;
    task_(*client, due, [this, client](const TaskEnd& end) { finish(client, end); });
  }

  void finish(Client* client, const TaskEnd& end) {
    if (client->repeated) ++result_.repeated;
    result_.all.add(end.milliseconds);
    free_.push_back(client);
    if (end.what == "ok") {
      ++result_.ok;
      result_.answered.add(end.milliseconds);
    } else {
      ++result_.failed;
      ++result_.reasons[end.what];
      resting_until_ = Clock::now() + kAfterFailure;
    }
    begin_due();
  }

  event_base* base_;
  const LoadPlan& plan_;
  const Task& task_;
  const Clock::time_point started_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::deque<Client*> free_;  // in turn, so that every connection is used
  EventPointer timer_;
  std::vector<EventPointer> signals_;
  long begun_ = 0;
  bool starved_ = false;
  bool stopped_ = false;
  Clock::time_point resting_until_{};
  LoadResult result_;
};

}  // namespace

LoadResult run_load(event_base* base, const LoadPlan& plan, const Task& task) {
  return Load(base, plan, task).run();
}

}  // namespace portero::bench
