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
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_cleanup) easy_cleanup;
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
