// What a supervisor hands over and is told, by sd_listen_fds(3) and sd_notify(3).
#include "proxy/systemd.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace portero {
namespace {

/// A supervisor's end, at a path or (after "@") an abstract name.
class Ear {
 public:
  explicit Ear(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    bound_ = ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  }
  [[nodiscard]] bool is_bound() const { return bound_; }
  [[nodiscard]] std::string hear() const {
    std::array<char, 256> text{};
    const ssize_t got = ::recv(fd_.get(), text.data(), text.size(), MSG_DONTWAIT);
    return got < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(got));
  }

 private:
  Descriptor fd_;
  bool bound_ = false;
};

TEST(ServiceManager, IsToldAtAPathAndAtAnAbstractName) {
  const std::string unique = std::to_string(::getpid());
  for (const std::string& name : {testing::TempDir() + "ear-" + unique, "@portero-ear-" + unique}) {
    const Ear ear(name);
    ASSERT_TRUE(ear.is_bound()) << name;
    ServiceManager(name).notify("READY=1");
    EXPECT_EQ(ear.hear(), "READY=1") << name;
    if (name.front() != '@') ::unlink(name.c_str());
  }
}

TEST(ServiceManager, WhoIsNotThereIsNoReasonToStop) {
  ServiceManager("").notify("READY=1");
  ServiceManager("/nowhere/at/all").notify("READY=1");
  ServiceManager(std::string(200, 'x')).notify("READY=1");
}

TEST(HandedSockets, AreOurOwnOnlyWhenTheProcessIdSaysSo) {
  Findings findings;
  const std::string other = std::to_string(::getpid() + 1);
  for (const Environment& environment :
       {Environment{}, Environment{{"LISTEN_FDS", "1"}},
        Environment{{"LISTEN_PID", other}, {"LISTEN_FDS", "1"}},
        Environment{{"LISTEN_PID", "x"}, {"LISTEN_FDS", "1"}},
        Environment{{"LISTEN_PID", std::to_string(::getpid())}, {"LISTEN_FDS", "0"}}}) {
    const HandedSockets handed = take_handed_sockets(environment, findings);
    EXPECT_FALSE(handed.visitors.is_open() || handed.internal.is_open());
  }
  EXPECT_TRUE(findings.mistakes.empty());
}

}  // namespace
}  // namespace portero
