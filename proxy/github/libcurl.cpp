#include "proxy/github/libcurl.h"

#include <dlfcn.h>

#include <string>

#include "proxy/base/fatal.h"

namespace portero {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";  // the flavour that is linked to OpenSSL

[[noreturn]] void end_without(const char* why) {
  end_with("portero: cannot open " + std::string(kLibrary) + ": " + (why == nullptr ? "" : why) +
           "; fix: install Debian's libcurl4\n");
}

template <typename Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  if (function == nullptr) end_without(::dlerror());
}

Libcurl open_libcurl() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) end_without(::dlerror());
  Libcurl found{};
  find(library, "curl_global_init", found.global_init);
  find(library, "curl_easy_init", found.easy_init);
  find(library, "curl_easy_setopt", found.easy_setopt);
  find(library, "curl_easy_perform", found.easy_perform);
  find(library, "curl_easy_getinfo", found.easy_getinfo);
  find(library, "curl_easy_strerror", found.easy_strerror);
  find(library, "curl_easy_reset", found.easy_reset);
  find(library, "curl_easy_cleanup", found.easy_cleanup);
  find(library, "curl_slist_append", found.slist_append);
  find(library, "curl_slist_free_all", found.slist_free_all);
  find(library, "curl_share_init", found.share_init);
  find(library, "curl_share_setopt", found.share_setopt);
  find(library, "curl_share_cleanup", found.share_cleanup);
  if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) end_without("curl_global_init failed");
  return found;
}

}  // namespace

const Libcurl& libcurl() {
  static const Libcurl kOpened = open_libcurl();
  return kOpened;
}

}  // namespace portero
