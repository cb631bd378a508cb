// Requests nobody would write, from a grammar and a seed: whatever they are, the proxy never redirects, never answers with
// a header that is not on the list, never lets an answer be kept and never repeats what it was sent.
// PORTERO_SEED and PORTERO_REQUESTS: to repeat a run, or to make a long one.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {converse, cookieOf, exchangeBody, fromPage, readAnswers, signIn, writeRequest} from '../wire.mjs';

const count = Number(process.env.PORTERO_REQUESTS ?? 2400);
const seed = Number(process.env.PORTERO_SEED ?? 20261124);
const deployment = new Deployment();
let github;
let proxy;
let cookie;

before(async () => {
  ({github, proxy} = await deployment.open());
  cookie = cookieOf(await signIn(proxy.port, await github.code())).pair;
});
after(() => deployment.close());

/** Mulberry32: small, and the same everywhere. */
function makeRandom(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return {below, pick: (list) => list[below(list.length)], chance: (part) => next() < part};
}

const mark = 'zqxjkv';  // stands in every value that is sent; no answer may hold it
const methods = [
  'GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PUT', 'PATCH', 'TRACE', 'CONNECT', mark.toUpperCase(), 'get',
  ''
];
const targets = [
  '/v1/session', '/v1/session', '/v1/session', '/v1/config', '/healthz', '/readyz', '/', '/metrics', '/v1/',
  '/v1/check/x', `/${mark}`, `//${mark}.example`, `/\\${mark}.example`,
  `/v1/session?return_to=https://${mark}.example`, `/?next=//${mark}.example`, `https://${mark}.example/`,
  `/v1/session/../${mark}`, `/%0d%0aLocation:%20https://${mark}.example`, `/.${mark}.example`, '*', '',
];
const values = [
  mark, origin, 'https://evil.example', `https://${mark}.example`, 'null', '1', '', '*', '%',
  `${mark}%0d%0aLocation: https://${mark}.example`, `${mark}\r\nX-${mark}: y`, `${mark}\nX: y`, `${mark}\0`,
  `"${mark}"`, 'application/json', 'text/plain', 'same-origin', 'cross-site', 'chunked', 'gzip', '0', '7',
  '99999999', '-1', `<script>${mark}</script>`, `\x1b[2J${mark}`, `\xff\xfe${mark}`, 'x'.repeat(5000),
  'bytes=0-0', 'close', 'keep-alive', 'upgrade',
];
const names = [
  'Origin', 'Origin', 'Host', 'X-Portero', 'Sec-Fetch-Site', 'Content-Type', 'Content-Length', 'Cookie',
  'Authorization', 'DPoP', 'Referer', 'User-Agent', 'X-Forwarded-For', 'X-Forwarded-Host',
  'X-Forwarded-Proto', 'Forwarded', 'Location', 'Set-Cookie', 'REMOTE_ADDR', 'EXCEPTION_WHAT', 'Range',
  'Expect', 'If-None-Match', 'Accept-Encoding', 'Transfer-Encoding', 'Content-Encoding', 'Connection',
  'Upgrade', 'TE', 'Trailer', 'Access-Control-Request-Method', 'Access-Control-Request-Headers',
  'X-HTTP-Method-Override', `X-${mark}`, ' ', 'A B', '',
];

const bodies = [
  exchangeBody({code: mark.repeat(4), code_verifier: mark.repeat(8)}), `{"v":1,"${mark}":1}`, mark, '{}', '',
  `${mark}\r\n\r\nGET /${mark} HTTP/1.1\r\n\r\n`,
];

