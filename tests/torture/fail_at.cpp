// libfail-at.so, for LD_PRELOAD: makes one call of a kind fail, after an idea of curl's torture
// tests. FAIL_KIND names the kind (the table below), FAIL_AT which call of it (from 1; 0: none, so
// that it only counts), FAIL_ERRNO what errno says then. FAIL_PAGE is a file of 16 bytes that two
// numbers are kept in: calls so far, failures so far.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Page {
  std::atomic<std::uint64_t> calls;
  std::atomic<std::uint64_t> failures;
};

enum Kind { kNone, kRead, kWrite, kSend, kRecv, kAccept, kEpoll, kOpen, kRandom, kEvp, kMalloc };
constexpr const char* kNames[] = {"",           "read", "write",     "send", "recv",  "accept",
                                  "epoll_wait", "open", "getrandom", "evp",  "malloc"};

Kind chosen = kNone;
std::uint64_t fails_at = 0;
int fails_with = 0;
Page* page = nullptr;

__attribute__((constructor)) void begin() {
  const char* kind = std::getenv("FAIL_KIND");
  const char* path = std::getenv("FAIL_PAGE");
  if (kind == nullptr || path == nullptr) return;
  if (const char* at = std::getenv("FAIL_AT")) fails_at = std::strtoull(at, nullptr, 10);
  if (const char* error = std::getenv("FAIL_ERRNO")) fails_with = std::atoi(error);
  const int file = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC));
  void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) std::abort();
  page = static_cast<Page*>(memory);
  for (int i = kRead; i <= kMalloc; ++i) {
    if (std::strcmp(kind, kNames[i]) == 0) chosen = static_cast<Kind>(i);
  }
  if (chosen == kNone) std::abort();
}

/// Counts the call; true when it is the one to fail.
bool fails(Kind kind) {
  if (kind != chosen || page == nullptr) return false;
  if (page->calls.fetch_add(1) + 1 != fails_at) return false;
  page->failures.fetch_add(1);
  errno = fails_with;
  return true;
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))
// The function of that name, counted: `failed` is what it returns when it is to fail.
#define COUNTED(kind, failed, type, name, parameters, arguments) \
  EXPORT type name parameters {                                  \
    static auto* const next = real<type parameters>(#name);      \
    return fails(kind) ? failed : next arguments;                \
  }

COUNTED(kRead, -1, ssize_t, read, (int fd, void* to, size_t size), (fd, to, size))
COUNTED(kWrite, -1, ssize_t, write, (int fd, const void* from, size_t size), (fd, from, size))
COUNTED(kSend, -1, ssize_t, send, (int fd, const void* from, size_t size, int flags),
        (fd, from, size, flags))
COUNTED(kSend, -1, ssize_t, sendto,
        (int fd, const void* from, size_t size, int flags, const sockaddr* to, socklen_t length),
        (fd, from, size, flags, to, length))
COUNTED(kRecv, -1, ssize_t, recv, (int fd, void* to, size_t size, int flags), (fd, to, size, flags))
COUNTED(kAccept, -1, int, accept4, (int fd, sockaddr* from, socklen_t* length, int flags),
        (fd, from, length, flags))
COUNTED(kEpoll, -1, int, epoll_wait, (int fd, epoll_event* events, int most, int timeout),
        (fd, events, most, timeout))
COUNTED(kOpen, nullptr, FILE*, fopen, (const char* path, const char* mode), (path, mode))
COUNTED(kOpen, nullptr, FILE*, fopen64, (const char* path, const char* mode), (path, mode))
COUNTED(kRandom, -1, ssize_t, getrandom, (void* to, size_t size, unsigned flags), (to, size, flags))
COUNTED(kRandom, -1, int, getentropy, (void* to, size_t size), (to, size))

EXPORT int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (fails(kOpen)) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

EXPORT long syscall(long number, ...) noexcept {  // OpenSSL asks for random bytes this way
  static auto* const next = real<long(long, long, long, long, long, long, long)>("syscall");
  va_list more;
  va_start(more, number);
  long a[6];
  for (long& argument : a) argument = va_arg(more, long);
  va_end(more);
  if (number == SYS_getrandom && fails(kRandom)) return -1;
  return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

using Bytes = unsigned char*;
using Text = const unsigned char*;
COUNTED(kEvp, 0, int, RAND_bytes, (Bytes to, int size), (to, size))
COUNTED(kEvp, nullptr, void*, EVP_CIPHER_CTX_new, (), ())
COUNTED(kEvp, 0, int, EVP_CIPHER_CTX_ctrl, (void* c, int what, int size, void* p),
        (c, what, size, p))
COUNTED(kEvp, 0, int, EVP_EncryptInit_ex, (void* c, const void* t, void* e, Text k, Text iv),
        (c, t, e, k, iv))
COUNTED(kEvp, 0, int, EVP_EncryptUpdate, (void* c, Bytes to, int* size, Text from, int length),
        (c, to, size, from, length))
COUNTED(kEvp, 0, int, EVP_EncryptFinal_ex, (void* c, Bytes to, int* size), (c, to, size))
COUNTED(kEvp, 0, int, EVP_DecryptInit_ex, (void* c, const void* t, void* e, Text k, Text iv),
        (c, t, e, k, iv))
COUNTED(kEvp, 0, int, EVP_DecryptUpdate, (void* c, Bytes to, int* size, Text from, int length),
        (c, to, size, from, length))
COUNTED(kEvp, 0, int, EVP_DecryptFinal_ex, (void* c, Bytes to, int* size), (c, to, size))
COUNTED(kEvp, 0, int, EVP_Digest,
        (const void* from, size_t length, Bytes to, unsigned* size, const void* t, void* e),
        (from, length, to, size, t, e))
COUNTED(kEvp, 0, int, EVP_DigestInit_ex, (void* c, const void* t, void* e), (c, t, e))
COUNTED(kEvp, 0, int, EVP_DigestUpdate, (void* c, const void* from, size_t length),
        (c, from, length))
COUNTED(kEvp, 0, int, EVP_DigestFinal_ex, (void* c, Bytes to, unsigned* size), (c, to, size))

// Not by dlsym, which allocates itself.
extern "C" void* __libc_malloc(size_t size);
extern "C" void* __libc_calloc(size_t count, size_t size);
extern "C" void* __libc_realloc(void* old, size_t size);
EXPORT void* malloc(size_t size) noexcept { return fails(kMalloc) ? nullptr : __libc_malloc(size); }
EXPORT void* calloc(size_t count, size_t size) noexcept {
  return fails(kMalloc) ? nullptr : __libc_calloc(count, size);
}
EXPORT void* realloc(void* old, size_t size) noexcept {
  return fails(kMalloc) ? nullptr : __libc_realloc(old, size);
}
