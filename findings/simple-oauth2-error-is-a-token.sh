#!/bin/sh
# Guess:    getToken() rejects when the server refuses the code: the README shows it in try and catch, and says that an error
#           is thrown "whenever a client or server error is produced". GitHub refuses with an OAuth `error` and status 200.
# Happens:  the promise is fulfilled with an AccessToken. Its `token` holds `error` and no `access_token`, and expired() says
#           false. With status 400, which RFC 6749 §5.2 asks for, the same answer rejects.
# Versions: simple-oauth2 5.1.0. Another one: give it as the argument.
# Date:     2026-11-28
# Here:     proxy/github/replies.cpp, read_token(): looks for `error` before it looks at the status.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  "simple-oauth2@${1:-5.1.0}" >npm.log 2>&1 || { cat npm.log; exit 2; }
cat >ask.mjs <<'END'
import {createServer} from 'node:http';
import {AuthorizationCode} from 'simple-oauth2';

let status;
const github = createServer((asked, answer) => {
  asked.resume();
  answer.writeHead(status, {'Content-Type': 'application/json; charset=utf-8'});
  answer.end(JSON.stringify({error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.'}));
}).listen(0, '127.0.0.1', async () => {
  const tokenHost = `http://127.0.0.1:${github.address().port}`;
  const client = new AuthorizationCode({client: {id: 'id', secret: 'example'}, auth: {tokenHost}});
  for (status of [400, 200]) {
    await client.getToken({code: 'abc', redirect_uri: 'https://page.example/'}).then(
        (token) => console.log(`${status} -> fulfilled: error ${token.token.error}, ` +
            `access_token ${token.token.access_token}, expired() ${token.expired()}`),
        (error) => console.log(`${status} -> rejected: ${error.message}`));
  }
  github.close();
  github.closeAllConnections();
});
END
said=$(node ask.mjs) || exit 2
echo "simple-oauth2 $(node -p 'require("./node_modules/simple-oauth2/package.json").version')"
echo "$said"

case $said in
  '400 -> rejected: '*'
200 -> fulfilled: error bad_verification_code, access_token undefined, expired() false')
    echo 'As described: with status 200 the error is taken for a token.' ;;
  *)
    echo 'The behaviour has changed.'
    exit 1 ;;
esac
