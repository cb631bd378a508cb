#!/bin/sh
# Guess:    with CURLOPT_PIPEWAIT ("wait for a pending connection to confirm that it can multiplex") and 32 streams a connection
#           (CURLMOPT_MAX_CONCURRENT_STREAMS), 96 transfers added at once to one host over HTTP/2 take three connections.
# Happens:  they wait for the first connection alone. Once it is known to multiplex, each transfer that finds it full opens a
#           connection of its own, though others to the same host are being opened: dozens. CURLMOPT_MAX_HOST_CONNECTIONS
#           makes them wait for each other.
# Versions: libcurl 7.88.1 (Debian 12).
# Date:     2026-11-29
# Here:     nothing yet: in proxy/github/client.cpp each sign-in has connections of its own. What shares them has to set the limit.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download libcurl4=7.88.1-* libcurl4-openssl-dev=7.88.1-* >apt.log 2>&1 || { cat apt.log; echo 'Debian 12 has these.'; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" curl; done
cat >ask.c <<'END'
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { transfers = 96, streams = 32 };

static size_t drop(char *data, size_t size, size_t count, void *to) {
  (void)data, (void)to;
  return size * count;
}

/* All at once to one host; how many connections that took. */
static long ask(const char *url, long most) {
  CURLM *multi = curl_multi_init();
  CURL *all[transfers];
  curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, (long)streams);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, most);
  for (int i = 0; i < transfers; ++i) {
    all[i] = curl_easy_init();
    curl_easy_setopt(all[i], CURLOPT_URL, url);
    curl_easy_setopt(all[i], CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(all[i], CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(all[i], CURLOPT_SSL_VERIFYPEER, 0L); /* a certificate of this script's own */
    curl_easy_setopt(all[i], CURLOPT_WRITEFUNCTION, drop);
    curl_multi_add_handle(multi, all[i]);
  }
  for (int running = 1; running > 0;) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) exit(2);
    curl_multi_poll(multi, NULL, 0, 100, NULL);
  }
  long connections = 0;
  for (int i = 0; i < transfers; ++i) {
    long status = 0, version = 0, opened = 0;
    curl_easy_getinfo(all[i], CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(all[i], CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(all[i], CURLINFO_NUM_CONNECTS, &opened);
    if (status != 200 || version != CURL_HTTP_VERSION_2_0) exit(2);
    connections += opened;
    curl_multi_remove_handle(multi, all[i]);
    curl_easy_cleanup(all[i]);
  }
  curl_multi_cleanup(multi);
  return connections;
}

int main(int count, char **values) {
  (void)count;
  printf("%s\n", curl_version_info(CURLVERSION_NOW)->version);
  const long free_to = ask(values[1], 0);
  const long held = ask(values[1], 3);
  printf("%d at once, %d streams a connection: %ld connections\n", transfers, streams, free_to);
  printf("the same, with at most 3 to a host: %ld connections\n", held);
  return free_to > 3 && held == 3 ? 0 : 1;
}
END
libraries=$folder/curl/usr/lib/$(cc -print-multiarch)
cc -o ask ask.c -I "curl/usr/include/$(cc -print-multiarch)" -L "$libraries" -lcurl >cc.log 2>&1 || { cat cc.log; exit 2; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
  -keyout key.pem -out certificate.pem >openssl.log 2>&1 || { cat openssl.log; exit 2; }
# It answers after a moment, as GitHub does.
node -e 'const fs = require("fs");
  const server = require("http2").createSecureServer({key: fs.readFileSync("key.pem"), cert: fs.readFileSync("certificate.pem")},
      (request, answer) => setTimeout(() => answer.end("hello"), 500));
  server.listen(0, "127.0.0.1", () => fs.writeFileSync("port", `${server.address().port}\n`));' &
server=$!
tries=0
until [ -s port ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || exit 2
  sleep 1
done

printf 'libcurl '
status=0
LD_LIBRARY_PATH=$libraries ./ask "https://127.0.0.1:$(cat port)/" || status=$?
case $status in
  0) echo 'As described: whoever finds the first connection full opens another.' ;;
  1) echo 'The behaviour has changed.' ;;
  *) echo 'Could not ask.' ;;
esac
exit $status
