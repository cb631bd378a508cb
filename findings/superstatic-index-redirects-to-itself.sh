#!/bin/sh
# Guess:    with `cleanUrls` and `"trailingSlash": false`, /index.html?code=… redirects to /?code=…, as /index.html redirects
#           to / and /page.html?code=… to /page?code=…. The README: a 301 "to the same path with .html dropped".
# Happens:  at the root, and only with a query, the answer is `Location: ?code=…`: "/" has lost its slash, too, and what is
#           left means the address that was asked for. /index.html?code=… redirects to itself.
# Versions: superstatic 11.0.0 and 10.0.0 (Firebase's emulator serves with it), under Node 20. Another: the argument.
# Date:     2026-11-28
# Here:     docs/hosting.md, "A path prefix": the redirect_uri is the address that the host answers without a redirect.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  --omit=optional "superstatic@${1:-11.0.0}" >npm.log 2>&1 || { cat npm.log; exit 2; }
mkdir site
echo '<p>root' >site/index.html
echo '<p>page' >site/page.html
echo '{"public": "site", "cleanUrls": true, "trailingSlash": false}' >superstatic.json
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
HOME=$folder NO_UPDATE_NOTIFIER=1 node node_modules/superstatic/lib/bin/server.js . --hostname 127.0.0.1 --port "$port" >server.log 2>&1 &
server=$!
curl --silent --retry 60 --retry-delay 1 --retry-connrefused --output /dev/null "http://127.0.0.1:$port/" || { cat server.log; exit 2; }

query='code=abc&state=portero.xyz&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth'
ask() {
  curl --silent --output /dev/null --write-out '%{http_code} %header{location}' "http://127.0.0.1:$port$1"
}
target() {
  curl --silent --output /dev/null --write-out '%{redirect_url}' "http://127.0.0.1:$port$1"
}
echo "superstatic $(node -p 'require("./node_modules/superstatic/package.json").version')"
for path in /index.html "/page.html?$query" "/index.html?$query" "/index?$query"; do
  echo "GET $path"
  echo "    $(ask "$path")"
  echo "    which is $(target "$path")"
done

if [ "$(ask /index.html)" = '301 /' ] && [ "$(ask "/page.html?$query")" = "301 /page?$query" ] &&
  [ "$(ask "/index.html?$query")" = "301 ?$query" ] &&
  [ "$(target "/index.html?$query")" = "http://127.0.0.1:$port/index.html?$query" ]; then
  echo 'As described: /index.html with a query redirects to itself.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
