// The seam compiles and calls through for the signatures of cpp-httplib 0.11, 0.18 and 0.41.
#include "proxy/gate/httplib_adapter.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

struct StubRequest {};
using Setup = std::function<void(StubRequest&)>;

template <typename Base>
std::string drain(Base& stream) {
  char bytes[8];
  std::string all;
  for (ssize_t got = stream.read(bytes, sizeof bytes); got > 0;
       got = stream.read(bytes, sizeof bytes)) {
    all.append(bytes, static_cast<std::size_t>(got));
  }
  stream.write("ignored", 7);
  return all;
}

struct Stream11 {
  virtual ~Stream11() = default;
  virtual bool is_readable() const = 0;
  virtual bool is_writable() const = 0;
  virtual ssize_t read(char* ptr, std::size_t size) = 0;
  virtual ssize_t write(const char* ptr, std::size_t size) = 0;
  virtual void get_remote_ip_and_port(std::string& ip, int& port) const = 0;
  virtual void get_local_ip_and_port(std::string& ip, int& port) const = 0;
  virtual int socket() const = 0;
};
using Stream18 = Stream11;
struct Stream41 {
  virtual ~Stream41() = default;
  virtual bool is_readable() const = 0;
  virtual bool wait_readable() const = 0;
  virtual bool wait_writable() const = 0;
  virtual ssize_t read(char* ptr, std::size_t size) = 0;
  virtual ssize_t write(const char* ptr, std::size_t size) = 0;
  virtual void get_remote_ip_and_port(std::string& ip, int& port) const = 0;
  virtual void get_local_ip_and_port(std::string& ip, int& port) const = 0;
  virtual int socket() const = 0;
  virtual time_t duration() const = 0;
};

struct Server11 {
  std::string seen;

 protected:
  bool process_request(Stream11& stream, bool close, bool& closed, const Setup& setup) {
    StubRequest request;
    setup(request);
    seen = drain(stream);
    closed = close;
    return close && stream.is_writable();
  }
};
struct Server18 {
  std::string seen;

 protected:
  bool process_request(Stream18& stream, const std::string& remote, int remote_port,
                       const std::string& local, int local_port, bool close, bool& closed,
                       const Setup& setup) {
    StubRequest request;
    setup(request);
    seen = drain(stream);
    closed = close;
    return close && stream.is_writable() && remote.empty() && local.empty() &&
           remote_port + local_port == 0;
  }
};
struct Server41 {
  std::string seen;

 protected:
  bool process_request(Stream41& stream, const std::string& remote, int remote_port,
                       const std::string& local, int local_port, bool close, bool& closed,
                       const Setup& setup, bool* upgraded = nullptr) {
    StubRequest request;
    setup(request);
    seen = drain(stream);
    closed = close;
    return close && stream.wait_writable() && stream.duration() == 0 && upgraded == nullptr &&
           remote.empty() && local.empty() && remote_port + local_port == 0;
  }
};

template <typename Server, typename Stream>
void expect_it_gets_through() {
  const std::string request = "GET / HTTP/1.1\r\nHost: p\r\n\r\n";
  MemoryStream<Stream, int> stream(request);
  AdaptedServer<Server, Stream, StubRequest> server;
  EXPECT_TRUE(server.process(stream));
  EXPECT_EQ(server.seen, request);
}

TEST(HttplibSeam, FitsVersion11) { expect_it_gets_through<Server11, Stream11>(); }
TEST(HttplibSeam, FitsVersion18) { expect_it_gets_through<Server18, Stream18>(); }
TEST(HttplibSeam, FitsVersion41) { expect_it_gets_through<Server41, Stream41>(); }

}  // namespace
}  // namespace portero
