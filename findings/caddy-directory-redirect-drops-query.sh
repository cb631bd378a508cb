#!/bin/sh
# Guess:    a redirect from /app to /app/ keeps the query. Caddy's documentation of file_server says only that it
#           adds the slash; nginx and Apache, which do the same, keep the query.
# Happens:  `Location: /app/`, status 308. `code` and `state` are gone, and the page believes that nobody comes from GitHub.
# Versions: Caddy 2.6.2 (Debian 12). Caddy's issue 5581 and pull request 6109 are about it: newer ones may keep the query.
# Date:     2026-11-28
# Here:     docs/hosting.md, "A path prefix": the redirect_uri is the address that the host answers without a redirect.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

apt-get download caddy >apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x caddy_*.deb caddy
mkdir -p site/app
echo '<p>app' >site/app/index.html
cat >Caddyfile <<END
{
	admin off
}
http://page.example {
	bind unix/$folder/socket
	root * $folder/site
	file_server
}
END
HOME=$folder caddy/usr/bin/caddy run --config Caddyfile --adapter caddyfile >caddy.log 2>&1 &
server=$!

ask() {
  curl --silent --unix-socket socket --output /dev/null --write-out '%{http_code} %header{location}' "http://page.example$1"
}
tries=0
until ask / >/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { cat caddy.log; exit 2; }
  sleep 1
done

query='code=abc&state=portero.xyz&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth'
without=$(ask "/app?$query")
with=$(ask "/app/?$query")
echo "caddy $(dpkg-deb -f caddy_*.deb Version)"
echo "GET /app?$query"
echo "    $without"
echo "GET /app/?$query"
echo "    $with"

if [ "$without" = '308 /app/' ] && [ "${with%% *}" = 200 ]; then
  echo 'As described: the redirect has lost the query.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
