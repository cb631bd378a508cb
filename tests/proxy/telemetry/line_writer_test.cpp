#include "proxy/telemetry/line_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace portero {
namespace {

struct Pipe {
  Pipe() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(::pipe(ends.data()), 0);
  }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_reader() {
    if (ends[0] >= 0) ::close(ends[0]);
    ends[0] = -1;
  }
  std::string read_some() {
    std::string bytes(std::size_t{1} << 20U, '\0');
    const ssize_t got = ::read(ends[0], bytes.data(), bytes.size());
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  std::array<int, 2> ends{};
};

const std::string kLine = std::string(199, 'x') + "\n";

TEST(LineWriter, WritesALine) {
  Pipe pipe;
  LineWriter writer(pipe.ends[1]);
  EXPECT_TRUE(writer.write("one\n"));
  EXPECT_TRUE(writer.write("two\n"));
  EXPECT_EQ(pipe.read_some(), "one\ntwo\n");
}

/// If it waited for a reader, this test would never end.
TEST(LineWriter, LosesWhatAFullPipeWillNotTakeAndGoesOnWhenItIsRead) {
  Pipe pipe;
  LineWriter writer(pipe.ends[1]);
  std::size_t taken = 0;
  for (int i = 0; i < 2000; ++i) taken += writer.write(kLine) ? 1 : 0;
  EXPECT_GT(taken, 10U);
  EXPECT_LT(taken, 2000U);
  EXPECT_EQ(pipe.read_some().size(), taken * kLine.size());  // whole lines only
  EXPECT_TRUE(writer.write("again\n"));
  EXPECT_EQ(pipe.read_some(), "again\n");
}

TEST(LineWriter, OutlivesItsReader) {
  Pipe pipe;
  LineWriter writer(pipe.ends[1]);
  pipe.close_reader();
  EXPECT_FALSE(writer.write(kLine));
  EXPECT_FALSE(writer.write(kLine));
}

TEST(LineWriter, OutlivesAFullDiskAndAClosedDescriptor) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  LineWriter on_full(full);
  EXPECT_FALSE(on_full.write(kLine));
  ::close(full);
  EXPECT_FALSE(on_full.write(kLine));
}

/// A pipe that does not block takes part of a line longer than it has room for.
TEST(LineWriter, BeginsANewLineAfterHalfAOne) {
  Pipe pipe;
  ASSERT_EQ(::fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK), 0);
  LineWriter writer(pipe.ends[1]);
  EXPECT_FALSE(writer.write(std::string(std::size_t{1} << 20U, 'x') + "\n"));
  (void)pipe.read_some();
  EXPECT_TRUE(writer.write("next\n"));
  EXPECT_EQ(pipe.read_some(), "\nnext\n");
}

}  // namespace
}  // namespace portero
