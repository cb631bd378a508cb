// What client.cpp asks of the browser, in C's terms. browser.js answers it in a page, the tests
// answer it in memory; so client.cpp is C++ like any other, and Emscripten is known to the linker
// alone. Texts are UTF-8 with their length, never terminated. One handle stands for one Client.
#pragma once

#include <cstddef>

extern "C" {

/// What can be read of a client: the fields of web/npm/index.d.ts, in the order browser.js writes
/// them. Numbers are decimal text; what is not there is empty.
enum PorteroField {
  kPorteroState,  // "starting", "signed-out", "busy", "signed-in", "error"
  kPorteroUserId,
  kPorteroUserLogin,
  kPorteroUserName,
  kPorteroUserAvatarUrl,
  kPorteroUserHtmlUrl,
  kPorteroUserEmail,
  kPorteroErrorCode,
  kPorteroErrorHint,
  kPorteroErrorRetryAfter,
};

/// Finds the page's client of that proxy. From then on `changed(client)` is called whenever a field
/// may have changed, first when the client is there; never before this call has returned.
int portero_browser_connect(const char* proxy, std::size_t proxy_size, void (*changed)(void*),
                            void* client);

/// Nothing is called any more; the handle is void.
void portero_browser_disconnect(int handle);

/// The bytes of a field, and the bytes themselves. REQUIRES: room for as many.
std::size_t portero_browser_measure(int handle, PorteroField field);
void portero_browser_copy(int handle, PorteroField field, char* room);

/// One option of the next portero_browser_sign_in(), by its name in SignInOptions
/// (web/npm/index.d.ts).
void portero_browser_option(int handle, const char* name, std::size_t name_size, const char* value,
                            std::size_t value_size);

void portero_browser_sign_in(int handle);
void portero_browser_sign_out(int handle);
void portero_browser_cancel(int handle);

}  // extern "C"
