// The stand-in's ordinary port: cpp-httplib in front of GitHub::answer(). The one source that
// includes cpp-httplib here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/github/github.h"

namespace portero::stand_in {

/// Called from many threads at once.
using Answer = std::function<Reply(const Call&)>;

class Server {
 public:
  /// On 127.0.0.1; port 0 takes any free one. nullptr: the port is taken.
  static std::unique_ptr<Server> start(int port, Answer answer);

  Server();
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] int port() const;
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// True for 127.0.0.1, [::1] and localhost, with or without a port: anything else is a page of
/// another name that was pointed at this machine.
[[nodiscard]] bool host_is_loopback(std::string_view host);

}  // namespace portero::stand_in
