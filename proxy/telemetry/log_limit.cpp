#include "proxy/telemetry/log_limit.h"

#include <utility>

namespace portero {

bool LogLimit::admit(std::string_view kind, std::chrono::milliseconds now) {
  auto at = by_kind_.find(kind);
  if (at == by_kind_.end()) at = by_kind_.emplace(std::string(kind), Second{.began = now}).first;
  Second& second = at->second;
  if (now - second.began >= std::chrono::seconds(1)) {
    second.began = now;
    second.written = 0;
  }
  if (second.written < most_) {
    ++second.written;
    return true;
  }
  ++second.held_back;
  return false;
}

std::vector<LogLimit::HeldBack> LogLimit::take_held_back(std::chrono::milliseconds now) {
  std::vector<HeldBack> told;
  for (auto& [kind, second] : by_kind_) {
    if (second.held_back == 0 || now - second.began < std::chrono::seconds(1)) continue;
    told.push_back({kind, std::exchange(second.held_back, 0)});
  }
  return told;
}

}  // namespace portero
