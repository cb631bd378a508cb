#!/bin/sh
# Guess:    a client of an OAuth server that needs no issuer goes on working when the server adds `iss` to its callbacks:
#           "the client MUST ignore unrecognized response parameters" (RFC 6749 §4.1.2).
# Happens:  openid-client 5 looks at `iss` whenever it is there, and throws a TypeError if its Issuer has no name:
#           "issuer must be configured on the issuer". So sign-in of applications that nobody had touched ended on the day
#           GitHub began to send it (nextauthjs/next-auth, issue 13409; next-auth 4 still depends on openid-client 5).
# Versions: openid-client 5.7.1, the last of its major version. Another 5: give it as the argument.
# Date:     2026-11-28
# Here:     docs/protocol.md, the page's checks: `iss` may be absent, and any passes if no issuer is known.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  "openid-client@${1:-5.7.1}" >npm.log 2>&1 || { cat npm.log; exit 2; }
cat >ask.mjs <<'END'
import {createServer} from 'node:http';
import {Issuer} from 'openid-client';

const authorization_endpoint = 'https://github.com/login/oauth/authorize';
const github = createServer((asked, answer) => {
  asked.resume();
  answer.setHeader('Content-Type', 'application/json; charset=utf-8');
  answer.end(JSON.stringify({access_token: 'gho_example', token_type: 'bearer', scope: ''}));
}).listen(0, '127.0.0.1', async () => {
  const token_endpoint = `http://127.0.0.1:${github.address().port}/login/oauth/access_token`;
  for (const issuer of [{}, {issuer: 'https://github.com/login/oauth'}]) {
    const {Client} = new Issuer({...issuer, authorization_endpoint, token_endpoint});
    const client = new Client({client_id: 'id', client_secret: 'example'});
    for (const iss of ['', '&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth']) {
      const params = client.callbackParams(`https://page.example/?code=abc&state=xyz${iss}`);
      const end = await client.oauthCallback('https://page.example/', params, {state: 'xyz'}).then(
          () => 'a token', (error) => `${error.name}: ${error.message}`);
      console.log(`${issuer.issuer ? 'issuer' : 'no issuer'}, ${iss ? 'iss' : 'no iss'} -> ${end}`);
    }
  }
  github.close();
  github.closeAllConnections();
});
END
said=$(node ask.mjs) || exit 2
echo "openid-client $(node -p 'require("./node_modules/openid-client/package.json").version')"
echo "$said"

if [ "$said" = 'no issuer, no iss -> a token
no issuer, iss -> TypeError: issuer must be configured on the issuer
issuer, no iss -> a token
issuer, iss -> a token' ]; then
  echo 'As described: iss cannot be read without an issuer.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
