// The stand-in's second port, on plain sockets: it answers like the first, and can break HTTP
// itself. One request a connection; what was armed by a raw name is played instead of the answer.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "tests/github/github.h"

namespace portero::stand_in {

class RawServer {
 public:
  /// On a free port of 127.0.0.1; nullptr when there is none. `answer` is called from many threads.
  static std::unique_ptr<RawServer> start(std::function<Reply(const Call&)> answer);

  RawServer();
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] int port() const;

  /// Ends every fault in play and joins its thread.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace portero::stand_in
