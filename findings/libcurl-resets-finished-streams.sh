#!/bin/sh
# Guess:    a stream of HTTP/2 that both sides have ended is closed (RFC 9113 §5.1): who has read the answer sends nothing more on it.
# Happens:  libcurl sends RST_STREAM with STREAM_CLOSED on it, after GET and POST, one at a time or many at once, when the end of the
#           stream was what ended the answer: it had no Content-Length (a 204 has none either). Servers built on nghttp2 with its
#           fix of CVE-2023-44487 (1.57) take a client that resets a thousand streams for an attack: they end the connection, and
#           what is on it fails.
# Versions: curl and libcurl 7.88.1 (Debian 12), against Node 20.20.2 (nghttp2 1.61.0).
# Date:     2026-11-29
# Here:     proxy/github/connection_pool.cpp: a pool whose connection carried 800 calls takes no more of them.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download curl=7.88.1-* libcurl4=7.88.1-* >apt.log 2>&1 || { cat apt.log; echo 'Debian 12 has these.'; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" curl; done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
  -keyout key.pem -out certificate.pem >openssl.log 2>&1 || { cat openssl.log; exit 2; }
# A server of HTTP/2, and before it a relay that ends TLS and counts the resets that come by.
cat >server.mjs <<'END_OF_SERVER'
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http2';
import {connect} from 'node:net';
import {createServer as createRelay} from 'node:tls';

const server = createServer((request, answer) => request.resume().on('end', () => answer.end('hello')));
const seen = {connections: 0, resets: 0, codes: []};
const relay = createRelay({key: readFileSync('key.pem'), cert: readFileSync('certificate.pem'), ALPNProtocols: ['h2']}, (client) => {
  const onward = connect(server.address().port, '127.0.0.1');
  let bytes = Buffer.alloc(0);
  let at = 24;  // behind the preface
  ++seen.connections;
  client.setNoDelay(true);
  onward.setNoDelay(true);
  client.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let size; at + 9 <= bytes.length && at + (size = 9 + bytes.readUIntBE(at, 3)) <= bytes.length; at += size) {
      if (bytes[at + 3] !== 3) continue;
      ++seen.resets;
      seen.codes = [...new Set([...seen.codes, bytes.readUInt32BE(at + 9)])];
    }
    bytes = bytes.subarray(at);
    at = 0;
    onward.write(chunk);
  });
  onward.on('data', (chunk) => client.write(chunk));
  client.on('error', () => {}).on('close', () => { onward.destroy(); writeFileSync('seen', JSON.stringify(seen)); });
  onward.on('error', () => {}).on('close', () => client.destroy());
});
process.on('SIGUSR2', () => Object.assign(seen, {connections: 0, resets: 0, codes: []}));
server.listen(0, '127.0.0.1', () => relay.listen(0, '127.0.0.1', () => writeFileSync('port', `${relay.address().port}\n`)));
END_OF_SERVER
node server.mjs &
server=$!
tries=0
until [ -s port ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || exit 2
  sleep 1
done

curl() { LD_LIBRARY_PATH="$folder/curl/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)" "$folder/curl/usr/bin/curl" -q -s -k "$@"; }
curl --version | head -n 1
# ask WHAT HOW-MANY [OPTION...]: asks so often, over as few connections as curl can; `resets` is what it sent.
ask() {
  rm -f seen
  kill -USR2 "$server"
  what=$1
  many=$2
  shift 2
  curl "$@" -w '%{http_code}\n' -o 'answer-#1' "https://127.0.0.1:$(cat port)/[1-$many]" >statuses 2>meter || :
  sleep 1
  rm -f answer-*
  resets=$(node -p 'JSON.parse(fs.readFileSync("seen")).resets') || exit 2
  node -p '`  ${JSON.stringify(JSON.parse(fs.readFileSync("seen")))}`' >told
  printf '%s: %d of %d answered 200, and the server saw\n%s\n' "$what" "$(grep -c '^200' statuses)" "$many" "$(cat told)"
}
# The reset of the last one may not be sent any more: the connection ends.
reset=yes
ask 'GET' 50
[ "$resets" -ge 49 ] || reset=no
ask 'POST' 50 -d x=1
[ "$resets" -ge 49 ] || reset=no
ask 'GET, many at once' 50 -Z
[ "$resets" -ge 49 ] || reset=no
ask 'GET, so many that the server minds' 2500

if [ "$reset" = yes ]; then
  echo 'As described: a reset for each answer.'
  exit 0
fi
echo 'The behaviour has changed.'
exit 1
