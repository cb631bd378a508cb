// What a page finds out when a call has no answer, when its browser lacks something, and when GitHub's answer got lost: each
// has a code of its own, and one line in the console for who runs the site.
import assert from 'node:assert/strict';
import {after, describe, test} from 'node:test';
import {ada, config, end, eventually, json, nobody, settled, visit} from './page.mjs';

after(end);

const html = (status) => new Response('<!doctype html><title>other</title>', {status});
const opaque = () => ({type: 'opaque', status: 0, clone() { return this; }});
const basic = (url) => ({type: 'basic', url, status: 200, clone() { return this; }});
let again = 0;
const timeout = () => { throw new DOMException('it took too long', 'TimeoutError'); };
const dead = {'GET /v1/config': null, 'GET /v1/session': null};
const proxy = 'https://login.example';
/** Answers nothing that a page may read. */
const unreadable = ({mode}) => (mode === 'no-cors' ? opaque() : null);
const violate = (how) => () => void document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), how));
const hanging = ({signal}) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const calls = [
  ['nobody is there', {answers: dead}, 'proxy_unreachable', /Nobody answers at https:\/\/login\.example\..*certificate.*content blocker/],
  ['the page’s origin is not listed', {answers: {'GET /v1/config': unreadable, 'GET /v1/session': unreadable}},
    'origin_refused', /List that under "origins"/],
  ['the page is served at www., and that is not listed',
    {href: 'https://www.page.example/', answers: {'GET /v1/config': unreadable, 'GET /v1/session': unreadable}},
    'origin_refused', /lets https:\/\/www\.page\.example read nothing/],
  ['the front answers OPTIONS by itself', {answers: {'GET /v1/session': null}}, 'origin_refused', /preflight.*OPTIONS/],
  ['it failed for a moment', {answers: {'GET /v1/session': (() => {
    let times = 0;
    return () => (times++ ? json(nobody) : null);
  })()}}, 'proxy_unreachable', /a moment later/],
  ['the host of the page is the proxy, and failed for a moment', {proxy: '', answers: {
    'GET /v1/config': ({mode, redirect}) =>
      (mode ? basic('https://page.example/v1/config') : redirect && again++ ? json(config) : null),
    'GET /v1/session': null,
  }}, 'proxy_unreachable', /a moment later/],
  ['the page’s policy forbids it', {answers: {else: violate({disposition: 'enforce', effectiveDirective: 'connect-src'}), ...dead,
    'GET /v1/config': violate({disposition: 'enforce', effectiveDirective: 'connect-src'})}},
    'call_blocked', /Content-Security-Policy.*https:\/\/login\.example.*connect-src/],
  ['a policy that only reports complains', {answers: {...dead,
    'GET /v1/config': violate({disposition: 'report', effectiveDirective: 'connect-src'})}}, 'proxy_unreachable', /Nobody answers/],
  ['the policy forbids an image meanwhile', {answers: {...dead,
    'GET /v1/config': violate({disposition: 'enforce', effectiveDirective: 'img-src'})}}, 'proxy_unreachable', /Nobody answers/],
  ...['local-network-access', 'local-network', 'loopback-network'].map((name) =>
    [`the visitor denied ${name}`, {answers: dead, permissions: {[name]: 'denied'}}, 'local_network_denied', /local network/]),
  ['nobody was asked about the local network', {answers: dead, permissions: {'local-network-access': 'prompt'}}, 'proxy_unreachable', /./],
  ['the browser knows no permissions', {answers: dead, globals: {navigator: {onLine: true, languages: []}}}, 'proxy_unreachable', /./],
  ['a listed page is denied the local network, and the proxy answers all the same',
    {answers: {'GET /v1/config': unreadable, 'GET /v1/session': unreadable}, permissions: {'local-network': 'denied'}},
    'origin_refused', /./],
  ['it does not answer in time', {answers: {'GET /v1/config': timeout, 'GET /v1/session': timeout}},
    'proxy_timeout', /did not answer in time/],
  ['it begins an answer and does not end it', {answers: {
    'GET /v1/config': () => ({status: 200, ok: true, clone() { return this; }, json: async () => timeout()}),
    'GET /v1/session': () => ({status: 200, ok: true, clone() { return this; }, json: async () => timeout()}),
  }}, 'proxy_timeout', /in time/],
  ['it is gone, and what is asked then never answers', {answers: {...dead, 'GET /v1/config': (how) => (how.mode ? hanging(how) : null)},
    globals: {setTimeout: (work, ms) => setImmediate(work, ms)}}, 'proxy_unreachable', /Nobody answers/],
  ['a web server answers: not found', {answers: {else: html(404), 'GET /v1/config': html(404), 'GET /v1/session': html(404)}},
    'proxy_invalid', /https:\/\/login\.example\/v1\/config, with status 404.*proxy="…"/],
  ['a web server answers each address with its page', {answers: {'GET /v1/config': html(200), 'GET /v1/session': html(200)}},
    'proxy_invalid', /status 200/],
  ['another API answers',
    {answers: {'GET /v1/config': json({message: 'Not Found'}, 404), 'GET /v1/session': json({error: {code: 5}}, 403)}},
    'proxy_invalid', /status 40[34]/],
  ['another API answers with success', {answers: {'GET /v1/config': json({status: 'ok'}), 'GET /v1/session': json({})}},
    'proxy_invalid', /status 200/],
  ['the front runs, the proxy behind it does not', {answers: {'GET /v1/config': html(502), 'GET /v1/session': html(502)}},
    'proxy_unreachable', /status 502/],
  ['a front lets only so many through', {answers: {'GET /v1/config': html(429), 'GET /v1/session': html(429)}},
    'rate_limited', /in front of https:\/\/login\.example.*429/],
  ['the host of the page redirects the call', {proxy: '', answers: {
    'GET /v1/config': ({mode}) => (mode ? basic('https://page.example/login/') : null),
    'GET /v1/session': null,
  }}, 'proxy_invalid', /ends at https:\/\/page\.example\/login\//],
  ['its address has no scheme', {proxy: 'localhost:8080', answers: dead}, 'proxy_invalid', /"localhost:8080" is no address/],
  ['its address is a path by mistake', {proxy: 'login.example', answers: {'GET /v1/config': html(404), 'GET /v1/session': html(404)}},
    'proxy_invalid', /https:\/\/page\.example\/app\/login\.example\/v1\/config/],
  ['its address is none', {proxy: 'https://[', answers: dead}, 'proxy_invalid', /"https:\/\/\[" is no address/],
  ['its address is one for letters', {proxy: 'mailto:ada@login.example', answers: dead}, 'proxy_invalid', /no address/],
  ['it is on http, the page on https', {proxy: 'http://login.example', answers: dead},
    'call_blocked', /https may not call http:\/\/login\.example/],
  ['it is on http and loopback', {proxy: 'http://127.0.0.1:8080', answers: dead}, 'proxy_unreachable', /Nobody answers/],
  ['it is on http and a name of this machine', {proxy: 'http://login.localhost:8080', answers: dead},
    'proxy_unreachable', /Nobody answers/],
  ['it is on http, and its name only begins so', {proxy: 'http://localhost.example', answers: dead}, 'call_blocked', /may not call/],
  ['it is on http, and so is the page', {href: 'http://localhost/', proxy: 'http://login.example', answers: dead},
    'proxy_unreachable', /Nobody answers/],
];

describe('A call without an answer', () => {
  for (const [what, where, code, hint] of calls) {
    test(`${what}: ${code}`, async () => {
      const {client, logged} = await visit({proxy, ...where});
      assert.equal(client.state, 'error');
      assert.equal(client.error.code, code, client.error.hint);
      assert.match(client.error.hint, hint);
      assert.deepEqual(logged, [`portero: ${client.error.hint}`]);
    });
  }

  test('a browser without a network is not troubled with questions: offline', async () => {
    const {client, asked, logged} = await visit({answers: dead, globals: {navigator: {onLine: false, languages: []}}});
    assert.equal(client.error.code, 'offline');
    assert.ok(asked.every(({mode}) => mode === 'cors'));
    assert.deepEqual(logged, []);
  });

  test('what the proxy itself answers is told as it is, and nothing else is asked', async () => {
    const refusal = json({code: 'origin_refused', hint: 'List it.', status: 403}, 403);
    const {client, asked, logged} = await visit({answers: {'GET /v1/config': refusal, 'GET /v1/session': refusal}});
    assert.deepEqual([client.error.code, client.error.hint], ['origin_refused', 'List it.']);
    assert.ok(asked.every(({mode}) => mode === 'cors'));
    assert.deepEqual(logged, []);
  });

  test('whoever is signed in when the reason is found out stays so', async () => {
    let back;
    const isBack = () => back !== undefined;
    const seen = await visit({proxy, answers: {
      'GET /v1/session': () => (isBack() ? json(ada) : null),
      'GET /v1/config': ({mode}) => (mode === 'no-cors' ? new Promise((resolve) => (back ??= resolve)) : isBack() ? json(config) : null),
    }, until: isBack});
    const look = seen.client.refresh();
    back(null);
    await look;
    assert.equal(seen.logged.length, 1);
    assert.deepEqual([seen.client.state, seen.client.error], ['signed-in', undefined]);
  });

  test('whoever does something else meanwhile is not disturbed by the older reason', async () => {
    const probes = [];
    const held = [];
    const {client} = await visit({proxy, answers: {
      'GET /v1/session': () => json(probes.length ? {...ada, expires_at: '2999-02-02T00:00:00Z'} : ada),
      'GET /v1/config': ({mode}) => (mode === 'no-cors' ? new Promise((resolve) => probes.push(resolve)) : json(config)),
      'DELETE /v1/session': () => (probes.length ? new Promise((resolve) => held.push(resolve)) : null)}});
    const first = client.signOut();
    await eventually(() => probes.length);
    await client.refresh();
    assert.equal(client.state, 'signed-in');
    const second = client.signOut();
    await eventually(() => held.length);
    probes[0](null);
    await first;
    assert.deepEqual([client.state, client.error], ['busy', undefined]);
    held[0](json(null, 204));
    await second;
    assert.equal(client.state, 'signed-out');
  });
});

const absent = [
  ['crypto.subtle', {globals: {crypto: {getRandomValues: (bytes) => bytes}}}],
  ['crypto.getRandomValues', {globals: {crypto: {subtle: crypto.subtle}}}],
  ['TextEncoder', {without: ['TextEncoder']}],
  ['WebAssembly', {without: ['WebAssembly']}], // iOS in its Lockdown Mode
];
describe('A browser that lacks something', () => {
  for (const [name, where] of absent) {
    test(`without ${name} it is named: browser_unsupported`, async () => {
      const {crypto, TextEncoder, WebAssembly} = globalThis;
      const kept = {crypto, TextEncoder, WebAssembly};
      try {
        const {client, logged} = await visit(where);
        await eventually(() => client.error);
        assert.equal(client.error.code, 'browser_unsupported');
        assert.ok(client.error.hint.includes(name), client.error.hint);
        assert.deepEqual(logged, [`portero: ${client.error.hint}`]);
      } finally {
        for (const [key, value] of Object.entries(kept)) {
          Object.defineProperty(globalThis, key, {value, configurable: true, writable: true});
        }
      }
    });
  }

  test('a popup without BroadcastChannel is closed, and the reason named', async () => {
    const {client, went} = await visit({without: ['BroadcastChannel']});
    await client.signIn({mode: 'popup'});
    assert.equal(client.error.code, 'browser_unsupported');
    assert.match(client.error.hint, /BroadcastChannel/);
    assert.deepEqual(went, []);
  });

  test('where nothing is missing the exception itself is in the console: internal', async () => {
    const {client, logged} = await visit();
    globalThis.location.assign = () => { throw new RangeError('of this test'); };
    await client.signIn();
    assert.equal(client.error.code, 'internal');
    assert.match(logged.join(), /of this test/);
  });

  test('a policy without \'wasm-unsafe-eval\' is a part that may not run: core_unavailable', async () => {
    const {WebAssembly} = globalThis;
    try {
      const {client, logged} = await visit({globals: {WebAssembly: {instantiate: () => Promise.reject(new WebAssembly.CompileError())}}});
      await eventually(() => client.error);
      assert.equal(client.error.code, 'core_unavailable');
      assert.match(client.error.hint, /'wasm-unsafe-eval' in script-src/);
      assert.deepEqual(logged, [`portero: ${client.error.hint}`]);
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', {value: WebAssembly, configurable: true, writable: true});
    }
  });

  test('an insecure page is none of them: insecure_page', async () => {
    const {client} = await visit({globals: {isSecureContext: false}});
    assert.equal(client.error.code, 'insecure_page');
  });
});

const now = () => Math.floor(Date.now() / 1e3);
const state = `portero.${'s'.repeat(43)}`;
const record = (more) => ({[state]: JSON.stringify({state, code_verifier: 'v'.repeat(43), proxy: 'https://page.example', return_to: '/',
  issuer: 'https://github.com/login/oauth', redirect_uri: 'https://page.example/app', created: now() - 5, ...more})});
const led = {referrer: 'https://github.com/', storage: record()};

describe('GitHub’s answer that did not arrive', () => {
  test('a host that drops the query is told what to register: callback_lost', async () => {
    const {client, storage, logged} = await visit(led);
    assert.equal(client.error?.code, 'callback_lost');
    assert.match(client.error.hint,
        /sent its answer to https:\/\/page\.example\/app\..* as https:\/\/page\.example\/app\/\..*register https:/);
    assert.deepEqual([Object.keys(storage), logged], [[], [`portero: ${client.error.hint}`]]);
    await client.refresh();
    assert.equal(client.state, 'signed-out', 'it is said once');
  });

  test('a script that takes the query away before us is another reason', async () => {
    const {client} = await visit({...led, href: 'https://page.example/app'});
    assert.match(client.error.hint, /first in <head>/);
  });

  test('it is told of an Enterprise Server, too, and after a whole address of GitHub', async () => {
    const {client} = await visit({referrer: 'https://ghe.example/login/oauth/authorize?x',
      storage: record({issuer: 'https://ghe.example/login/oauth'})});
    assert.equal(client.error?.code, 'callback_lost');
  });

  test('somebody who is signed in all the same hears nothing of it', async () => {
    const {client, storage} = await visit({...led, answers: {'GET /v1/session': json(ada)}});
    assert.equal(client.state, 'signed-in');
    assert.deepEqual(Object.keys(storage), []);
  });

  const others = [
    ['came by Back', {...led, type: 'back_forward'}],
    ['reloaded the page', {...led, type: 'reload'}],
    ['opened the page before it was shown', {...led, type: 'prerender'}],
    ['uses a browser that does not say how', {...led, globals: {performance: {now: () => 0, getEntriesByType: () => []}}}],
    ['typed the address', {...led, referrer: ''}],
    ['followed a link of the page', {...led, referrer: 'https://page.example/app/'}],
    ['came by another site', {...led, referrer: 'https://www.github.com/'}],
    ['came from a page whose name begins so', {...led, referrer: 'https://github.com.evil.example/'}],
    ['opened a second tab', {...led, entries: 1}],
    ['came by a link long after', {...led, storage: record({created: now() - 700})}],
    ['did not click', {...led, storage: {}}],
    ['has things of another program in the storage', {...led, storage: {'portero.x': 'not JSON', 'portero.y': 'null'}}],
    ['clicked at another issuer', {...led, storage: record({issuer: 'https://elsewhere.example/'})}],
    ['clicked where no issuer is set', {...led, storage: record({issuer: ''})}],
    ['clicked for a popup', {...led, storage: {'portero-popup.x': record()[state]}}],
  ];
  for (const [who, where] of others) {
    test(`somebody who ${who} hears nothing of it, and keeps the record`, async () => {
      const {client, storage, logged} = await visit(where);
      assert.deepEqual([client.state, client.error], ['signed-out', undefined]);
      assert.deepEqual([Object.keys(storage), logged], [Object.keys(where.storage), []]);
    });
  }

  test('an answer that arrived is no lost one', async () => {
    const {client} = await visit({...led, query: `?error=access_denied&state=${state}`});
    await settled(client);
    assert.equal(client.error.code, 'access_denied');
  });
});

describe('Back from a GitHub App’s installation', () => {
  for (const query of ['?code=c&installation_id=1&setup_action=install', '?code=c&installation_id=1',
    '?installation_id=1&setup_action=update',
    '?setup_action=request']) {
    test(`${query} offers to sign in, and sends nothing`, async () => {
      const {client, asked, storage} = await visit({query, storage: record()});
      assert.deepEqual([client.state, client.notice, client.error], ['signed-out', 'installed', undefined]);
      assert.ok(asked.every(({method}) => method === 'GET'));
      assert.equal(Object.keys(storage).length, 1);
    });
  }

  test('somebody who is signed in needs no offer, nor after signing out', async () => {
    const {client} = await visit({query: '?code=c&installation_id=1',
      answers: {'GET /v1/session': json(ada), 'DELETE /v1/session': json(null, 204)}});
    assert.deepEqual([client.state, client.notice], ['signed-in', undefined]);
    await client.signOut();
    assert.deepEqual([client.state, client.notice], ['signed-out', undefined]);
  });

  test('an answer with an empty state is none of it: state_unknown', async () => {
    const {client} = await visit({query: `?code=c&installation_id=1&state=&state=${state}`});
    assert.equal(client.error.code, 'state_unknown');
  });
});
