// Pages for members behind a web server that asks portero, configured by the file in docs/: who gets in, as whom, and that nobody
// else reaches what is behind it, whatever they send and whatever is down.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {createServer as createTcpServer} from 'node:net';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {openPage, press, startBrowser, untilState} from '../browser/harness.mjs';
import {Deployment} from '../deployment.mjs';
import {freePort} from '../programs.mjs';
import {cookieOf, exchangeBody, fromPage, json} from '../wire.mjs';
import {docs, fronts} from './front.mjs';

const site = join(process.cwd(), 'build/site');
const origin = `https://${docs}`;
const redirectUri = `${origin}/gate.html`;
const pictures = 'https://avatars.githubusercontent.com';
/** Their numbers: tests/github/people.cpp. */
const [member, stranger] = ['1000002', '1000023'];
/** What programs believe of who asks, in this dialect and others. */
const names = [
  ...['user', 'user-id', 'preferred-username', 'name', 'email', 'groups', 'access-token'].map((name) => `x-auth-request-${name}`),
  ...['user', 'preferred-username', 'email', 'groups', 'access-token', 'host'].map((name) => `x-forwarded-${name}`),
  ...['user', 'groups', 'name', 'email'].map((name) => `remote-${name}`), 'x-webauth-user', 'forwarded', 'x-real-ip',
];

/** What is behind the front: it keeps what reaches it. `answers` are headers for addresses. */
async function startApplication() {
  const seen = [];
  const answers = {};
  const keep = ({method, url, headers}, more) => seen.push({method, url, headers, ...more});
  const server = createServer(async (request, response) => {
    let length = 0;
    for await (const chunk of request) length += chunk.length;
    keep(request, {length});
    const body = '<!doctype html><title>Members</title><h1>Members</h1>';
    response.writeHead(200, {'content-type': 'text/html', 'content-length': body.length, ...answers[request.url]}).end(body);
  });
  server.on('upgrade', (request, socket) => {
    keep(request, {upgraded: true});
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {seen, answers, port: server.address().port, stop: () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  })};
}

