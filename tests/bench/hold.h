// Connections that give nothing back: half a request, a byte every few seconds, silence, an answer
// nobody reads. Each is opened again as soon as the server ends it.
#pragma once

#include <event2/event.h>

#include <string>
#include <vector>

namespace portero::bench {

enum class Hold {
  kHalfOpen,    // half a header, then nothing
  kDripHeader,  // a header that grows by a byte now and then
  kDripBody,    // a body that does
  kIdle,        // nothing at all
  kKept,        // a whole request, then nothing
  kSlowRead,    // asks for a file, reads a byte now and then
};

/// By name: half-open, drip-header, drip-body, idle, kept, slow-read. False: none of them.
[[nodiscard]] bool read_hold(const std::string& name, Hold& into);

struct HoldPlan {
  int port = 0;
  std::vector<Hold> kinds = {};  // in turn
  int count = 0;
  double rate = 200;        // opened a second, until all are held
  double seconds = 0;       // 0: until SIGTERM or SIGINT
  double drip_seconds = 3;  // between two bytes
  std::string origin = {};
  std::string target = "/";  // what a slow reader and a kept one ask for
};

struct HoldResult {
  long opened = 0;
  long cut = 0;     // ended by the server
  long failed = 0;  // could not be opened
  int held = 0;     // the most at once
  int least = 0;    // the fewest at once after `count` had been reached
};

/// Writes a line {"holding":N} to stdout once `count` are held.
[[nodiscard]] HoldResult run_hold(event_base* base, const HoldPlan& plan);

}  // namespace portero::bench
