// under-filter NUMBERS PROGRAM [ARGUMENT]...: runs PROGRAM with a seccomp filter that allows the
// system calls of these numbers (separated by commas) and ends the process at any other: what
// systemd's SystemCallFilter= does, without systemd.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <vector>

namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "name this machine's AUDIT_ARCH here"
#endif

std::vector<unsigned> read_numbers(std::string_view text) {
  std::vector<unsigned> numbers;
  while (!text.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return {};
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return numbers;
}

std::vector<sock_filter> make_filter(const std::vector<unsigned>& allowed) {
  std::vector<sock_filter> filter = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const unsigned number : allowed) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<unsigned> allowed = argc > 2 ? read_numbers(argv[1]) : std::vector<unsigned>();
  if (allowed.empty()) {
    (void)std::fputs("usage: under-filter NUMBER,NUMBER... PROGRAM [ARGUMENT]...\n", stderr);
    return 2;
  }
  std::vector<sock_filter> filter = make_filter(allowed);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    std::perror("under-filter");
    return 2;
  }
  execv(argv[2], argv + 2);
  std::perror("under-filter");
  return 2;
}