for (const {name, start} of fronts) {
  describe(`behind ${name}:`, {timeout: 120000}, () => {
    const deployment = new Deployment();
    let github;
    let proxy;
    let checks;
    let server;
    let application;
    const cookies = {};

    const signIn = async (user) => {
      const body = exchangeBody(await github.code({user, scope: 'read:org', redirect_uri: redirectUri}));
      const answer = await server.ask(docs, {method: 'POST', target: '/v1/session', body,
        headers: {...fromPage, ...json, 'Origin': origin, 'Sec-Fetch-Site': 'same-origin'}});
      assert.equal(answer.status, 201, answer.body);
      return cookieOf(answer).pair;
    };
    const ask = (target, headers = {}, more = {}) => server.ask(docs, {target, headers, ...more});
    const startFront = (more) =>
      start(deployment, {upstream: proxy.port, site, members: {checks, application: application.port}, ...more});

    before(async () => {
      github = await deployment.github('--redirect-uri', redirectUri);
      checks = await freePort();
      proxy = await deployment.serve(deployment.settings(github, {
        origins: {[origin]: {redirect_uri: redirectUri}},
        policies: {staff: {origin, allow: {organizations: ['acme']}}},
        internal_listen: `127.0.0.1:${checks}`,
        trusted_proxies: ['127.0.0.1'],
      }));
      application = await startApplication();
      server = await startFront({edit: (text) => text.replaceAll(pictures, github.url)});
      [cookies.member, cookies.stranger] = [await signIn(member), await signIn(stranger)];
    });
    beforeEach(() => (application.seen.length = 0));
    after(async () => {
      await deployment.close();
      await application?.stop();
    });

    test('who is not signed in gets the page to sign in, with 401 and kept by nobody, at whatever address', async () => {
      for (const target of ['/', '/a/b.html?c=d', '/web', '/gate.html/', '/x/%2e%2e/y', '/v1x']) {
        const answer = await ask(target);
        assert.deepEqual([answer.status, answer.header('cache-control')], [401, 'no-store'], target);
        assert.match(answer.body, /<github-sign-in then="reload">/);
        assert.match(answer.header('content-security-policy'), /frame-ancestors 'none'/);
        assert.equal(answer.header('www-authenticate'), undefined);
      }
      assert.deepEqual(application.seen, []);
    });

    test('so does a script, and a form whose body is large', async () => {
      assert.equal((await ask('/api', {'Sec-Fetch-Mode': 'cors', 'Accept': 'application/json'})).status, 401);
      const body = 'x'.repeat(900_000);
      assert.equal((await ask('/form', {}, {method: 'POST', body})).status, 401);
      assert.equal((await ask('/form', {'If-None-Match': '*', 'Range': 'bytes=0-1'})).status, 401);
      assert.deepEqual(application.seen, []);
    });

    test('who may not pass gets 403 and the page that says so', async () => {
      const answer = await ask('/', {Cookie: cookies.stranger});
      assert.deepEqual([answer.status, answer.header('cache-control')], [403, 'no-store']);
      assert.match(answer.body, /This account has no access/);
      assert.deepEqual(application.seen, []);
    });

    test('a member reaches the application, which is told who it is, and keeps the answer to themselves', async () => {
      const answer = await ask('/docs/?q=%2e', {Cookie: cookies.member});
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual([answer.header('cache-control'), answer.header('vary')], ['private, no-cache', 'Cookie']);
      const {url, headers} = application.seen.pop();
      assert.equal(url, '/docs/?q=%2e');
      assert.equal(headers['x-auth-request-user'], 'acme-member');
      assert.match(headers['x-auth-request-user-id'], /^\d+$/);
      assert.equal(headers['x-auth-request-preferred-username'], 'acme-member');
      assert.equal(headers['x-auth-request-groups'], 'acme');
    });

    test('an application that says stricter keeps its word, one that says laxer does not', async () => {
      const strict = ['no-store', 'max-age=0, no-store', 'no-cache,no-store,must-revalidate'];
      const lax = ['public, max-age=3600', 'private, max-age=31536000', 'max-age=600, private="X-A"', 'x-no-store-x'];
      for (const said of [...strict, ...lax]) {
        application.answers['/kept'] = {'cache-control': said};
        const passed = (await ask('/kept', {Cookie: cookies.member})).header('cache-control');
        assert.equal(passed, strict.includes(said) ? 'no-store' : 'private, no-cache', said);
      }
    });

    test('what a visitor writes of themselves never arrives', async () => {
      const forged = Object.fromEntries(names.flatMap((one) => [[one, 'root'], [one.replaceAll('-', '_'), 'root']]));
      assert.equal((await ask('/', {...forged, Cookie: cookies.member})).status, 200);
      const {headers} = application.seen.pop();
      assert.deepEqual(Object.entries(headers).filter(([, value]) => value.includes('root')), []);
    });

    test('the session stays with the front, other cookies pass', async () => {
      const others = [[[], []], [['a=1'], []], [[], ['b=2']], [['a=1'], ['b=2']]];
      for (const [before, after] of others) {
        await ask('/', {Cookie: [...before, cookies.member, ...after].join('; ')});
        const {cookie = ''} = application.seen.pop().headers;
        assert.ok(!cookie.includes('portero'));
        assert.deepEqual(cookie.split(/; ?/).filter(Boolean), [...before, ...after]);
      }
    });

    test('a POST of a megabyte passes, and an upgrade to WebSocket, to nothing else', async () => {
      const sent = await ask('/upload', {Cookie: cookies.member}, {method: 'POST', body: 'x'.repeat(1_000_000)});
      assert.equal(sent.status, 200);
      assert.equal(application.seen.pop().length, 1_000_000);
      const text = await server.converse(docs, `GET /socket HTTP/1.1\r\nHost: ${docs}\r\nCookie: ${cookies.member}\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
      assert.match(text, /^HTTP\/1\.1 101 /);
      assert.ok(application.seen.pop().upgraded);
      const refused = await server.converse(docs,
          `GET /socket HTTP/1.1\r\nHost: ${docs}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, {timeout: 2000});
      assert.match(refused, /^HTTP\/1\.1 401 /);
      assert.deepEqual(application.seen, []);
      await server.converse(docs, `GET /other HTTP/1.1\r\nHost: ${docs}\r\nCookie: ${cookies.member}\r\n` +
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n', {timeout: 2000});
      const [{upgraded, headers}] = application.seen;
      assert.deepEqual([upgraded, headers.upgrade, headers['http2-settings']], [undefined, undefined, undefined]);
    });

    test('GitHub’s answer with a code never reaches the application, whoever comes with it', async () => {
      for (const cookie of [undefined, cookies.member, cookies.stranger]) {
        const answer = await ask('/gate.html?code=a-code&state=a-state', {Cookie: cookie});
        assert.equal(answer.status, 200);
        assert.match(answer.body, /then="reload"/);
      }
      assert.deepEqual(application.seen, []);
      assert.doesNotMatch(server.log(), /a-code/);
    });

    test('what is open to all is portero’s, byte for byte, and its metrics and checks are nowhere', async () => {
      assert.equal((await ask('/v1/config', {Origin: origin})).status, 200);
      for (const target of ['/web/index.js', '/portero.wasm', '/web/github-sign-in.css']) {
        assert.equal((await ask(target)).status, 200, target);
      }
      for (const target of ['/v1/check/staff', '/v1/metrics', '/web/none.js', ...name === 'nginx' ? ['/_check'] : []]) {
        assert.equal((await ask(target, {Cookie: cookies.member})).status, 404, target);
      }
      assert.deepEqual(application.seen, []);
    });

    test('a stranger gets in nowhere, whatever is sent', async () => {
      const hostile = [
        ...['//', '/./', '/../private', '/%2e%2e/private', '/x/../', '/web/../private', '/web/%2e%2e/private', '/web/..%2fprivate',
          '/v1/../private', '/v1/%2e%2e/private', '/gate.html/../private', '/gate.html%2f', '/gate.html;x', '/GATE.HTML',
          '/Web/index.js', '/portero.wasm/x', '/%77eb/../private',
          '/private?/v1/session', '/private?x=/gate.html', '/private%3f.css', '/private;.js', '/denied.html/', '/\\web\\x']
            .map((target) => ({target})),
        ...['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'REPORT'].map((method) => ({target: '/private', method})),
        ...names.map((one) => ({target: '/private', headers: {[one]: 'acme-member'}})),
        ...[{'X-Original-URL': '/gate.html'}, {'X-Rewrite-URL': '/gate.html'}, {'X-Forwarded-Uri': '/gate.html'},
          {'X-HTTP-Method-Override': 'OPTIONS'},
          {'X-Forwarded-For': '127.0.0.1'}, {Authorization: 'Basic YWNtZS1tZW1iZXI6'}, {Range: 'bytes=0-'}, {'If-None-Match': '*'},
          {Cookie: `${cookies.member}; ${cookies.member}`}, {Cookie: cookies.member.slice(0, -2)}, {Cookie: cookies.stranger},
          {Cookie: cookies.member.replace('__Host-', '__host-')}, {Cookie: cookies.member.replace('=', '=x')},
          {Cookie: `a=${'x'.repeat(8000)}`}].map((headers) => ({target: '/private', headers})),
      ];
      assert.ok(hostile.length >= 40);
      for (const request of hostile) {
        const text = await server.converse(docs,
            `${request.method ?? 'GET'} ${request.target} HTTP/1.1\r\nHost: ${docs}\r\nConnection: close\r\n` +
            Object.entries(request.headers ?? {}).map(([key, value]) => `${key}: ${value}\r\n`).join('') + '\r\n', {timeout: 5000});
        // Caddy takes /GATE.HTML for the page that is open to all.
        const isRefused = /^HTTP\/1\.1 (400|401|403|404|405|501) /.test(text) || text.includes('then="reload"');
        assert.ok(isRefused, `${JSON.stringify(request).slice(0, 200)}: ${text.slice(0, 20)}`);
      }
      assert.deepEqual(application.seen, []);
    });

    test('a check that is down or silent lets nobody in', async () => {
      const silent = createTcpServer(() => {});
      await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
      for (const port of [await freePort(), silent.address().port]) {
        const alone = await startFront({members: {checks: port, application: application.port}});
        const answer = await alone.ask(docs, {target: '/', headers: {Cookie: cookies.member}});
        assert.ok(answer.status >= 500, `${answer.status}`);
        assert.deepEqual(application.seen, []);
      }
      silent.close();
    });

    test('somebody who follows a deep link signs in at its address and gets it, fragment and all', async () => {
      const browser = await startBrowser('--ignore-certificate-errors', `--host-resolver-rules=MAP ${docs}:443 127.0.0.1:${server.port}`);
      try {
        const {page, record} = await openPage(browser.browser);
        const address = `${origin}/deep/link?with=query#and-fragment`;
        await page.goto(address);
        await untilState(page, 'signed-out');
        assert.equal(page.url(), address);
        await press(page, 'button');
        await page.waitForSelector('#authorize');
        await page.click('#authorize');
        await page.waitForFunction(() => document.title === 'Members', {timeout: 20000});
        assert.equal(page.url(), address);
        assert.deepEqual(record.violations, []);
        assert.ok(application.seen.every(({url}) => !url.includes('code=')));
      } finally {
        await browser.stop();
      }
    });
  });
}
