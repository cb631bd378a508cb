// The adapter to cpp-httplib: one request line in, one status out, no socket. It names no httplib
// type, so the code compiles with several versions; tests check it against the signatures of 0.11,
// 0.18 and 0.41. Only router.cpp gives it the real ones.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>

namespace portero {

/// A httplib::Stream over memory. It reads `input`. It keeps only the status line of the output
/// (the gate renders answers itself). It implements the virtual functions of all known versions. No
/// version has all of them, so none says `override`.
template <typename StreamBase, typename Socket>
class MemoryStream : public StreamBase {
 public:
  /// REQUIRES: `input` outlives the stream.
  explicit MemoryStream(std::string_view input) : input_(input) {}

  using StreamBase::write;

  bool is_readable() const { return true; }
  bool wait_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_writable() const { return true; }

  ssize_t read(char* to, std::size_t size) {
    const std::size_t count = std::min(size, input_.size());
    std::memcpy(to, input_.data(), count);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, std::size_t size) {
    const std::size_t missing = kStatusLine - std::min(kStatusLine, written_.size());
    written_.append(from, std::min(missing, size));
    return static_cast<ssize_t>(size);
  }

  /// The number in the status line that was written, "HTTP/1.1 200 OK"; 0: nothing was.
  int status() const {
    int number = 0;
    const std::size_t at = std::min(written_.find(' '), written_.size() - 1) + 1;
    std::from_chars(written_.data() + at, written_.data() + written_.size(), number);
    return number;
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const { name_nobody(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const { name_nobody(ip, port); }
  Socket socket() const { return static_cast<Socket>(-1); }
  std::time_t duration() const { return 0; }

 private:
  static void name_nobody(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }

  static constexpr std::size_t kStatusLine = 16;  // bytes that hold the number for sure

  std::string_view input_;
  std::string written_;
};

/// A httplib::Server that can be handed one request. `process` calls whichever process_request this
/// version has; the connection always counts as closing.
template <typename ServerBase, typename Stream, typename ServerRequest>
class AdaptedServer : public ServerBase {
 public:
  bool process(Stream& stream) { return call(*this, stream); }

 private:
  using Setup = std::function<void(ServerRequest&)>;

  template <typename Self>
  static bool call(Self& self, Stream& stream) {
    bool closed = false;
    const Setup setup = [](ServerRequest&) {};
    if constexpr (requires { self.process_request(stream, true, closed, setup); }) {
      return self.process_request(stream, true, closed, setup);
    } else {
      const std::string nobody;
      return self.process_request(stream, nobody, 0, nobody, 0, true, closed, setup);
    }
  }
};

}  // namespace portero
