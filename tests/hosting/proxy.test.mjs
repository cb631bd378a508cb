// portero behind nginx and Caddy, configured by the files in docs/: what passes, what must not, and who is believed to ask.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment, origin, redirectUri} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {Prover, fromElsewhere, proven, publicUrl} from '../prover.mjs';
import {ask, chunked, cookieOf, exchangeBody, fromPage, inChunks, json} from '../wire.mjs';
import {fronts, login, page} from './front.mjs';

const pageOrigin = `https://${page}`;
/** What a page sends to the proxy of its own origin: browsers name no Origin with a GET there. */
const fromOwnPage = {'X-Portero': '1', 'Sec-Fetch-Site': undefined};

for (const front of fronts) {
  describe(`behind ${front.name}:`, {timeout: 60000}, () => {
    const deployment = new Deployment();
    let github;
    let proxy;
    let settings;
    let server;

    before(async () => {
      github = await deployment.github('--redirect-uri', `${pageOrigin}/`);
      settings = deployment.settings(github, {
        origins: {[origin]: {redirect_uri: redirectUri}, [pageOrigin]: {redirect_uri: `${pageOrigin}/`}},
        public_url: publicUrl,
        trusted_proxies: ['127.0.0.1'],  // visitors here come from elsewhere in 127.0.0.0/8
        internal_listen: `unix:${deployment.path('internal')}`,
        log: {format: 'json'},
      });
      proxy = await deployment.serve(settings);
      settings.listen = `127.0.0.1:${proxy.port}`;
      server = await front.start(deployment, {upstream: proxy.port, site: deployment.directory});
    });
    after(() => deployment.close());

    const signIn = async (host, headers = {}, options) => {
      const redirect_uri = host === page ? `${pageOrigin}/` : redirectUri;
      const from = host === page ? {...fromPage, 'Origin': pageOrigin, 'Sec-Fetch-Site': 'same-origin'} : fromPage;
      const body = exchangeBody(await github.code({redirect_uri}));
      return server.ask(host, {method: 'POST', target: '/v1/session', headers: {...from, ...json, ...headers}, body}, options);
    };

    test('health is told', async () => {
      assert.equal((await server.ask(login, {target: '/healthz'})).status, 200);
      assert.equal((await server.ask(login, {target: '/readyz'})).status, 200);
    });

    test('the metrics are nowhere', async () => {
      for (const host of [login, page]) {
        for (const target of ['/metrics', '//metrics', '/v1/../metrics', '/v1/%2e%2e/metrics', '/v1/metrics']) {
          const {status, body} = await server.ask(host, {target});
          assert.ok([400, 403, 404, 308, 301].includes(status), `${host}${target}: ${status}`);
          assert.doesNotMatch(body, /portero_/, target);
        }
      }
    });

    test('a preflight is answered by portero, with all a browser asks', async () => {
      const answer = await server.ask(login, {method: 'OPTIONS', target: '/v1/session', headers: {
        'Origin': origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-portero'}});
      assert.equal(answer.status, 204);
      assert.equal(answer.header('access-control-allow-origin'), origin);
      assert.equal(answer.header('access-control-allow-credentials'), 'true');
      assert.match(answer.header('access-control-allow-headers'), /x-portero/);
      const other = await server.ask(login, {method: 'OPTIONS', target: '/v1/session', headers: {
        'Origin': 'https://evil.example', 'Access-Control-Request-Method': 'POST'}});
      assert.deepEqual([other.status, other.header('access-control-allow-origin')], [403, undefined]);
    });

    test('a visitor signs in, is known, and signs out', async () => {
      const opened = await signIn(login);
      assert.equal(opened.status, 201, opened.body);
      assert.equal(opened.json().user.login, 'ada-page');
      assert.equal(opened.header('cache-control'), 'no-store');
      const {pair, attributes} = cookieOf(opened);
      assert.match(attributes, /Secure.*HttpOnly|HttpOnly.*Secure/);
      const known = await server.ask(login, {target: '/v1/session', headers: {...fromPage, Cookie: pair}});
      assert.equal(known.json().user.login, 'ada-page');
      const ended = await server.ask(login, {method: 'DELETE', target: '/v1/session', headers: {...fromPage, Cookie: pair}});
      assert.equal(ended.status, 204);
    });

    test('a page of another site signs in by its key, and the proof fits the address that visitors see', async () => {
      const prover = new Prover();
      const config = await server.ask(login, {target: '/v1/config', headers: {...fromElsewhere, 'X-Portero': undefined}});
      assert.equal(config.json().carry, 'key');
      const post = {method: 'POST', nonce: config.json().nonce};
      const opened = await server.ask(login, {method: 'POST', target: '/v1/session', body: exchangeBody(await github.code()),
        headers: {...fromElsewhere, ...json, DPoP: prover.prove(post)}});
      assert.equal(opened.status, 201, opened.body);
      const {session, nonce} = opened.json();
      const known = await server.ask(login, proven(prover, {nonce, session}));
      assert.equal(known.json().user.login, 'ada-page');
      assert.doesNotMatch(server.log(), new RegExp(session.slice(-40)));
    });

    test('Host passes as the browser wrote it: a page knows its own proxy by it, over HTTP/1.1 and HTTP/2', async () => {
      const request = {target: '/v1/session', headers: fromOwnPage};
      assert.equal((await server.ask(page, request)).status, 200);
      assert.equal((await server.ask2(page, {target: request.target, headers: {'x-portero': '1'}})).status, 200);
      const {pair} = cookieOf(await signIn(page));
      const known = await server.ask2(page, {target: request.target, headers: {'x-portero': '1', 'cookie': pair}});
      assert.equal(known.json().user.login, 'ada-page');
    });

    test('who asks is named by the front, whatever the visitor writes', async () => {
      const forged = {'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', 'Forwarded': 'for=203.0.113.9'};
      assert.equal((await signIn(login, forged, {localAddress: '127.0.0.5'})).status, 201);
      const addresses = () => proxy.output().split('\n').filter((line) => line.includes('"login_succeeded"'))
          .map((line) => JSON.parse(line).address);
      await until(() => addresses().at(-1) === '127.0.0.5', 'the log names who asked');
      assert.doesNotMatch(proxy.output(), /203\.0\.113\.9/);
    });

    test('a head or a body too large is refused by portero, so that the page can read it', async () => {
      const head = await server.ask(
          login, {target: '/v1/session', headers: {...fromPage, Cookie: `a=${'x'.repeat(15000)}`, Other: 'y'.repeat(2000)}});
      assert.deepEqual([head.status, head.code], [431, 'headers_too_large']);
      const body =
          await server.ask(login, {method: 'POST', target: '/v1/session', headers: {...fromPage, ...json}, body: 'x'.repeat(5000)});
      assert.deepEqual([body.status, body.code, body.header('access-control-allow-origin')], [413, 'too_large', origin]);
      const much = await server.ask(login, {target: '/v1/session', headers: {...fromPage, Cookie: `a=${'x'.repeat(12000)}`}});
      assert.equal(much.status, 200, 'other sites\' cookies of the same domain');
    });

    test('the session of a very long name passes', async () => {
      const long = await github.code({user: '9007199254740991'});
      const answer =
          await server.ask(login, {method: 'POST', target: '/v1/session', headers: {...fromPage, ...json}, body: exchangeBody(long)});
      assert.equal(answer.status, 201);
      assert.ok(cookieOf(answer).value.length > 500);
    });

    test('plain http only says where to go', async () => {
      const answer = await ask(server.plain, {target: '/v1/config', headers: {Host: login}});
      assert.ok([301, 308].includes(answer.status));
      assert.match(answer.header('location'), /^https:\/\/login\.example(:\d+)?\/v1\/config$/);
    });

    test('a restart of portero loses nobody who was signed in', async () => {
      const {pair} = cookieOf(await signIn(login));
      assert.equal(await proxy.stop(), 0);
      proxy = await deployment.serve(settings);
      await until(async () => (await server.ask(login, {target: '/healthz'})).status === 200, 'the front finds it again');
      const known = await server.ask(login, {target: '/v1/session', headers: {...fromPage, Cookie: pair}});
      assert.equal(known.json().user.login, 'ada-page');
      assert.equal((await signIn(login)).status, 201);
    });
  });
}

describe('what a line is for:', {timeout: 60000}, () => {
  const deployment = new Deployment();
  after(() => deployment.close());

  test('without its Host line nginx names another host: origin_refused, and the log has the fix', async () => {
    const {proxy} = await deployment.open({origins: {[pageOrigin]: {redirect_uri: `${pageOrigin}/`}}});
    const line = /^\s*proxy_set_header Host \$http_host;$/gm;
    assert.equal(readFileSync('docs/nginx/portero.conf', 'utf8').match(line).length, 2);
    const server =
        await fronts[0].start(deployment, {upstream: proxy.port, site: deployment.directory, edit: (text) => text.replace(line, '')});
    const answer = await server.ask(page, {target: '/v1/session', headers: fromOwnPage});
    assert.deepEqual([answer.status, answer.code], [403, 'origin_refused']);
    await until(() => /origin_refused.*Host.*\$http_host/.test(proxy.output()), 'the fix in the log');
  });

  test('below a path of its own the proxy answers, when the front takes the path away as hosting.md says', async () => {
    const hosting = readFileSync('docs/hosting.md', 'utf8');
    const edits = [
      [['location /v1/ {', 'location /auth/ {'], [/(location \/auth\/ \{[^}]*proxy_pass http:\/\/portero);/, '$1/;']],
      [['handle /v1/* {', 'handle_path /auth/* {']],
    ];
    for (const wanted of ['location /auth/ {', 'proxy_pass http://portero/;', 'handle_path /auth/* {']) {
      assert.ok(hosting.includes(wanted), wanted);
    }
    const {proxy} = await deployment.open({origins: {[pageOrigin]: {redirect_uri: `${pageOrigin}/`}}});
    for (const [i, front] of fronts.entries()) {
      const edit = (text) => edits[i].reduce((all, [from, to]) => {
        assert.notEqual(all.replace(from, to), all, `${from}`);
        return all.replace(from, to);
      }, text);
      const server = await front.start(deployment, {upstream: proxy.port, site: deployment.directory, edit});
      const answer = await server.ask(page, {target: '/auth/v1/session', headers: fromOwnPage});
      assert.deepEqual([answer.status, answer.json().user], [200, null], front.name);
      assert.equal((await server.ask(page, {target: '/v1/session', headers: fromOwnPage})).status, 404, front.name);
    }
  });

  test('a body without a length, which a front passes on in chunks, signs in and out', async () => {
    const {github, proxy} = await deployment.open();
    // nginx waits for the whole body and writes its length, unless it is told not to. Caddy never does.
    const edit = (text) => text.replaceAll('proxy_http_version 1.1;', 'proxy_http_version 1.1; proxy_request_buffering off;');
    for (const front of fronts) {
      const server = await front.start(deployment, {upstream: proxy.port, site: deployment.directory, edit});
      const target = '/v1/session';
      const body = async () => exchangeBody(await github.code());
      const opened = await server.ask(
          login, {method: 'POST', target, headers: {...fromPage, ...json, ...chunked}, body: inChunks(await body())});
      assert.equal(opened.status, 201, `${front.name}: ${opened.body}`);
      const headers = {'origin': origin, 'x-portero': '1', 'sec-fetch-site': 'same-site', 'content-type': 'application/json'};
      const framed = await server.ask2(login, {method: 'POST', target, headers, body: await body()});
      assert.equal(framed.status, 201, `${front.name}: ${framed.body}`);
      const cookie = cookieOf(opened).pair;
      for (const ended of [
        await server.ask(login, {method: 'DELETE', target, headers: {...fromPage, ...chunked, Cookie: cookie}, body: inChunks('')}),
        await server.ask2(login, {method: 'DELETE', target, headers: {...headers, cookie}, body: ''}),
      ]) assert.equal(ended.status, 204, `${front.name}: ${ended.body}`);
    }
  });

  test('while portero restarts, Caddy lets a visitor wait', async () => {
    const other = new Deployment();
    try {
      const github = await other.github();
      const settings = other.settings(github);
      const proxy = await other.serve(settings);
      settings.listen = `127.0.0.1:${proxy.port}`;
      const server = await fronts[1].start(other, {upstream: proxy.port, site: other.directory});
      await proxy.stop();
      const asked = server.ask(login, {target: '/v1/config', headers: {Origin: origin}});
      await other.serve(settings);
      assert.equal((await asked).status, 200);
    } finally {
      await other.close();
    }
  });
});
