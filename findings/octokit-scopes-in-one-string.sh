#!/bin/sh
# Guess:    `authentication.scopes` is, as the README says, an "array of scope names enabled for the token". GitHub
#           documents its answer as `"scope": "repo,gist"`, and this is GitHub's own library.
# Happens:  it splits at white space only. Two scopes are one string, ["repo,gist"]: `scopes.includes("repo")` is true when
#           only `repo` was granted, and false when `gist` was granted, too.
# Versions: @octokit/oauth-methods 6.0.5. Another one: give it as the argument.
# Date:     2026-11-28
# Here:     proxy/github/replies.cpp, is_granted(): splits at commas and at spaces.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM
cd "$folder"

npm install --cache "$folder/npm" --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  "@octokit/oauth-methods@${1:-6.0.5}" >npm.log 2>&1 || { cat npm.log; exit 2; }
cat >ask.mjs <<'END'
import {createServer} from 'node:http';
import {exchangeWebFlowCode} from '@octokit/oauth-methods';
import {request} from '@octokit/request';

let scope;
const github = createServer((asked, answer) => {
  asked.resume();
  answer.setHeader('Content-Type', 'application/json; charset=utf-8');
  answer.end(JSON.stringify({access_token: 'gho_example', token_type: 'bearer', scope}));
}).listen(0, '127.0.0.1', async () => {
  const baseUrl = `http://127.0.0.1:${github.address().port}`;
  for (scope of ['repo', 'repo,gist']) {
    const {authentication} = await exchangeWebFlowCode({
      clientType: 'oauth-app', clientId: 'id', clientSecret: 'example', code: 'abc', request: request.defaults({baseUrl}),
    });
    console.log(`"scope": "${scope}" -> scopes: ${JSON.stringify(authentication.scopes)}`);
  }
  github.close();
  github.closeAllConnections();
});
END
said=$(node ask.mjs) || exit 2
echo "@octokit/oauth-methods $(node -p 'require("./node_modules/@octokit/oauth-methods/package.json").version')"
echo "$said"

if [ "$said" = '"scope": "repo" -> scopes: ["repo"]
"scope": "repo,gist" -> scopes: ["repo,gist"]' ]; then
  echo 'As described: two scopes are one string.'
else
  echo 'The behaviour has changed.'
  exit 1
fi
