#!/bin/sh
# Guess:    with CURLOPT_MAXAGE_CONN at 1, a connection that was idle for more than a second is not used again: the manual
#           calls the option "the maximum time in seconds" that it may have been idle.
# Happens:  libcurl rounds the time down to whole seconds, then compares. A connection that was idle for 1.6 s is used again;
#           one that was idle for 2.6 s is not.
# Versions: libcurl 7.88.1 (Debian 12). curl's pull request 17571 is about it: newer ones may count milliseconds.
# Date:     2026-11-28
# Here:     proxy/github/client.cpp keeps its own time, in milliseconds, and asks for a fresh connection itself.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download libcurl4 libcurl4-openssl-dev >apt.log 2>&1 || { cat apt.log; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" curl; done
cat >ask.c <<'END'
#include <curl/curl.h>
#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static size_t drop(char *data, size_t size, size_t count, void *to) {
  (void)data, (void)to;
  return size * count;
}

/* Asks twice with a pause between. Returns how many connections the second request opened; -1: the pause was too long. */
static long ask(const char *url, double pause) {
  const double most = (long)pause + 0.95;
  struct timespec sleep = {.tv_sec = (long)pause, .tv_nsec = (long)((pause - (long)pause) * 1e9)};
  long opened = -1;
  CURL *curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, 1L);
  const double before = now();
  if (curl_easy_perform(curl) != CURLE_OK) return -2;
  const double idle = now();
  nanosleep(&sleep, NULL);
  const double least = now() - idle;
  if (now() - before < most && curl_easy_perform(curl) == CURLE_OK)
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &opened);
  curl_easy_cleanup(curl);
  if (opened >= 0) printf("limit 1 s, idle %.2f s: %s\n", least, opened ? "a new connection" : "the old connection");
  return opened;
}

int main(int count, char **values) {
  (void)count;
  printf("%s\n", curl_version_info(CURLVERSION_NOW)->version);
  long early = -1, late = -1;
  for (int tries = 0; tries < 10 && early == -1; ++tries) early = ask(values[1], 1.6);
  for (int tries = 0; tries < 10 && late == -1; ++tries) late = ask(values[1], 2.6);
  if (early < 0 || late < 0) return 2;
  return early == 0 && late == 1 ? 0 : 1;
}
END
libraries=$folder/curl/usr/lib/$(cc -print-multiarch)
cc -o ask ask.c -I "curl/usr/include/$(cc -print-multiarch)" -L "$libraries" -lcurl >cc.log 2>&1 || { cat cc.log; exit 2; }
# It keeps a connection for a minute.
node -e 'const server = require("http").createServer((asked, answer) => answer.end("hello"));
  server.keepAliveTimeout = 60000;
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
  0) echo 'As described: part of a second does not count.' ;;
  1) echo 'The behaviour has changed.' ;;
  *) echo 'Could not ask.' ;;
esac
exit $status
