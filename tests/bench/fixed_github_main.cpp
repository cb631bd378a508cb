// portero-fixed-github: a GitHub for measuring with, and for nothing else. It takes every code and
// says the same token and the same person each time, from one thread, so that it is not what is
// being measured. It checks nothing: for anything but figures use the stand-in (tests/github/).
//
//   portero-fixed-github [--certificate PEM --key PEM] [--delay MILLISECONDS]
//   first line out: `port N`; each answer comes after the delay
//   after SIGTERM, over TLS: `connections N resumed N`
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <strings.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "tests/bench/arguments.h"

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// As long as a real one: GitHub says some 30 members about a person.
std::string make_user() {
  std::string user =
      R"({"login":"ada-page","id":583231,"node_id":"U_kgDOAAjmvw","avatar_url":)"
      R"("https://avatars.githubusercontent.com/u/583231?v=4","gravatar_id":"",)"
      R"("url":"https://api.github.com/users/ada-page","html_url":"https://github.com/ada-page",)";
  for (const char* name : {"followers", "following", "gists", "starred", "subscriptions",
                           "organizations", "repos", "events", "received_events"}) {
    user.append("\"").append(name).append("_url\":\"https://api.github.com/users/ada-page/");
    user.append(name).append("\",");
  }
  return user +
         R"("type":"User","user_view_type":"public","site_admin":false,"name":"Ada Page",)"
         R"("company":null,"blog":"https://ada.example","location":"Sevilla","email":null,)"
         R"("hireable":null,"bio":"Pages.","public_repos":8,"public_gists":8,"followers":42,)"
         R"("following":9,"created_at":"2011-01-25T18:44:36Z","updated_at":"2026-01-25T18:44:36Z"})";
}

std::string make_json(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string& reply_to(std::string_view head) {
  static const std::string kToken = make_json(
      R"({"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"","token_type":"bearer"})");
  static const std::string kUser = make_json(make_user());
  static const std::string kRevoked = "HTTP/1.1 204 No Content\r\n\r\n";
  static const std::string kUnknown = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  if (head.starts_with("POST /login/oauth/access_token ")) return kToken;
  if (head.starts_with("GET /user ") || head.starts_with("GET /api/v3/user ")) return kUser;
  return head.starts_with("DELETE ") ? kRevoked : kUnknown;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length:";
  for (std::size_t at = head.find("\r\n"); at < head.size(); at = head.find("\r\n", at + 2)) {
    if (strncasecmp(head.data() + at, kName.data(), kName.size()) != 0) continue;
    return std::strtoul(head.data() + at + kName.size(), nullptr, 10);
  }
  return 0;
}

/// Milliseconds that an answer is held back; 0: none.
long delay = 0;

/// A connection whose answers are held back: what of it outlives its end, until they are due.
struct Line {
  bufferevent* wire = nullptr;
  int due = 0;
};

struct Late {
  Line* line;
  const std::string* reply;
};

void forget_ended(const Line* line) {
  if (line->wire == nullptr && line->due == 0) delete line;
}

void on_due(int /*fd*/, short /*what*/, void* context) {
  auto* const late = static_cast<Late*>(context);
  --late->line->due;
  if (late->line->wire != nullptr) {
    bufferevent_write(late->line->wire, late->reply->data(), late->reply->size());
  }
  forget_ended(late->line);
  delete late;
}

/// `reply` outlives us.
void answer(Line* line, const std::string& reply) {
  if (delay == 0) {
    bufferevent_write(line->wire, reply.data(), reply.size());
    return;
  }
  ++line->due;
  const timeval after{delay / 1000, delay % 1000 * 1000};
  event_base_once(bufferevent_get_base(line->wire), -1, EV_TIMEOUT, on_due,
                  new Late{.line = line, .reply = &reply}, &after);
}

void on_read(bufferevent* wire, void* line) {
  evbuffer* const input = bufferevent_get_input(wire);
  while (evbuffer_get_length(input) > 0) {
    const std::size_t size = evbuffer_get_length(input);
    const auto* bytes = reinterpret_cast<const char*>(evbuffer_pullup(input, -1));
    const std::string_view text(bytes, size);
    const std::size_t end = text.find(kHeadEnd);
    if (end == std::string_view::npos) return;
    const std::string_view head = text.substr(0, end + 2);
    const std::size_t whole = end + kHeadEnd.size() + content_length(head);
    if (size < whole) return;
    answer(static_cast<Line*>(line), reply_to(head));
    evbuffer_drain(input, whole);
  }
}

void on_end(bufferevent* wire, short what, void* context) {
  if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0) return;
  bufferevent_free(wire);
  auto* const line = static_cast<Line*>(context);
  line->wire = nullptr;
  forget_ended(line);
}

void on_accept(evconnlistener* from, int fd, sockaddr* /*peer*/, int /*size*/, void* context) {
  event_base* const base = evconnlistener_get_base(from);
  // As GitHub's own front does: else the ticket after a handshake holds the answer back for 40 ms.
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto* const tls = static_cast<SSL_CTX*>(context);
  bufferevent* const wire = tls == nullptr ? bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE)
                                           : bufferevent_openssl_socket_new(
                                                 base, fd, SSL_new(tls), BUFFEREVENT_SSL_ACCEPTING,
                                                 BEV_OPT_CLOSE_ON_FREE);
  bufferevent_setcb(wire, on_read, nullptr, on_end, new Line{.wire = wire});
  bufferevent_enable(wire, EV_READ | EV_WRITE);
}

/// nullptr: the files are not what they should be.
SSL_CTX* make_tls(const std::string& certificate, const std::string& key) {
  SSL_CTX* const tls = SSL_CTX_new(TLS_server_method());
  const bool loaded = tls != nullptr &&
                      SSL_CTX_use_certificate_chain_file(tls, certificate.c_str()) == 1 &&
                      SSL_CTX_use_PrivateKey_file(tls, key.c_str(), SSL_FILETYPE_PEM) == 1;
  if (loaded) return tls;
  SSL_CTX_free(tls);
  return nullptr;
}

void on_stop(int /*signal*/, short /*what*/, void* base) {
  event_base_loopbreak(static_cast<event_base*>(base));
}

}  // namespace

int main(int argc, char** argv) {
  portero::bench::Arguments given(argc - 1, argv + 1);
  const std::string certificate = given.find("--certificate", "");
  SSL_CTX* const tls =
      certificate.empty() ? nullptr : make_tls(certificate, given.find("--key", ""));
  if (!certificate.empty() && tls == nullptr) return 2;
  delay = given.integer("--delay", 0);
  (void)std::signal(SIGPIPE, SIG_IGN);
  event_base* const base = event_base_new();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  evconnlistener* const listener =
      evconnlistener_new_bind(base, on_accept, tls, LEV_OPT_CLOSE_ON_FREE, 4096, generic, size);
  if (listener == nullptr || getsockname(evconnlistener_get_fd(listener), generic, &size) != 0) {
    return 1;
  }
  std::printf("port %d\n", ntohs(address.sin_port));
  (void)std::fflush(stdout);
  event_add(evsignal_new(base, SIGTERM, on_stop, base), nullptr);
  event_base_dispatch(base);
  if (tls != nullptr) {
    std::printf("connections %ld resumed %ld\n", SSL_CTX_sess_accept_good(tls),
                SSL_CTX_sess_hits(tls));
  }
  return 0;
}
