// A page of another configured origin (same site, other port) reads every answer of the proxy, refusals that the gate
// writes included: body and Retry-After. A page of an unknown origin reads nothing.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {openPage, startBrowser} from './harness.mjs';

let demo;
let chromium;
let known;
let unknown;
let page;

async function plainServer() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><meta charset=utf-8><link rel=icon href="data:,"><title>another page</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {server, origin: `http://127.0.0.1:${server.address().port}`};
}

before(async () => {
  [known, unknown] = await Promise.all([plainServer(), plainServer()]);
  demo = await startDemo('--origin', known.origin);
  chromium = await startBrowser();
  ({page} = await openPage(chromium.browser));
  await page.goto(known.origin);
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
  known?.server.close();
  unknown?.server.close();
});

/** Fetches from the page; {status, body, retryAfter} or {error}. */
function ask(path, options = {}) {
  return page.evaluate(async (url, init) => {
    if (init.bodyOf) init.body = 'x'.repeat(init.bodyOf);
    try {
      const answer = await fetch(url, {credentials: 'include', ...init, headers: {'X-Portero': '1', ...init.headers}});
      const text = await answer.text();
      return {status: answer.status, retryAfter: answer.headers.get('Retry-After'), body: text && JSON.parse(text)};
    } catch (error) {
      return {error: String(error)};
    }
  }, new URL(path, demo.url).href, options);
}

const json = {'Content-Type': 'application/json'};
const exchange = JSON.stringify({v: 1, code: 'abcdefabcdefabcdefab', code_verifier: 'v'.repeat(43)});

const refusals = [
  ['a query', '/v1/session?x=1', {}, 400, 'bad_request'],
  ['no JSON', '/v1/session', {method: 'POST', body: '{', headers: json}, 400, 'bad_json'],
  ['a code GitHub does not know', '/v1/session', {method: 'POST', body: exchange, headers: json}, 400, 'code_rejected'],
  ['an unknown path', '/v1/nothing', {}, 404, 'not_found'],
  ['a body too large (the gate)', '/v1/session', {method: 'POST', bodyOf: 5000, headers: json}, 413, 'too_large'],
  [
    'a body of another kind', '/v1/session', {method: 'POST', body: 'code=x', headers: {'Content-Type': 'text/plain'}}, 415,
    'unsupported_media_type'
  ],
];
for (const [what, path, options, status, code] of refusals) {
  test(`another configured page reads the answer to ${what}: ${code}`, async () => {
    const answer = await ask(path, options);
    assert.equal(answer.error, undefined);
    assert.equal(answer.status, status);
    assert.equal(answer.body.code, code);
    assert.equal(answer.body.status, status);
    assert.ok(answer.body.title && answer.body.hint);
  });
}

test('another configured page reads who is signed in: nobody', async () => {
  assert.deepEqual(await ask('/v1/session'), {status: 200, retryAfter: null, body: {v: 1, user: null, reason: 'none'}});
});

test('another configured page reads Retry-After and its copy in the body', async () => {
  await demo.github('fault', {at: 'token', fault: 'rate_limited_429', times: 1});
  const answer = await ask('/v1/session', {method: 'POST', body: exchange, headers: json});
  assert.equal(answer.status, 503);
  assert.equal(answer.body.code, 'upstream_rate_limited');
  assert.ok(Number(answer.retryAfter) > 0);
  assert.equal(String(answer.body.retry_after), answer.retryAfter);
});

test('a page of an unknown origin reads nothing', async () => {
  await page.goto(unknown.origin);
  const answer = await ask('/v1/session');
  assert.match(answer.error, /Failed to fetch/);
  await page.goto(known.origin);
});
