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

// Each function by its own name: two of one type cannot be taken for each other.
#define FIND(name) find(library, "curl_" #name, found.name)

Libcurl open_libcurl() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) end_without(::dlerror());
  Libcurl found{};
  FIND(global_init);
  FIND(easy_init);
  FIND(easy_setopt);
  FIND(easy_getinfo);
  FIND(easy_strerror);
  FIND(easy_cleanup);
  FIND(multi_init);
  FIND(multi_setopt);
  FIND(multi_add_handle);
  FIND(multi_remove_handle);
  FIND(multi_socket_action);
  FIND(multi_info_read);
  FIND(multi_cleanup);
  FIND(slist_append);
  FIND(slist_free_all);
  FIND(share_init);
  FIND(share_setopt);
  FIND(share_cleanup);
  if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) end_without("curl_global_init failed");
  return found;
}

#undef FIND

}  // namespace

const Libcurl& libcurl() {
  static const Libcurl kOpened = open_libcurl();
  return kOpened;
}

}  // namespace portero
