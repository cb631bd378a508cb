// Many clients at once, in one thread: each does one task after another, as fast as it can or at a
// steady rate. At a rate, a task's time runs from when it was due, not from when a client was free
// for it: a server that stalls cannot hide it by being asked less.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/latency.h"
#include "tests/bench/wire.h"

namespace portero::bench {

/// One client: what it says to the proxy and, to get a code, to GitHub.
struct Client {
  Client(event_base* base, int port, int github_port, int timeout)
      : proxy(base, port, timeout), github(base, github_port, timeout) {}
  Wire proxy;
  Wire github;
  bool repeated = false;  // the task in hand was sent a second time
};

/// How a task ended: `what` is "ok" or the reason it failed, in one word.
struct TaskEnd {
  std::string what;
  double milliseconds = 0;
};
using TaskDone = std::function<void(TaskEnd)>;
/// Does one thing with a client and calls `done` once. `due` is when it was to begin.
using Task = std::function<void(Client& client, Clock::time_point due, const TaskDone& done)>;

struct LoadPlan {
  int port = 0;
  int github_port = 0;
  int clients = 1;
  double rate = 0;     // a second; 0: each client begins anew as soon as it ends
  double seconds = 0;  // 0: until `count`
  long count = 0;      // 0: until `seconds`
  int timeout = 30;    // seconds, for one request
};

struct LoadResult {
  double seconds = 0;
  long ok = 0;
  long failed = 0;
  long repeated = 0;
  std::map<std::string, long> reasons;  // of the failed
  Latency answered;                     // ms, of the ok
  Latency all;                          // ms, of all
};

/// Runs until the plan is fulfilled, or SIGTERM or SIGINT, and what was begun has ended.
[[nodiscard]] LoadResult run_load(event_base* base, const LoadPlan& plan, const Task& task);

}  // namespace portero::bench
