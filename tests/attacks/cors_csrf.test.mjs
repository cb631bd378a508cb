// Other pages' attacks on a visitor's session: read it, make one, end it, without being the page.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, beforeEach, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {ask, cookieOf, exchangeBody, fromPage, json, signIn, whoIs} from '../wire.mjs';

const deployment = new Deployment();
let github;
let proxy;
let cookie;
let calls;

before(async () => {
  ({github, proxy} = await deployment.open());
  cookie = cookieOf(await signIn(proxy.port, await github.code())).pair;
});
after(() => deployment.close());
beforeEach(async () => {
  calls = await github.calls();
});

const body = exchangeBody({code: 'abcdefabcdefabcdefab', code_verifier: 'v'.repeat(43)});
const post = (headers, more = {}) => ask(proxy.port, {method: 'POST', body, ...more, headers: {...fromPage, ...json, ...headers}});
const assertNotAsked = async () => assert.equal(await github.calls(), calls, 'GitHub was asked');
const assertNotShared = (answer) => assert.deepEqual(answer.headers.filter(([name]) => name.startsWith('access-control-')), []);

describe('open exchanger: a code exchanged for anyone, from anywhere', () => {
  const refused = [
    ['the code in the path', {method: 'GET', target: '/authenticate/abcdefabcdefabcdefab', body: ''}, {}, 404, 'not_found'],
    ['the code in the query', {target: '/v1/session?code=abcdefabcdefabcdefab'}, {}, 400, 'bad_request'],
    ['a PUT', {method: 'PUT'}, {}, 405, 'method_not_allowed'],
    ['no Origin', {}, {Origin: undefined}, 403, 'origin_refused'],
    ['no Origin, but ours as Host', {}, {Origin: undefined, Host: 'good.example'}, 403, 'origin_refused'],
    ['the Origin null', {}, {Origin: 'null'}, 403, 'origin_refused'],
    ['a foreign Origin', {}, {Origin: 'https://evil.example'}, 403, 'origin_refused'],
    ['no custom header', {}, {'X-Portero': undefined}, 403, 'header_missing'],
    ['another custom header', {}, {'X-Portero': 'true'}, 403, 'header_missing'],
    ['text/plain', {}, {'Content-Type': 'text/plain'}, 415, 'unsupported_media_type'],
    ['a form', {body: 'code=abcdefabcdefabcdefab'}, {'Content-Type': 'application/x-www-form-urlencoded'}, 415, 'unsupported_media_type'],
    ['a multipart form', {}, {'Content-Type': 'multipart/form-data; boundary=x'}, 415, 'unsupported_media_type'],
    ['text/plain that says json', {}, {'Content-Type': 'text/plain; application/json'}, 415, 'unsupported_media_type'],
    ['JSON in another charset', {}, {'Content-Type': 'application/json; charset=utf-7'}, 415, 'unsupported_media_type'],
    ['no type at all', {}, {'Content-Type': undefined}, 415, 'unsupported_media_type'],
  ];
  for (const [what, request, headers, status, code] of refused) {
    test(`${what}: ${code}, and GitHub hears nothing`, async () => {
      const answer = await post(headers, request);
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.ok(!cookieOf(answer)?.value);
      await assertNotAsked();
    });
  }

  test('what a sign-in answers holds no token of GitHub\'s', async () => {
    const answer = await signIn(proxy.port, await github.code());
    assert.equal(answer.status, 201);
    assert.doesNotMatch(JSON.stringify(answer), /gh[oprsu]_/);
    assert.deepEqual(Object.keys(answer.json()).sort(), ['expires_at', 'user', 'v']);
  });
});

const origins = readFileSync('tests/vectors/origins.txt', 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));

