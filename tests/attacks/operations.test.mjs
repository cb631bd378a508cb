// Attacks by way of how it is run: whom it calls, whom it believes, what it logs, where it listens, its keys and its clock.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {networkInterfaces} from 'node:os';
import {after, before, beforeEach, describe, test} from 'node:test';
import {load} from '../core.mjs';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, cookieOf, exchangeBody, fromPage, json, signIn, whoIs} from '../wire.mjs';
import {keysOf, open, seal} from './sealing.mjs';
import {granted, someone, startUpstream} from './upstream.mjs';

const deployment = new Deployment();
const other = 'https://other.example';
let github;
let upstream;
let proxy;   // its GitHub is the stand-in
let beside;  // its GitHub is `upstream`; two pages, each with an app of its own

before(async () => {
  github = await deployment.github();
  upstream = await startUpstream();
  deployment.write('other-secret', 'the-secret-of-the-other-app');
  proxy = await deployment.serve(deployment.settings(github));
  beside = await deployment.serve(deployment.settings(upstream, {
    log: {format: 'json', level: 'debug'},
    origins: {
      [origin]: {redirect_uri: `${origin}/`},
      [other]: {
        redirect_uri: `${other}/app/`,
        client_id: 'other-client',
        client_secret_file: deployment.path('other-secret'),
        scope: 'user:email'
      }
    }
  }));
});
after(async () => {
  await upstream?.stop();
  await deployment.close();
});
beforeEach(() => {
  upstream.requests.length = 0;
  upstream.say('token', {body: granted});
  upstream.say('user', {body: someone});
});

const exchange = {code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)};
const now = () => Math.floor(Date.now() / 1000);

async function startTrap() {
  let touched = 0;
  const server = createServer((socket) => {
    touched += 1;
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  return {authority: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/`, touched: () => touched, stop: () => server.close()};
}

describe('token in a URL (RFC 6750 section 2.3): a token or a session in a query', () => {
  test('is refused, signs nobody in and is not logged', async () => {
    const session = cookieOf(await signIn(beside.port, exchange)).value;
    for (const name of ['session', 'access_token', 'token', 'code', '__Host-Http-portero', 'authorization']) {
      const answer = await ask(beside.port, {target: `/v1/session?${name}=${session.slice(0, 600)}`, headers: fromPage});
      assert.deepEqual([answer.status, answer.code], [400, 'bad_request']);
      assert.equal(
          (await ask(beside.port, {target: `/v1/config?${name}=${session.slice(0, 600)}`, headers: fromPage})).code, 'bad_request');
    }
    const answer = await ask(beside.port, {headers: {...fromPage, Authorization: `Bearer ${session}`}});
    assert.equal(answer.json().user, null);
    assert.ok(!beside.output().includes(session.slice(100, 140)));
  });
});

describe('log forging: a line of the attacker\'s own', () => {
  const forged = [
    '\u2028', '\u0085', '\u202e', '\x1b[31m', 'x" level="error', '{"event":"login_succeeded"}', '%0d%0a2026-01-01 login_succeeded',
    '\\u000alogin_succeeded', 'a'.repeat(4000)
  ];
  test('in a header that the log quotes stays inside its value: one line an event, each of them JSON', async () => {
    for (const text of forged) {
      const bytes = Buffer.from(text).toString('latin1');
      for (const headers of [{Origin: `https://evil.example${bytes}`}, {Origin: undefined, Host: 'evil.example'}, {Origin: bytes}]) {
        assert.ok((await ask(beside.port, {headers: {...fromPage, ...headers}})).status >= 400);
      }
    }
    assert.equal(
        (await ask(beside.port, {headers: {...fromPage, 'User-Agent': 'x'.repeat(1 << 20)}}).catch(() => ({status: 431}))).status, 431);
    await until(() => beside.output().includes('origin_refused'), 'a line of the log');
    const lines = beside.output().split('\n').filter((line) => line && !line.startsWith('portero: '));
    for (const line of lines) {
      const {event, time, ...fields} = JSON.parse(line);
      assert.match(event, /^[a-z_]+$/);
      assert.doesNotMatch(line, /[^\x20-\x7e]/);
      for (const value of Object.values(fields)) assert.ok(value.length <= 512, line);
    }
    assert.ok(!lines.some((line) => JSON.parse(line).event === 'login_succeeded' && !JSON.parse(line).subject));
  });
});

