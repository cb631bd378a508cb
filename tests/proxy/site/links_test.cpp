// Links of static_dir: followed where they stay in the folder, with openat2 and without, and never
// out of it.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <thread>

#include "tests/proxy/site/folder.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

/// From here on openat2 fails with `error` for this thread, as on an old kernel or in a sandbox.
void deny_openat2(int error) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{.len = std::size(filter), .filter = filter};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
  ASSERT_EQ(::syscall(SYS_openat2, 0, nullptr, nullptr, 0), -1);
  ASSERT_EQ(errno, error);
}

/// What openat2 says before it is asked: 0, or the error of a system that has it not.
class Links : public Folder, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    Folder::SetUp();
    put("index.html", "<p>page");
    std::ofstream(root_ / "outside.txt") << "OUTSIDE";
    fs::create_directory(root_ / "other");
    std::ofstream(root_ / "other/a.txt") << "OUTSIDE";
  }
  /// paths(), on a thread of its own that may be denied openat2.
  std::string read_here() {
    std::string found;
    std::thread([&] {
      if (GetParam() != 0) deny_openat2(GetParam());
      found = paths();
    }).join();
    return found;
  }
};

INSTANTIATE_TEST_SUITE_P(OnSystems, Links, ::testing::Values(0, ENOSYS, EPERM),
                         [](const auto& system) {
                           return system.param == 0        ? "WithOpenat2"
                                  : system.param == ENOSYS ? "WithoutOpenat2"
                                                           : "WhereOpenat2IsDenied";
                         });

TEST_P(Links, OfAConfigMapAreFollowed) {
  fs::remove(site_ / "index.html");
  put("..2026_11_28_10_00_00.123/index.html", "<p>mapped");
  put("..2026_11_28_10_00_00.123/index.html.br", "brotli");
  put("..2026_11_28_10_00_00.123/web/app.js", "code");
  link("..data", "..2026_11_28_10_00_00.123");
  for (const char* name : {"index.html", "index.html.br", "web"}) {
    link(name, fs::path("..data") / name);
  }
  EXPECT_EQ(read_here(), "/ /index.html /web/app.js") << why_;
  EXPECT_EQ(read().at("/").body, "<p>mapped");
  EXPECT_EQ(read().at("/").br, "brotli");
  EXPECT_EQ(all_left_out(), "");
}

TEST_P(Links, AreFollowedHoweverTheyAreWritten) {
  put("deep/er/a.txt", "A");
  put(".releases/7/b.txt", "B");
  link("relative.txt", "deep/er/a.txt");
  link("dotted.txt", "deep/./../deep/er/a.txt");
  link("absolute.txt", site_ / "deep/er/a.txt");
  link("out-and-in.txt", "../site/deep/er/a.txt");
  link("chain.txt", "relative.txt");
  link("deep/up.txt", "../index.html");
  link("current", ".releases/7");
  EXPECT_EQ(read_here(),
            "/ /absolute.txt /chain.txt /current/b.txt /deep/er/a.txt /deep/up.txt /dotted.txt "
            "/index.html /out-and-in.txt /relative.txt")
      << why_;
}

TEST_P(Links, ThatLeadOutsideAreLeftOutAndNamed) {
  link("file.txt", "../outside.txt");
  link("folder", "../other");
  link("absolute.txt", "/etc/passwd");
  link("chain.txt", "file.txt");
  link("near.txt", root_ / "site-other/a.txt");
  fs::create_directory(root_ / "site-other");
  std::ofstream(root_ / "site-other/a.txt") << "OUTSIDE";
  link("parent", "..");
  EXPECT_EQ(read_here(), "/ /index.html");
  EXPECT_TRUE(says({"6 links that lead out of it", "absolute.txt, chain.txt, file.txt", "cp -rL"}))
      << all_left_out();
}

