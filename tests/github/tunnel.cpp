// See tunnel.h.
#include "tests/github/tunnel.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace portero::stand_in {
namespace {

constexpr int kPatienceMs = 60'000;

using Tls = std::unique_ptr<SSL, decltype(&SSL_free)>;
using Buffer = std::array<char, std::size_t{16} * 1024>;

Certificate certificate_of(const TlsManner& manner, const Certificate& authority) {
  if (manner.signer == Signer::kItself) return make_self_signed(manner.subject, false);
  if (manner.signer == Signer::kAuthority) return make_certificate(manner.subject, authority);
  Subject stranger;
  stranger.common_name = "somebody else";
  return make_certificate(manner.subject, make_self_signed(stranger, true));
}

/// Whether a call that did not succeed may be tried again, now that the socket is ready.
bool may_go_on(SSL* tls, int returned, const Peer& peer) {
  const int why = SSL_get_error(tls, returned);
  if (why == SSL_ERROR_WANT_READ) return peer.wait(POLLIN, kPatienceMs);
  if (why == SSL_ERROR_WANT_WRITE) return peer.wait(POLLOUT, kPatienceMs);
  return false;
}

bool shake_hands(SSL* tls, const Peer& peer) {
  int done = 0;
  while ((done = SSL_accept(tls)) != 1) {
    if (!may_go_on(tls, done, peer)) return false;
  }
  return true;
}

bool write_all(SSL* tls, const Peer& peer, const char* data, std::size_t size) {
  while (size > 0) {
    const int written = SSL_write(tls, data, static_cast<int>(size));
    if (written > 0) {
      data += written;
      size -= static_cast<std::size_t>(written);
    } else if (!may_go_on(tls, written, peer)) {
      return false;
    }
  }
  return true;
}

/// What the peer has said so far goes to the backend. False: the peer is done.
bool forward(SSL* tls, const Peer& backend, const std::function<void(std::size_t)>& heard) {
  Buffer buffer;
  for (;;) {
    const int got = SSL_read(tls, buffer.data(), static_cast<int>(buffer.size()));
    if (got <= 0) return SSL_get_error(tls, got) == SSL_ERROR_WANT_READ;
    heard(static_cast<std::size_t>(got));
    if (!backend.send_all({buffer.data(), static_cast<std::size_t>(got)})) return true;
  }
}

/// One portion of what the backend says. False: it is done.
bool answer(SSL* tls, const Peer& peer, const Peer& backend) {
  Buffer buffer;
  const ssize_t got = recv(backend.socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) return write_all(tls, peer, buffer.data(), static_cast<std::size_t>(got));
  if (got < 0 && errno == EAGAIN) return true;
  if (got < 0) {
    peer.reset_on_close();
  } else {
    SSL_shutdown(tls);
  }
  return false;
}

void relay(SSL* tls, const Peer& peer, const Peer& backend,
           const std::function<void(std::size_t)>& heard) {
  while (!peer.stopping()) {
    std::array<pollfd, 2> both{{{.fd = peer.socket(), .events = POLLIN, .revents = 0},
                                {.fd = backend.socket(), .events = POLLIN, .revents = 0}}};
    if (poll(both.data(), both.size(), kSliceMs) <= 0) continue;
    if (both[0].revents != 0 && !forward(tls, backend, heard)) return;
    if (both[1].revents != 0 && !answer(tls, peer, backend)) return;
  }
}

void set_nonblocking(int socket) { fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK); }

/// The first half of what an honest server would answer to this ClientHello.
std::string half_an_answer(const std::string& hello, const TlsContext& good) {
  const Tls tls(SSL_new(good.get()), &SSL_free);
  BIO* const in = BIO_new_mem_buf(hello.data(), static_cast<int>(hello.size()));
  BIO* const out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  SSL_set_bio(tls.get(), in, out);
  SSL_accept(tls.get());
  char* said = nullptr;
  const long length = BIO_get_mem_data(out, &said);
  return {said, static_cast<std::size_t>(length / 2)};
}

}  // namespace

TlsContext make_context(const TlsManner& manner, const Certificate& authority) {
  const Certificate shown = certificate_of(manner, authority);
  TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_security_level(context.get(), 0);  // or OpenSSL would not show what is weak
  if (manner.version != 0) {
    SSL_CTX_set_min_proto_version(context.get(), manner.version);
    SSL_CTX_set_max_proto_version(context.get(), manner.version);
  }
  const bool taken = SSL_CTX_use_certificate(context.get(), shown.certificate.get()) == 1 &&
                     SSL_CTX_use_PrivateKey(context.get(), shown.key.get()) == 1;
  if (!taken) std::abort();
  return context;
}

void pass_on(const Peer& peer, const TlsContext& context, int backend,
             const std::function<void(std::size_t)>& heard) {
  set_nonblocking(peer.socket());
  const Tls tls(SSL_new(context.get()), &SSL_free);
  SSL_set_fd(tls.get(), peer.socket());
  if (!shake_hands(tls.get(), peer)) return;
  const int connected = connect_loopback(backend);
  if (connected < 0) return;
  const std::atomic<bool> never = false;
  const Peer other(connected, never);
  relay(tls.get(), peer, other, heard);
}

void break_handshake(const Peer& peer, std::string_view fault, const TlsContext& good) {
  if (fault == "reset_on_connect") return peer.reset_on_close();
  if (fault == "tls_stall") return peer.linger(kPatienceMs);
  std::string hello;
  if (!peer.read_some(hello)) return;
  if (fault == "tls_reset") return peer.reset_on_close();
  if (fault == "tls_garbage") peer.send_all(std::string(4096, 'x'));
  if (fault == "tls_cut") peer.send_all(half_an_answer(hello, good));
}

}  // namespace portero::stand_in