describe('SSRF: a proxy that calls where the caller says', () => {
  test('no header, field or answer makes it call anybody but the configured GitHub', async () => {
    const trap = await startTrap();
    try {
      const named = {
        'X-Forwarded-Host': trap.authority,
        'X-Forwarded-For': '127.0.0.1',
        'Forwarded': `host=${trap.authority}`,
        'X-Original-URL': trap.url,
        'X-GitHub-Url': trap.url,
        'Referer': trap.url,
        'Via': trap.authority,
        'Proxy': trap.url,
        'X-Forwarded-Server': trap.authority,
        'Destination': trap.url
      };
      upstream.say('user', {body: {...someone, avatar_url: trap.url, html_url: trap.url, url: trap.url, email: `x@${trap.authority}`}});
      assert.equal((await signIn(beside.port, exchange, {...named, Host: trap.authority})).status, 201);
      for (const more of [{github: trap.url}, {proxy: trap.url}, {api_url: trap.url}, {iss: trap.url}]) {
        const answer = await ask(
            beside.port, {method: 'POST', headers: {...fromPage, ...json, ...named}, body: JSON.stringify({v: 1, ...exchange, ...more})});
        assert.equal(answer.code, 'bad_json');
      }
      for (const target of [trap.url, `//${trap.authority}/`, `/v1/session@${trap.authority}`]) {
        await ask(beside.port, {target, headers: {...fromPage, ...named}});
      }
      await until(() => upstream.requests.length >= 3, 'the revocation');
      assert.deepEqual(upstream.requests.map(({method, url}) => `${method} ${url}`),
          ['POST /login/oauth/access_token', 'GET /user', 'DELETE /applications/stand-in-client/token']);
      assert.deepEqual([...new Set(upstream.requests.map(({headers}) => headers.host))], [new URL(upstream.url).host]);
      assert.equal(trap.touched(), 0);
    } finally {
      trap.stop();
    }
  });
  for (const at of ['token', 'user']) {
    for (const status of [301, 302, 303, 307, 308]) {
      test(`a ${status} at ${at} is not followed: upstream_invalid`, async () => {
        const trap = await startTrap();
        try {
          upstream.say(at, {status, headers: {location: trap.url}});
          assert.equal((await signIn(beside.port, exchange)).code, 'upstream_invalid');
          assert.equal(trap.touched(), 0);
        } finally {
          trap.stop();
        }
      });
    }
  }
});

