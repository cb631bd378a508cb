// libcurl, opened when it is first needed: it brings twenty-five libraries of its own, and the
// commands that call nobody (health, keygen, reload) would wait for them in vain.
#pragma once

#include <curl/curl.h>

namespace portero {

/// What we call of it: libcurl's own names, less their `curl_`.
struct Libcurl {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_socket_action) multi_socket_action;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_share_init) share_init;
  decltype(&curl_share_setopt) share_setopt;
  decltype(&curl_share_cleanup) share_cleanup;
};

/// Any thread. The first call opens and initialises libcurl, in some 10 ms; where that fails it
/// ends the program with a message, as the loader would.
[[nodiscard]] const Libcurl& libcurl();

}  // namespace portero
