// Notices when to read anew: everything (an operator's SIGHUP), or the key file alone (its name,
// size or time changed: a rotation). The hooks decide what to reload.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "proxy/base/descriptor.h"

namespace portero {

class Reloader {
 public:
  struct Hooks {
    std::function<void()> everything;
    std::function<void()> keys;
    std::function<std::string()> key_file;  // the path to watch; empty: none
  };

  /// Starts its thread. The hooks run on it, one at a time. It looks at the key file every `often`.
  explicit Reloader(Hooks hooks, std::chrono::milliseconds often = std::chrono::seconds(1));
  /// Waits for a hook under way.
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  /// Any thread, and from a signal handler. Several calls before the hook runs count as one.
  void request();

 private:
  void run();
  void wake() const;

  const Hooks hooks_;
  const std::chrono::milliseconds often_;
  const Descriptor event_;
  std::atomic<bool> requested_ = false;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace portero
