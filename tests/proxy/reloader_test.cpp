// When something is read anew: once for a request, once for a changed key file, never otherwise.
#include "proxy/reloader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

namespace portero {
namespace {

using namespace std::chrono_literals;

class ReloaderTest : public testing::Test {
 protected:
  ReloaderTest() : path_(testing::TempDir() + "keys-" + std::to_string(::getpid())) { write("1"); }
  ~ReloaderTest() override { std::filesystem::remove(path_); }

  void write(const std::string& text) const {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }

  Reloader::Hooks hooks() {
    return {.everything = [this] { count(everything_); },
            .keys = [this] { count(keys_); },
            .key_file = [this] { return path_; }};
  }
  void count(int& counter) {
    const std::scoped_lock lock(mutex_);
    ++counter;
    changed_.notify_all();
  }
  /// False: it has not come to that in ten seconds.
  bool comes_to(const int& counter, int expected) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return counter >= expected; });
  }

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int everything_ = 0;
  int keys_ = 0;
};

TEST_F(ReloaderTest, ReadsEverythingWhenAsked) {
  {
    Reloader reloader(hooks(), 10ms);
    reloader.request();
    EXPECT_TRUE(comes_to(everything_, 1));
    reloader.request();
    EXPECT_TRUE(comes_to(everything_, 2));
  }
  EXPECT_EQ(keys_, 0);
}

TEST_F(ReloaderTest, ReadsTheKeysWhenTheirFileIsReplaced) {
  {
    Reloader reloader(hooks(), 10ms);
    // The thread's first look may come after the first change: a second one cannot be missed.
    write("22");
    write("333");
    reloader.request();
    EXPECT_TRUE(comes_to(everything_, 1));
    write("4444");
    EXPECT_TRUE(comes_to(keys_, 1));
  }
}

TEST_F(ReloaderTest, IsNotMovedByAKeyFileThatHasGone) {
  Reloader reloader(hooks(), 5ms);
  std::filesystem::remove(path_);
  reloader.request();
  EXPECT_TRUE(comes_to(everything_, 1));
  reloader.request();
  EXPECT_TRUE(comes_to(everything_, 2));
  EXPECT_EQ(keys_, 0);
  write("back");
  EXPECT_TRUE(comes_to(keys_, 1));
}

}  // namespace
}  // namespace portero
