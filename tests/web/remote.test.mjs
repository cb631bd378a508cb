// What a page asks its proxy for, and in which order, by how the session is carried.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {Remote} from '../../web/remote.js';
import './fakes/web_crypto.mjs';

delete globalThis.BroadcastChannel; // an open one would keep node from ending
Object.defineProperty(globalThis, 'navigator', {value: {onLine: true}, configurable: true});

const user = {id: 1, login: 'ada'};
let asked;
let answers;

beforeEach(() => {
  asked = [];
  globalThis.fetch = async (url, {method, credentials, headers}) => {
    const path = new URL(url).pathname;
    asked.push([method, path, credentials, 'DPoP' in headers]);
    const [status, json] = answers[`${method} ${path}`] ?? [599, {}];
    return {ok: status < 400, status, json: async () => json};
  };
});

const config = (carry) => [200, {v: 1, carry, nonce: 'n'}];
const nobody = [200, {v: 1, user: null, reason: 'none'}];

test('by cookie: config and session are both asked for before either has answered', async () => {
  answers = {'GET /v1/config': config('cookie'), 'GET /v1/session': [200, {user}]};
  const remote = new Remote('https://page.example');
  remote.renew();
  const session = remote.ask();
  assert.deepEqual(asked, [['GET', '/v1/config', 'omit', false], ['GET', '/v1/session', 'include', false]]);
  assert.deepEqual((await session).user, user);
});

/** A remote that has begun to ask for its config. */
function renewed(proxy) {
  const remote = new Remote(proxy);
  remote.renew();
  remote.config.catch(() => {});
  return remote;
}

test('by cookie: who is signed in is known even when the config is not to be had', async () => {
  answers = {'GET /v1/config': [500, {code: 'internal'}], 'GET /v1/session': [200, {user}]};
  assert.deepEqual((await renewed('https://page.example').ask()).user, user);
});

test('by cookie: no call carries a proof', async () => {
  answers = {'GET /v1/config': config('cookie'), 'POST /v1/session': [201, {user}], 'DELETE /v1/session': [204, null]};
  const remote = renewed('https://page.example');
  assert.deepEqual((await remote.ask({})).user, user);
  assert.deepEqual(await remote.signOut(), {user: null});
  assert.deepEqual(asked.map(([method]) => method), ['GET', 'POST', 'DELETE']);
  assert.ok(asked.every(([, , , proof]) => !proof));
});

test('by key: a sign-in carries a proof and no cookie, and so does what follows', async () => {
  answers = {'GET /v1/config': config('key'), 'GET /v1/session': nobody, 'POST /v1/session': [201, {user, session: 's'}]};
  const remote = renewed('https://auth.example');
  assert.equal((await remote.ask()).user, null);
  await remote.ask({});
  answers['GET /v1/session'] = [200, {user: null}];
  await remote.ask();
  assert.deepEqual(asked.slice(-3), [
    ['POST', '/v1/session', 'omit', true], ['GET', '/v1/session', 'include', false], ['GET', '/v1/session', 'omit', true]]);
});

test('turned off for other sites: cross_site_off, and nothing else is asked', async () => {
  answers = {'GET /v1/config': config('off')};
  await assert.rejects(renewed('https://off.example').config, {code: 'cross_site_off'});
  assert.equal(asked.length, 1);
});

test('a config that failed is asked for again by renew(), and not before', async () => {
  answers = {'GET /v1/config': [503, {code: 'overloaded', retry_after: 1}], 'GET /v1/session': nobody};
  const remote = renewed('https://page.example');
  await assert.rejects(remote.config, {code: 'overloaded', retry_after: 1});
  await remote.ask();
  await assert.rejects(remote.ask({}), {code: 'overloaded'});
  assert.deepEqual(asked.map(([, path]) => path), ['/v1/config', '/v1/session']);
  answers = {'GET /v1/config': config('cookie')};
  remote.renew();
  assert.equal((await remote.config).carry, 'cookie');
});