test('port hijack: a second copy on the same port does not share it: a named error, and the first goes on', async () => {
  const {status, stderr} = deployment.run(
      'serve', '--settings', deployment.write('second.json', deployment.settings(github, {listen: `127.0.0.1:${proxy.port}`})));
  assert.notEqual(status, 0);
  assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${proxy.port} is taken`));
  assert.equal((await ask(proxy.port, {target: '/healthz'})).status, 200);
});

describe('clock jumps: yesterday, tomorrow', () => {
  // No libfaketime: it has to be loaded before AddressSanitizer, which refuses that. A clock a day ahead or behind is the
  // same as a session, a key or a sign-in that is a day older or newer, and those can be made.
  const day = 86400;
  test('clock jumps: a session opens until its end and not after, whatever day it was sealed', async () => {
    const [key] = keysOf(deployment.path('keys.json'));
    const {name, value} = cookieOf(await signIn(proxy.port, await github.code()));
    const claims = open(value, key);
    for (const [ahead, left, login] of [[-day, 60, 'ada-page'], [-day, -1, null], [-8 * day, -day, null], [day, 60, 'ada-page']]) {
      const shifted = seal({...claims, auth_time: now() + ahead, iat: now() + ahead, exp: now() + left}, key);
      assert.equal(await whoIs(proxy.port, `${name}=${shifted}`), login, `${ahead} ${left}`);
    }
  });
  test('a sign-in begun a day ago is over, one begun "tomorrow" has just begun', async () => {
    const core = await load();
    const {pending} = JSON.parse(readFileSync('tests/vectors/finish.json', 'utf8'));
    const finish = (age) => {
      try {
        return core.finish(`?code=${'a'.repeat(20)}&state=${pending.state}`, {...pending, created: now() - age}, now()).code.length;
      } catch (error) {
        return error.code;
      }
    };
    assert.deepEqual(
        [finish(0), finish(3599), finish(3661), finish(day), finish(-1), finish(-day)],
        [20, 20, 'callback_expired', 'callback_expired', 20, 20]);
  });
  test('clock jumps: a key that is not yet to seal does not, and one that has run out opens nothing', async () => {
    const [key] = keysOf(deployment.path('keys.json'));
    deployment.keygen('late.json');
    const [fresh] = keysOf(deployment.path('late.json'));
    const ring = (old, next) => deployment.write('late.json', {keys: [{...key, ...old}, {...fresh, kid: 'next', ...next}]});
    ring({open_until: now() + day}, {seal_from: now() + day});
    const late = await deployment.serve(deployment.settings(github, {session_keys_file: deployment.path('late.json')}));
    const cookie = cookieOf(await signIn(late.port, await github.code()));
    assert.equal(open(cookie.value, key).sub, '583231', 'sealed with the old key');
    assert.equal(await whoIs(late.port, cookie.pair), 'ada-page');
    ring({open_until: now() - 1}, {seal_from: now() - day});
    late.child.kill('SIGHUP');
    await until(async () => (await whoIs(late.port, cookie.pair)) === null, 'the old key has run out');
    const {value} = cookieOf(await signIn(late.port, await github.code()));
    assert.throws(() => open(value, key));
  });
});

describe('readable or half-written keys: the key file', () => {
  for (const mode of [0o644, 0o604, 0o660, 0o602, 0o666]) {
    test(`readable or half-written keys: a key file of mode ${mode.toString(8)} stops the start, and says so`, () => {
      const file = deployment.write('loose-keys.json', readFileSync(deployment.path('keys.json'), 'utf8'), mode);
      const {status, stderr} =
          deployment.run('serve', '--settings', deployment.write('loose.json', deployment.settings(github, {session_keys_file: file})));
      assert.notEqual(status, 0);
      assert.match(stderr, /loose-keys\.json/);
    });
  }
  test('20 reloads, half of them of broken files, while people sign in: no login fails, no session is lost', async () => {
    const {pair} = cookieOf(await signIn(proxy.port, await github.code()));
    const good = readFileSync(deployment.path('keys.json'), 'utf8');
    const settings = readFileSync(proxy.file, 'utf8');
    for (let i = 0; i < 20; i += 1) {
      if (i % 2) deployment.write('keys.json', i % 4 === 1 ? '{"keys":[' : '');
      else deployment.write('keys.json', good);
      if (i % 3 === 0) deployment.write('portero-1.json', i % 6 ? settings.slice(0, 40) : settings);
      proxy.child.kill('SIGHUP');
      assert.equal((await signIn(proxy.port, await github.code())).status, 201, `reload ${i}`);
      assert.equal(await whoIs(proxy.port, pair), 'ada-page', `reload ${i}`);
    }
    deployment.write('keys.json', good);
    deployment.write('portero-1.json', settings);
  });
});

describe('two pages on one proxy: each with an app of its own', () => {
  test('app, secret, redirect_uri and scope follow the Origin alone', async () => {
    upstream.say('token', {body: {...granted, scope: 'user:email'}});
    for (const [from, id, secret, redirect] of [
      [origin, 'stand-in-client', 'stand-in-secret', `${origin}/`],
      [other, 'other-client', 'the-secret-of-the-other-app', `${other}/app/`]
    ]) {
      upstream.requests.length = 0;
      assert.equal((await signIn(beside.port, exchange, {Origin: from})).status, 201);
      await until(() => upstream.requests.some(({method}) => method === 'DELETE'), 'the token is revoked');
      const sent = new URLSearchParams(upstream.requests[0].body);
      assert.deepEqual(['client_id', 'client_secret', 'redirect_uri'].map((name) => sent.get(name)), [id, secret, redirect]);
      const config = (await ask(beside.port, {target: '/v1/config', headers: {Origin: from}})).json();
      assert.deepEqual([config.client_id, config.redirect_uri], [id, redirect]);
    }
  });
  test('a page that names the other page\'s app in its request is refused', async () => {
    for (const more of [{client_id: 'other-client'}, {redirect_uri: `${other}/app/`}, {scope: 'repo'}, {origin: other}]) {
      const body = JSON.stringify({...JSON.parse(exchangeBody(exchange)), ...more});
      assert.equal((await ask(beside.port, {method: 'POST', headers: {...fromPage, ...json}, body})).code, 'bad_json');
    }
    assert.equal(upstream.requests.length, 0);
  });
});

test('exposed hop: what listens on loopback cannot be reached from anywhere else', async () => {
  const elsewhere = [
    '127.0.0.2',
    ...Object.values(networkInterfaces())
        .flat()
        .filter(({family, internal}) => family === 'IPv4' && !internal)
        .map(({address}) => address)
  ];
  for (const host of elsewhere) {
    const outcome = await new Promise(
        (resolve) =>
            connect({host, port: proxy.port}).on('connect', () => resolve('connected')).on('error', (error) => resolve(error.code)));
    assert.equal(outcome, 'ECONNREFUSED', host);
  }
});

test('internals in an error: an answer that fails inside says nothing of the inside, and GitHub\'s token is given back',
    async () => {
  const short = deployment.write('short.json', {keys: [{...keysOf(deployment.path('keys.json'))[0], open_until: now() + 2}]});
  const failing = await deployment.serve(deployment.settings(github, {session_keys_file: short}));
  let answer;
  await until(async () => (answer = await signIn(failing.port, await github.code())).status !== 201, 'the only key runs out');
  assert.deepEqual([answer.status, answer.code], [500, 'internal']);
  assert.deepEqual(Object.keys(answer.json()).sort(), ['code', 'hint', 'status', 'title']);
  assert.doesNotMatch(JSON.stringify(answer), /EXCEPTION_WHAT|what\(\)|\.cpp|\.json|gho_|std::|set-cookie: [^;]*=[^;]/i);
  await until(async () => (await github.state()).live_tokens === 0, 'revocation');
});
