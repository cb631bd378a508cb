// What the peers in Node share: the answers of a page's two calls, with the members and headers of portero's own.
import {createServer} from 'node:http';
import {origin, port} from './given.mjs';
import {open, seal} from './session.mjs';

const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'vary': 'Origin',
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'Retry-After',
};

export function say(response, status, body, more) {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {...headers, 'content-length': bytes.length, ...more}).end(bytes);
}

/** Who signed in is whom GitHub's `person` describes; `revoke` ends GitHub's token after the answer. */
export async function welcome(response, {id, login, name, avatar_url, html_url, email}, revoke) {
  const user = {id, login, name, avatar_url, html_url, email};
  const {cookie, expires_at} = await seal(user);
  say(response, 201, {v: 1, user, expires_at}, {'set-cookie': cookie});
  await revoke().catch((error) => console.error(`revoke: ${error.message}`));
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 4096) throw new Error('too large');
  }
  const {code, code_verifier: verifier} = JSON.parse(text);
  if (typeof code !== 'string' || typeof verifier !== 'string') throw new Error('no code');
  return {code, verifier};
}

async function signIn(request, response, {exchange, readUser, revoke}) {
  const {code, verifier} = await readBody(request);
  const token = await exchange(code, verifier);
  await welcome(response, await readUser(token), () => revoke(token));
}

async function sayWho(request, response) {
  say(response, 200, await open(request.headers.cookie) ?? {v: 1, user: null, reason: 'none'});
}

async function answer(request, response, github) {
  if (request.url !== '/v1/session') return say(response, 404, {code: 'not_found'});
  if (request.headers['x-portero'] !== '1') return say(response, 403, {code: 'header_missing'});
  if (request.headers.origin !== origin) return say(response, 403, {code: 'origin_refused'});
  if (request.method === 'GET') return sayWho(request, response);
  if (request.method === 'POST') return signIn(request, response, github);
  return say(response, 405, {code: 'method_not_allowed'});
}

/** Answers with `answer(request, response)` on the port that it is given or on a free one, which it prints: `port N`. */
export function listen(answer) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) say(response, 502, {code: 'failed'});
    });
  });
  server.listen(port, '127.0.0.1', 4096, () => console.log(`port ${server.address().port}`));
}

/**
 * portero's two calls. `exchange(code, verifier)` gives GitHub's token, `readUser(token)` what GitHub says of the person,
 * `revoke(token)` ends the token.
 */
export const serve = (github) => listen((request, response) => answer(request, response, github));
