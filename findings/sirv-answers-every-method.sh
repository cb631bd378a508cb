#!/bin/sh
# Guess:    a server of files answers GET and HEAD, and PUT and DELETE at least with 405 (RFC 9110 §15.5.6), as nginx and
#           Apache do. "sirv just serves files", says its author where somebody asks for POST (lukeed/sirv, issue 153).
# Happens:  POST, PUT, DELETE and OPTIONS get the file and 200. With `--single` so does every path: a POST to an API that is
#           not there succeeds, with the page as its answer.
# Versions: sirv-cli 3.0.1. Another one: give it as the argument.
# Date:     2026-11-28
# Here:     web/http.js: an answer that is not JSON is no answer of the proxy, whatever its status.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || :; wait; rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  "sirv-cli@${1:-3.0.1}" >npm.log 2>&1 || { cat npm.log; exit 2; }
mkdir site
echo '<p>the page' >site/index.html
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
node node_modules/sirv-cli/bin.js site --single --host 127.0.0.1 --port "$port" >server.log 2>&1 &
server=$!
curl --silent --retry 60 --retry-delay 1 --retry-connrefused --output /dev/null "http://127.0.0.1:$port/" || { cat server.log; exit 2; }

echo "sirv-cli $(node -p 'require("./node_modules/sirv-cli/package.json").version')"
for method in POST PUT DELETE OPTIONS; do
  answer=$(curl --silent --request "$method" --header 'Content-Type: application/json' --data '{}' \
    --write-out ' (%{http_code} %{content_type})' "http://127.0.0.1:$port/v1/session" | tr -d '\n')
  echo "$method /v1/session, which is no file: $answer"
  [ "$answer" = '<p>the page (200 text/html;charset=utf-8)' ] || changed=yes
done

if [ -z "${changed:-}" ]; then
  echo 'As described: each method is answered like a GET.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