TEST_P(Links, ThatLeadNowhereAreLeftOutAndNamed) {
  link("gone.txt", "nothing.txt");
  link("self.txt", "self.txt");
  link("through.txt", "index.html/x");
  EXPECT_EQ(read_here(), "/ /index.html") << why_;
  EXPECT_TRUE(says({"3 links that lead nowhere", "gone.txt"})) << all_left_out();
}

TEST_P(Links, BackToAFolderThatTheyLieInEndThere) {
  put("a/b/c.txt");
  link("a/loop", "..");
  link("a/b/here", ".");
  link("a/b/up", "../../a");
  link("twin", "a/b");
  EXPECT_EQ(read_here(), "/ /a/b/c.txt /index.html /twin/c.txt") << why_;
  EXPECT_TRUE(says({"links back to a folder that they lie in", "a/b/here"})) << all_left_out();
}

TEST_P(Links, ToWhatIsNotForVisitorsAreLeftOutByEitherName) {
  put(".env", "SECRET");
  put("z/server.key", "SECRET");
  link("env.txt", ".env");
  link("cert.txt", "z/server.key");
  link("page.pem", "index.html");
  EXPECT_EQ(read_here(), "/ /index.html");
  EXPECT_TRUE(says({"should not get: cert.txt, env.txt, page.pem and 1 more"})) << all_left_out();
}

TEST_P(Links, IntoARepositorysDataAreRefused) {
  put(".hidden/.git/description.txt", "SECRET");
  link("a.txt", ".hidden/.git/description.txt");
  EXPECT_EQ(read_here(), "");
  EXPECT_NE(why_.find("repository's own data"), std::string::npos) << why_;
}

TEST_P(Links, ToWhatIsNoFileAreLeftOutUnopened) {
  ASSERT_EQ(::mkfifo((site_ / "pipe.txt").c_str(), 0600), 0);
  link("piped.txt", "pipe.txt");
  EXPECT_EQ(read_here(), "/ /index.html");
  EXPECT_TRUE(says({"2 ", "pipe.txt, piped.txt"})) << all_left_out();
}

/// Whatever a link becomes while the folder is read: nothing from outside is in it.
TEST_P(Links, ThatAreSwappedWhileTheyAreReadLeadNowhereElse) {
  put("real/a.txt", "inside");
  link("swapped.txt", "real/a.txt");
  link("turned", "real");
  std::atomic<bool> done = false;
  std::thread swapping([&] {
    for (int i = 0; !done; ++i) {
      const bool out = i % 2 == 0;
      fs::create_symlink(out ? "../outside.txt" : "real/a.txt", site_ / ".next");
      fs::rename(site_ / ".next", site_ / "swapped.txt");
      fs::create_symlink(out ? "../other" : "real", site_ / ".next");
      fs::rename(site_ / ".next", site_ / "turned");
    }
  });
  std::thread([&] {
    if (GetParam() != 0) deny_openat2(GetParam());
    for (int i = 0; i < 300; ++i) {
      for (const auto& [path, file] : read()) EXPECT_EQ(file.body.find("OUTSIDE"), file.body.npos);
    }
  }).join();
  done = true;
  swapping.join();
}

/// The same with a folder on the way: it is a link to outside by the time its file is opened.
TEST_P(Links, FoldersThatAreSwappedForLinksLeadNowhereElse) {
  put("real/a.txt", "inside");
  std::atomic<bool> done = false;
  std::thread swapping([&] {
    fs::create_directory_symlink("../other", site_ / ".out");
    while (!done) {
      ::renameat2(AT_FDCWD, (site_ / ".out").c_str(), AT_FDCWD, (site_ / "real").c_str(),
                  RENAME_EXCHANGE);
    }
  });
  std::thread([&] {
    if (GetParam() != 0) deny_openat2(GetParam());
    for (int i = 0; i < 300; ++i) {
      for (const auto& [path, file] : read()) EXPECT_EQ(file.body.find("OUTSIDE"), file.body.npos);
    }
  }).join();
  done = true;
  swapping.join();
}

}  // namespace
}  // namespace portero