function makeRequest({below, pick, chance}) {
  const headers = chance(0.7) ? {...fromPage, 'Content-Type': 'application/json'} : {};
  if (chance(0.4)) headers.Cookie = pick([cookie, `${cookie}; ${mark}=${mark}`, `${cookie}${mark}`, `${mark}; ${cookie}; ${cookie}`]);
  for (let i = below(5); i > 0; i -= 1) {
    const [name, value] = [pick(names), pick(values)];
    headers[name] = chance(0.15) ? [value, pick(values)] : chance(0.1) ? `${value}${pick(values)}` : value;
  }
  const body = chance(0.5) ? pick(bodies) : '';
  const bytes = writeRequest(
      {method: pick(methods), target: pick(targets), headers, body, version: pick(['1.1', '1.1', '1.1', '1.1', '1.0', '2.0', mark])});
  if (chance(0.1)) bytes[below(bytes.length)] = below(256);
  return bytes;
}

const allowed = new Set([
  'date', 'content-type', 'content-length', 'connection', 'cache-control', 'vary', 'allow', 'retry-after', 'set-cookie',
  'x-content-type-options', 'cross-origin-resource-policy', 'access-control-allow-origin', 'access-control-allow-credentials',
  'access-control-expose-headers', 'access-control-allow-methods', 'access-control-allow-headers', 'access-control-max-age'
]);

function judge(answer, text, head = false) {
  assert.ok(answer.status < 300 || answer.status >= 400, 'a redirect');
  for (const [name] of answer.headers) assert.ok(allowed.has(name), `the header ${name}`);
  for (const name of allowed) assert.ok(answer.headers.filter(([one]) => one === name).length <= 1, `${name} twice`);
  const config = answer.status === 200 && (head || answer.body.includes('"client_id"'));
  assert.ok(
      answer.header('cache-control') === 'no-store' || (config && answer.header('cache-control') === 'private, max-age=300'),
      'an answer to keep');
  const shared = answer.header('access-control-allow-origin');
  assert.ok(shared === undefined || shared === origin, shared);
  assert.equal(answer.header('x-content-type-options'), 'nosniff');
  assert.match(answer.header('set-cookie') ?? '', /^$|^__Host-Http-portero-[\w-]{8}=; Secure; HttpOnly; Path=\/; SameSite=Lax; Max-Age=0$/);
  assert.ok(!text.toLowerCase().includes(mark), 'an echo');
}

test(`open redirect, CORS reflection, response splitting: ${count} requests from a grammar (seed ${seed})`, async () => {
  const random = makeRandom(seed);
  const seen = new Map();
  for (let i = 0; i < count;) {
    const batch = Array.from({length: Math.min(16, count - i)}, () => makeRequest(random));
    await Promise.all(batch.map(async (bytes) => {
      const {text} = await converse(proxy.port, bytes);
      try {
        // What is no request at all is no HEAD either, and its refusal has a body.
        const head = bytes.toString('latin1').startsWith('HEAD ') && text.endsWith('\r\n\r\n');
        for (const answer of readAnswers(text, {head})) {
          judge(answer, text, head);
          seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        }
      } catch (error) {
        error.message += `\nrequest: ${JSON.stringify(bytes.toString('latin1')).slice(0, 2000)}\nanswer: ${JSON.stringify(text)}`;
        throw error;
      }
    }));
    i += batch.length;
  }
  for (const status of [200, 204, 400, 403, 404, 405]) {
    assert.ok(seen.get(status) > 0, `the grammar reaches ${status}: ${JSON.stringify([...seen])}`);
  }
  assert.equal(proxy.child.exitCode, null);
});

test('open redirect, CORS reflection, response splitting: the judge sees a redirect, a foreign header, a kept answer and an echo', () => {
  const good = 'HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 0\r\n\r\n';
  const judged = (text) => judge(readAnswers(text)[0], text);
  judged(good);
  for (const bad of [
    good.replace('200 OK', '302 Found'), good.replace('\r\n', '\r\nLocation: /\r\n'), good.replace('no-store', 'public'),
    good.replace('\r\n', `\r\nAllow: ${mark}\r\n`), good.replace('\r\n', '\r\nAccess-Control-Allow-Origin: *\r\n'),
    good.replace('\r\n', '\r\nAllow: GET\r\nAllow: PUT\r\n'), good.replace('\r\n', '\r\nSet-Cookie: a=b\r\n')
  ]) {
    assert.throws(() => judged(bad), assert.AssertionError);
  }
});
