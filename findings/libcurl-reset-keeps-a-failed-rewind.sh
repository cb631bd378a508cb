#!/bin/sh
# Guess:    curl_easy_reset() makes a handle as new: the manual says that it "re-initializes all options previously set" and
#           keeps only connections, the session ID cache, the DNS cache, cookies and shares.
# Happens:  after a POST whose body could not be sent a second time (CURLE_SEND_FAIL_REWIND: its kept connection ended, and
#           the seek callback refused), the next POST on the handle fails with the same error. It has a body of its own, none
#           of it was sent before, and the handle was reset in between.
# Versions: libcurl 8.14.1 (Debian 13). 7.88.1 (Debian 12) does not. curl's issue 18206 is about it.
# Date:     2026-11-29
# Here:     proxy/github/client.cpp makes a new handle after a POST that failed. Run it on Debian 13.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download libcurl4t64 libcurl4-openssl-dev >apt.log 2>&1 || { cat apt.log; echo 'Debian 13 has these.'; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" curl; done
cat >ask.c <<'END'
#include <curl/curl.h>
#include <stdio.h>

static size_t drop(char *data, size_t size, size_t count, void *to) {
  (void)data, (void)to;
  return size * count;
}

/* The body, once a request. */
static size_t hand_out(char *to, size_t size, size_t count, void *left) {
  (void)size, (void)count;
  if (!*(int *)left) return 0;
  *(int *)left = 0;
  *to = 'x';
  return 1;
}

static int refuse(void *user, curl_off_t offset, int origin) {
  (void)user, (void)offset, (void)origin;
  return CURL_SEEKFUNC_FAIL;
}

static CURLcode post(CURL *curl, const char *url) {
  int left = 1;
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, hand_out);
  curl_easy_setopt(curl, CURLOPT_READDATA, &left);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, refuse);
  const CURLcode code = curl_easy_perform(curl);
  printf("POST: %s\n", curl_easy_strerror(code));
  return code;
}

int main(int count, char **values) {
  (void)count;
  printf("%s\n", curl_version_info(CURLVERSION_NOW)->version);
  CURL *curl = curl_easy_init();
  if (post(curl, values[1]) != CURLE_OK) return 2;
  if (post(curl, values[1]) != CURLE_SEND_FAIL_REWIND) return 2;
  const CURLcode same = post(curl, values[1]);
  curl_easy_cleanup(curl);
  curl = curl_easy_init();
  printf("with a new handle, ");
  if (post(curl, values[1]) != CURLE_OK) return 2;
  curl_easy_cleanup(curl);
  return same == CURLE_SEND_FAIL_REWIND ? 0 : 1;
}
END
libraries=$folder/curl/usr/lib/$(cc -print-multiarch)
cc -o ask ask.c -I "curl/usr/include/$(cc -print-multiarch)" -L "$libraries" -lcurl >cc.log 2>&1 || { cat cc.log; exit 2; }
# It answers all but the second request, whose connection it ends.
node -e 'let asked = 0;
  const server = require("http").createServer((request, answer) => {
    const isSecond = ++asked === 2;
    request.on("end", () => isSecond ? request.socket.destroy() : answer.end("hello")).resume();
  });
  server.listen(0, "127.0.0.1", () => require("fs").writeFileSync("port", `${server.address().port}\n`));' &
server=$!
tries=0
until [ -s port ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || exit 2
  sleep 1
done

printf 'libcurl '
status=0
LD_LIBRARY_PATH=$libraries ./ask "http://127.0.0.1:$(cat port)/" || status=$?
case $status in
  0) echo 'As described: the reset handle fails as it did before.' ;;
  1) echo 'The behaviour has changed.' ;;
  *) echo 'Could not ask.' ;;
esac
exit $status
