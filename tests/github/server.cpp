// See server.h.
#include "tests/github/server.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <thread>

namespace portero::stand_in {
namespace {

// One thread a connection for its life: enough for every keep-alive of a test suite.
constexpr std::size_t kThreads = 64;
constexpr std::size_t kBodyMax = 64 * 1024;

Call read_call(const httplib::Request& request) {
  Call call;
  call.method = request.method;
  call.path = request.path;
  const std::size_t question = request.target.find('?');
  if (question != std::string::npos) call.query = request.target.substr(question + 1);
  // REMOTE_ADDR and the like are the library's own and come beside what was sent.
  call.headers.assign(request.headers.begin(), request.headers.end());
  call.body = request.body;
  return call;
}

void write_reply(const Reply& reply, httplib::Response& response) {
  response.status = reply.status;
  std::string type;
  for (const auto& [name, value] : reply.headers) {
    if (name == "Content-Type") {
      type = value;
    } else {
      response.set_header(name, value);
    }
  }
  if (reply.status != 204) response.set_content(reply.body, type);
}

}  // namespace

bool host_is_loopback(std::string_view host) {
  constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "[::1]", "localhost"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    if (!host.starts_with(name)) return false;
    const std::string_view port = host.substr(name.size());
    const bool digits = port.size() > 1 && port.front() == ':' &&
                        port.find_first_not_of("0123456789", 1) == std::string_view::npos;
    return port.empty() || digits;
  });
}

struct Server::Inside {
  httplib::Server http;
  std::thread thread;
  int port = 0;
};

Server::Server() : inside_(std::make_unique<Inside>()) {}
Server::~Server() { stop(); }
int Server::port() const { return inside_->port; }

std::unique_ptr<Server> Server::start(int port, Answer answer) {
  auto server = std::make_unique<Server>();
  httplib::Server& http = server->inside_->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  http.set_keep_alive_max_count(1000);
  http.set_keep_alive_timeout(2);
  http.set_payload_max_length(kBodyMax);
  http.set_tcp_nodelay(true);
  // The library's default sets SO_REUSEPORT, with which two stand-ins would share one port.
  http.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  const auto handle = [answer = std::move(answer)](const httplib::Request& request,
                                                   httplib::Response& response) {
    if (request.get_header_value_count("Host") != 1 ||
        !host_is_loopback(request.get_header_value("Host"))) {
      response.status = 403;
      response.set_content("This stand-in answers on loopback only.\n", "text/plain");
      return;
    }
    write_reply(answer(read_call(request)), response);
  };
  http.Get(".*", handle).Post(".*", handle).Patch(".*", handle).Delete(".*", handle);

  const bool bound = port == 0 ? (port = http.bind_to_any_port("127.0.0.1")) > 0
                               : http.bind_to_port("127.0.0.1", port);
  if (!bound) return nullptr;
  server->inside_->port = port;
  server->inside_->thread = std::thread([&http] { http.listen_after_bind(); });
  while (!http.is_running()) std::this_thread::yield();
  return server;
}

void Server::stop() {
  if (!inside_->thread.joinable()) return;
  inside_->http.stop();
  inside_->thread.join();
}

}  // namespace portero::stand_in