describe('CORS reflection: an Origin that looks like the configured one', () => {
  test('the corpus has at least 200 origins, each once', () => {
    assert.ok(origins.length >= 200, `${origins.length}`);
    assert.equal(new Set(origins).size, origins.length);
  });

  test('the configured origin is shared with: what follows could fail', async () => {
    const answer = await ask(proxy.port, {headers: {...fromPage, Cookie: cookie}});
    assert.equal(answer.header('access-control-allow-origin'), origin);
    assert.equal(answer.json().user.login, 'ada-page');
  });

  const requests = [
    ['GET /v1/session', {headers: {...fromPage}}],
    ['GET /v1/config', {target: '/v1/config'}],
    ['POST /v1/session', {method: 'POST', body, headers: {...fromPage, ...json}}],
    ['DELETE /v1/session', {method: 'DELETE', headers: {...fromPage}}],
    ['a preflight', {method: 'OPTIONS', headers: {'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-portero'}}],
  ];
  for (const [what, request] of requests) {
    test(`${what}: none of the corpus is answered with CORS headers, a session or a call to GitHub`, async () => {
      for (const line of origins) {
        const bytes = Buffer.from(line).toString('latin1');
        // Space at the ends of a field's value is no part of it (RFC 9110 section 5.5): on the wire these are ours.
        if (bytes.replace(/^[ \t]+|[ \t]+$/g, '') === origin) continue;
        const answer = await ask(proxy.port, {...request, headers: {...request.headers, Cookie: cookie, Origin: bytes}});
        assert.ok([400, 403].includes(answer.status), `${JSON.stringify(line)}: ${answer.line}`);
        assertNotShared(answer);
        assert.doesNotMatch(answer.body, /ada-page|583231/, line);
        assert.ok(!cookieOf(answer)?.value, line);
      }
      await assertNotAsked();
      assert.equal(await whoIs(proxy.port, cookie), 'ada-page', 'still signed in');
    });
  }

  test('two Origin lines are refused, whichever comes first', async () => {
    for (const both of [[origin, 'https://evil.example'], ['https://evil.example', origin], [origin, origin], ['%', origin],
      ['https://evil.example', 'https://evil.example', origin]]) {
      const answer = await ask(proxy.port, {headers: {...fromPage, Cookie: cookie, Origin: both}});
      assert.equal(answer.status, 400);
      assertNotShared(answer);
    }
  });

  test('no answer ever allows everybody, and each varies by Origin', async () => {
    for (const headers of [{...fromPage}, {...fromPage, Origin: 'https://evil.example'}, {Origin: origin}, {}]) {
      for (const target of ['/v1/config', '/v1/session', '/v1/nothing']) {
        const answer = await ask(proxy.port, {target, headers});
        assert.notEqual(answer.header('access-control-allow-origin'), '*');
        assert.equal(answer.header('vary'), 'Origin', `${target} ${JSON.stringify(headers)}`);
      }
    }
  });
});

describe('CSRF: the session calls', () => {
  // What a browser can be made to send without asking first: no custom header, a simple type.
  const simple = [
    [
      'a form', {
        method: 'POST',
        body: 'x=1',
        headers: {'Content-Type': 'application/x-www-form-urlencoded', 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'}
      }
    ],
    [
      'a form that looks like JSON', {
        method: 'POST',
        body: `${body.slice(0, -1)},"x":"="}`,
        headers: {'Content-Type': 'text/plain', 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'}
      }
    ],
    [
      'a beacon', {
        method: 'POST',
        body,
        headers:
            {'Content-Type': 'text/plain', 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors'}
      }
    ],
    [
      'a form from a sandboxed frame',
      {method: 'POST', body: 'x=1', headers: {'Content-Type': 'text/plain', 'Origin': 'null', 'Sec-Fetch-Site': 'cross-site'}}
    ],
    [
      'a form on a sibling sub-domain', {
        method: 'POST',
        body: 'x=1',
        headers: {'Content-Type': 'text/plain', 'Origin': 'https://evil.good.example', 'Sec-Fetch-Site': 'same-site'}
      }
    ],
    ['an image', {headers: {'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image'}}],
    ['an image with our Host', {headers: {'Host': 'good.example', 'Sec-Fetch-Site': 'cross-site', 'X-Portero': '1'}}],
    ['a link from a sibling', {headers: {'Host': 'good.example', 'Sec-Fetch-Site': 'same-site', 'X-Portero': '1'}}],
    ['an address typed in', {headers: {'Host': 'good.example', 'Sec-Fetch-Site': 'none', 'X-Portero': '1'}}],
    ['the page itself, without the custom header', {method: 'DELETE', headers: {'Origin': origin, 'Sec-Fetch-Site': 'same-site'}}],
    [
      'a method override',
      {method: 'POST', body, headers: {...fromPage, ...json, 'Origin': 'https://evil.example', 'X-HTTP-Method-Override': 'DELETE'}}
    ],
  ];
  for (const [what, request] of simple) {
    test(`${what} with the visitor's cookie: 403, and nothing changes`, async () => {
      const answer = await ask(proxy.port, {...request, headers: {...request.headers, Cookie: cookie}});
      assert.equal(answer.status, 403);
      assert.equal(answer.header('set-cookie'), undefined);
      await assertNotAsked();
      assert.equal(await whoIs(proxy.port, cookie), 'ada-page');
    });
  }

  test('the cookie itself stays home: SameSite, HttpOnly, Secure, no Domain', async () => {
    const {name, attributes} = cookieOf(await signIn(proxy.port, await github.code()));
    assert.match(name, /^__Host-Http-portero-[\w-]{8}$/);
    assert.deepEqual(
        attributes.split('; ').slice(1).filter((one) => !one.startsWith('Max-Age=')).sort(),
        ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  });
});
