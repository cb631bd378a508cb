// TLS in front of one of the stand-in's ports: ends it and passes the bytes on unread, or plays one
// of the connection faults (connection_faults.h) instead. What GitHub says is not known here.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/github/certificates.h"

namespace portero::stand_in {

struct TlsFrontHooks {
  /// The fault the next connection is to play; "" for none. Called once a connection.
  std::function<std::string()> next_fault;
  /// So many bytes came out of TLS on a connection that plays that fault: what the proxy would have
  /// told a GitHub it had no reason to believe in.
  std::function<void(std::string_view fault, std::size_t bytes)> heard;
};

class TlsFront {
 public:
  /// How the port is to be met. Refusing: nobody listens. Dropping: the queue is full, and Linux
  /// answers no SYN.
  enum class Door { kOpen, kRefusing, kDropping };

  /// On a free port of 127.0.0.1, in front of `backend`, a port there; nullptr when there is none.
  /// The hooks are called from many threads.
  static std::unique_ptr<TlsFront> start(const Certificate& authority, int backend,
                                         TlsFrontHooks hooks);

  TlsFront();
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  [[nodiscard]] int port() const;

  /// Connections that have not ended yet.
  [[nodiscard]] std::size_t open_connections() const;

  /// In force when it returns. False: the port could not be opened again.
  bool set_door(Door door);

  /// Ends every connection and joins its thread.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace portero::stand_in
