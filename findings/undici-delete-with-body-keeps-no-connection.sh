#!/bin/sh
# Guess:    a DELETE with a body is a request like any other. HTTP (RFC 9110, 9.3.5) gives its content no meaning, but it has a
#           length, so the connection can be used for the next request. GitHub's way to revoke a token is one.
# Happens:  undici, and so fetch() of Node, closes the connection after the answer. Over TLS each revocation costs a handshake.
#           `reset: false` of undici's own request() keeps it; fetch() has no such option.
# Versions: undici 7.30.2 with Node 20.20.2. Another one: give it as the argument.
# Date:     2026-11-29
# Here:     tests/bench/peers/servers/revoke.mjs, so that the peers of script/bench do not pay for it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  "undici@${1:-7.30.2}" >npm.log 2>&1 || { cat npm.log; exit 2; }
cat >ask.mjs <<'END'
import {createServer} from 'node:http';
import {Pool} from 'undici';

let connections = 0;
const server = createServer((asked, answer) => {
  asked.resume().on('end', () => answer.writeHead(204).end());
}).on('connection', () => ++connections);

server.listen(0, '127.0.0.1', async () => {
  const pool = new Pool(`http://127.0.0.1:${server.address().port}`, {connections: 1});
  const counts = {};
  for (const [name, request] of Object.entries({
    'POST with a body': {method: 'POST', body: '{}'},
    'DELETE without': {method: 'DELETE'},
    'DELETE with a body': {method: 'DELETE', body: '{}'},
    'the same, reset: false': {method: 'DELETE', body: '{}', reset: false},
  })) {
    connections = 0;
    for (let i = 0; i < 10; ++i) await (await pool.request({path: '/', ...request})).body.dump();
    counts[name] = connections;
    console.log(`10 x ${name.padEnd(24)} ${connections} connections opened`);
  }
  await pool.close();
  server.close();
  const same = counts['DELETE with a body'] >= 9 && counts['the same, reset: false'] <= 1;
  console.log(same ? 'As described: it keeps no connection, unless it is told to.' : 'The behaviour has changed.');
  process.exitCode = same ? 0 : 1;
});
END
node --version
node -p "'undici ' + JSON.parse(require('fs').readFileSync('node_modules/undici/package.json')).version"
node ask.mjs
