// Attacks on HTTP itself: paths, framing, headers and bodies that two programs could read differently.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {after, before, beforeEach, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {
  ask, chunked, converse, cookieOf, exchangeBody, fromPage, inChunks, json, readAnswers, signIn, whoIs, writeRequest
} from '../wire.mjs';
import {pathsLike} from './paths.mjs';
import {startUpstream} from './upstream.mjs';

const deployment = new Deployment();
let github;
let proxy;
let cookie;
let calls;

before(async () => {
  github = await deployment.github();
  mkdirSync(deployment.path('site/dir'), {recursive: true});
  writeFileSync(deployment.path('site/index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(deployment.path('site/dir/index.html'), '<!doctype html><title>the folder</title>');
  for (const name of ['a b@[ü]+.html', '100%25.html']) writeFileSync(deployment.path(`site/${name}`), '<!doctype html><title>odd</title>');
  for (const name of ['.env', 'server.key', 'id_rsa']) writeFileSync(deployment.path(`site/${name}`), '<title>secret');
  proxy = await deployment.serve(deployment.settings(github, {static_dir: deployment.path('site')}));
  cookie = cookieOf(await signIn(proxy.port, await github.code())).pair;
});
after(() => deployment.close());
beforeEach(async () => {
  calls = await github.calls();
});

const exchange = exchangeBody({code: 'abcdefabcdefabcdefab', code_verifier: 'v'.repeat(43)});
const page = (more = {}) => ({...fromPage, Cookie: cookie, ...more});
const assertNotAsked = async () => assert.equal(await github.calls(), calls, 'GitHub was asked');

describe('path confusion: paths that a rule reads otherwise than the router', () => {
  const variants = [
    '/v1/session', '/v1/config', '/healthz', '/index.html', '/dir/', '/a%20b@[%C3%BC]+.html', '/100%2525.html', '/.env',
    '/server.key', '/id_rsa'
  ].map((path) => [path, pathsLike(path)]);
  test('there are at least 200 of them', () => {
    const all = variants.flatMap(([, paths]) => paths);
    assert.ok(new Set(all).size >= 200, `${all.length}`);
  });
  for (const [path, paths] of variants) {
    test(`${paths.length} variants of ${path} reach no route and no file`, async () => {
      for (const target of paths) {
        for (const request of [{headers: page()}, {method: 'POST', headers: page(json), body: exchange}]) {
          const answer = await ask(proxy.port, {...request, target: Buffer.from(target).toString('latin1')});
          assert.ok([400, 404, 405, 431].includes(answer.status), `${request.method ?? 'GET'} ${target}: ${answer.line}`);
          assert.ok(answer.code, target);
          assert.doesNotMatch(answer.body, /ada-page|client_id|<title>/, target);
        }
      }
      await assertNotAsked();
    });
  }
  test('and the plain paths do', async () => {
    assert.equal(await whoIs(proxy.port, cookie), 'ada-page');
    for (const [target, text] of [
      ['/', 'the page'], ['/index.html', 'the page'], ['/dir/', 'the folder'], ['/v1/config', 'client_id'],
      ['/a%20b@[%C3%BC]+.html', 'odd'], ['/100%2525.html', 'odd']
    ]) {
      assert.match((await ask(proxy.port, {target, headers: page()})).body, new RegExp(text));
    }
    for (const target of ['/.env', '/server.key', '/id_rsa']) assert.equal((await ask(proxy.port, {target})).status, 404, target);
  });
});

describe('open redirect: a folder without its slash', () => {
  const evil = [
    '/dir?//evil.example', '/dir?/\\evil.example', '/dir?@evil.example', '/dir?https://evil.example', '/dir?%0d%0aX:y', '/dir?'
  ];
  test('open redirect: leads to the folder of that name, whatever the query', async () => {
    for (const target of evil) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask(proxy.port, {method, target, headers: {Host: 'evil.example'}});
        assert.equal(answer.status, 301, target);
        assert.equal(answer.header('location'), target.replace('/dir', '/dir/'));
        assert.ok(new URL(answer.header('location'), 'https://good.example/x/y').href.startsWith('https://good.example/dir/?'), target);
      }
    }
  });
  test('open redirect: and no other writing of it leads anywhere', async () => {
    for (const target of [
      '//dir', '///dir', '/\\dir', '//evil.example/dir', '/\\evil.example/dir', '//evil.example/..%2fdir', '/evil.example//dir',
      '/%2fdir',
      '/dir%2f', '/dir%3f', '/dir;', '/./dir', '/x/../dir', '/DIR', '/%64ir', 'https://evil.example/dir', 'dir', '/dir/%2e', '/dir//',
      '/dir/dir'
    ]) {
      const answer = await ask(proxy.port, {target});
      assert.ok([400, 404].includes(answer.status), `${target}: ${answer.line}`);
      assert.equal(answer.header('location'), undefined, target);
    }
  });
});

const alike = (answer) =>
    `${answer.line}\n${answer.headers.filter(([name]) => name !== 'date').map((one) => one.join(': ')).join('\n')}\n\n${answer.body}`;

describe('magic header: a header or User-Agent that opens a door', () => {
  const magic = [
    ['User-Agent', 'kube-probe/1.29'], ['User-Agent', 'GoogleHC/1.0'], ['User-Agent', 'ELB-HealthChecker/2.0'],
    ['User-Agent', 'Prometheus/2.45'], ['X-Original-URL', '/healthz'], ['X-Rewrite-URL', '/healthz'], ['X-Forwarded-Uri', '/healthz'],
    ['X-Auth-Request-User', 'root'], ['X-Forwarded-User', 'root'], ['X-Internal-Request', '1'],
    ['Authorization', 'Basic cm9vdDpyb290'], ['X-HTTP-Method-Override', 'DELETE'], ['X-Forwarded-Host', 'evil.example'],
    ['X-Original-Method', 'GET'], ['X-Forwarded-Proto', 'http'], ['Upgrade', 'websocket'], ['HTTP2-Settings', 'AAMAAABkAAQAAP__']
  ];
  for (const [name, value] of magic) {
    test(`"${name}: ${value}" changes no answer`, async () => {
      for (const request of [
        {}, {headers: fromPage}, {headers: page()}, {target: '/v1/config', headers: fromPage}, {target: '/healthz'},
        {target: '/'}, {target: '/metrics'}, {method: 'POST', headers: {...fromPage, ...json}, body: '{}'},
        {target: '/v1/check/x'}
      ]) {
        const [plain, marked] =
            [await ask(proxy.port, request), await ask(proxy.port, {...request, headers: {...request.headers, [name]: value}})];
        assert.equal(alike(marked), alike(plain));
      }
      await assertNotAsked();
    });
  }
});

const unescape = (text) => text.replace(
    /~(\d+)|\\x(..)|\\(.)/g,
    (_, count, hex, letter) =>
        (count   ? 'x'.repeat(Number(count)) :
             hex ? String.fromCharCode(parseInt(hex, 16)) :
                   {r: '\r', n: '\n', t: '\t', 0: '\0'}[letter] ?? letter));
const smuggling = readFileSync('tests/vectors/smuggling.txt', 'latin1').split('\n').filter((line) => line && !line.startsWith('#'));

describe('request smuggling: one request that two programs read as two', () => {
  const behind = () => writeRequest({headers: page()}).toString('latin1');
  test('request smuggling: the request behind would be answered: what follows could fail', async () => {
    const [first, second] =
        readAnswers((await converse(proxy.port, writeRequest({headers: page({Connection: undefined})}).toString('latin1') + behind(), {
                      ends: false
                    })).text);
    assert.deepEqual([first, second].map((answer) => answer.json().user.login), ['ada-page', 'ada-page']);
  });
  test('request smuggling: a body in chunks ends where it says, and the request behind it is answered', async () => {
    const inside = behind();  // a request, to whoever loses count of the chunks
    const bodies = [exchange.replace('}', '} '), inside, `${inside}0\r\n\r\n${inside}`, '0\r\n\r\n', ''];
    for (const body of bodies) {
      for (const size of [1, 7, 4096]) {
        const first = writeRequest(
            {method: 'POST', headers: page({...chunked, Connection: undefined}), body: inChunks(body, size)}).toString('latin1');
        const {text} = await converse(proxy.port, first + behind(), {ends: false});
        const answers = readAnswers(text);
        assert.deepEqual(answers.map(({status}) => status), [415, 200], `${size}: ${body}`);
        assert.equal(answers[1].json().user.login, 'ada-page');
      }
    }
    await assertNotAsked();
  });
  test(`each of ${smuggling.length} vectors gets one refusal and a closed connection, and nothing behind it an answer`, async () => {
    assert.ok(smuggling.length >= 40);
    for (const line of smuggling) {
      const {text, closed} = await converse(proxy.port, unescape(line.slice(4)) + behind(), {ends: false});
      const answers = readAnswers(text, {head: line.startsWith('400 HEAD ')});
      assert.deepEqual(answers.map(({status}) => String(status)), [line.slice(0, 3)], line);
      assert.ok(closed && answers[0].header('connection') === 'close', line);
      assert.doesNotMatch(text, /ada-page|set-cookie|<title>/i, line);
    }
    await assertNotAsked();
  });
  test('a request cut anywhere is none: no prefix of a login reaches GitHub', async () => {
    for (const [headers, body] of [[{}, exchange], [chunked, inChunks(exchange)]]) {
      const whole = writeRequest({method: 'POST', headers: page({...json, ...headers}), body}).toString('latin1');
      for (let size = 1; size < whole.length; size += 7) {
        const {text} = await converse(proxy.port, whole.slice(0, size));
        assert.doesNotMatch(text, /^HTTP\/1\.1 2/, `${size} bytes`);
      }
    }
    await assertNotAsked();
  });
  test('a login in chunks is one: what is refused above could succeed', async () => {
    const body = inChunks(exchangeBody(await github.code()), 5);
    assert.equal((await ask(proxy.port, {method: 'POST', headers: page({...json, ...chunked}), body})).status, 201);
    const out = await ask(proxy.port, {method: 'DELETE', headers: page({...chunked, Cookie: undefined}), body: inChunks('')});
    assert.equal(out.status, 204);
  });
});

describe('response splitting: line breaks that would end a header of the answer', () => {
  const endings = [
    '%0d%0aSet-Cookie:%20x=y', '%0aSet-Cookie:x', '%E5%98%8A%E5%98%8DSet-Cookie:x', '\u560a\u560dSet-Cookie:x', '\\r\\nSet-Cookie:x',
    '%00%0d%0aX:y', '%250d%250aX:y', '\u2028X:y'
  ];
  const ignored = [
    'User-Agent', 'Referer', 'Accept-Language', 'X-Forwarded-For', 'X-Anything', 'Accept-Encoding', 'If-None-Match', 'REMOTE_ADDR',
    'EXCEPTION_WHAT', 'Range', 'Expect'
  ];
  test('a value with an encoded line break, in a header we do not read, changes no byte of the answer', async () => {
    const plain = alike(await ask(proxy.port, {headers: page()}));
    for (const name of ignored) {
      for (const ending of endings) {
        const value = Buffer.from(`x${ending}`).toString('latin1');
        assert.equal(alike(await ask(proxy.port, {headers: page({[name]: value})})), plain, `${name}: ${ending}`);
      }
    }
  });
  test('in a header we do read it is refused, and shows nowhere in the refusal', async () => {
    const names = new Set();
    for (const name of ['Origin', 'X-Portero', 'Sec-Fetch-Site', 'Host', 'Content-Type', 'Authorization', 'DPoP']) {
      for (const ending of endings) {
        const value = Buffer.from(`${{'Origin': origin, 'X-Portero': '1', 'Host': 'p'}[name] ?? 'x'}${ending}`).toString('latin1');
        const answer = await ask(proxy.port, {method: 'POST', headers: page({...json, [name]: value}), body: '{}'});
        assert.ok(answer.status >= 400, `${name}: ${ending}`);
        assert.doesNotMatch(JSON.stringify(answer.headers), /set-cookie: *x|0d%0a|\bX:y/i);
        names.add(
            answer.headers.map(([one]) => one).filter((one) => !one.startsWith('access-control-') && one !== 'set-cookie').sort().join());
      }
    }
    assert.equal(names.size, 1, 'one set of headers');
  });
  test('nor does what GitHub says get into a header', async () => {
    const upstream = await startUpstream();
    try {
      const beside = await deployment.serve(deployment.settings(upstream));
      const error = 'x\r\nSet-Cookie: a=b';
      upstream.say('token', {body: {error, error_description: error, error_uri: error}, headers: {'X-Evil': 'x', 'Set-Cookie': 'a=b'}});
      const answer = await signIn(beside.port, {code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)});
      assert.equal(answer.code, 'upstream_refused');
      assert.doesNotMatch(JSON.stringify(answer), /a=b|evil/i);
    } finally {
      await upstream.stop();
    }
  });
});

const good = JSON.parse(exchange);
const hostileBodies = [
  '', ' ', '{', '}', '[]', 'null', 'true', '1', '"x"', '{}', '[{}]', `${exchange}x`, `${exchange}${exchange}`,
  `${exchange},`, `\ufeff${exchange}`, `\0${exchange}`, `${exchange}\0`,
  exchange.replace('{', '{"v":1,'),
  exchange.replace('{', '{"code":"bbbbbbbbbbbbbbbbbbbb",'),
  exchange.replace('{', '{"\\u0063ode":"bbbbbbbbbbbbbbbbbbbb",'),
  exchange.replace('{', '{"x":1,'),
  exchange.replace('{', '{"redirect_uri":"https://good.example/evil/",'),
  exchange.replace('{', '{"__proto__":{},'),
  ...['1.0', '1e0', '"1"', 'true', 'null', '0', '2', '-1', '-0', '1e999', '-1e999', '01', '+1', '0x1', 'NaN', 'Infinity',
      '18446744073709551617', '[1]', '{}']
      .map((v) => exchange.replace('"v":1', `"v":${v}`)),
  exchange.replaceAll('"', '\''),
  exchange.replace('{', '{/**/'),
  exchange.replace('}', ',}'),
  exchange.replace('{', '{,'),
  exchange.replaceAll(',', ',\u00a0'),
  JSON.stringify({...good, code: 'é'.repeat(20)}),
  JSON.stringify({...good, code: 'a\r\nb'.repeat(10)}),
  JSON.stringify({...good, code: ['a'.repeat(20)]}),
  JSON.stringify({...good, code: ''}),
  exchange.replace('abcdef', '\\ud800'),
  exchange.replace('abcdef', '\\u0000'),
  exchange.replace('abcdef', '\\x41'),
  exchange.replace('abcdef', '\t'),
  '['.repeat(5),
  '{"a":'.repeat(5),
  `{"v":${'['.repeat(4)}${']'.repeat(4)}}`,
  `"${'\\u0041'.repeat(600)}"`,
  `{${Array.from({length: 4}, (_, i) => `"k${i}":1`)}}`,
];
describe('hostile JSON: bodies that two parsers read differently, or that are too much for one', () => {
  test(`${hostileBodies.length} bodies are each refused, and GitHub hears of none`, async () => {
    for (const body of [
      ...hostileBodies, Buffer.from([...Buffer.from(exchange.slice(0, -3)), 0xff, 0xfe, 0x22, 0x7d]),
      Buffer.from(exchange, 'utf16le')
    ]) {
      const answer = await ask(proxy.port, {method: 'POST', headers: page({...json, 'Content-Length': Buffer.byteLength(body)}), body});
      assert.equal(answer.status, 400, String(body).slice(0, 80));
      assert.match(answer.code, /^bad_(json|request)$/);
    }
    await assertNotAsked();
  });
  test('a body longer than 64 kB is refused the same way, where the operator lets it in', async () => {
    const wide = await deployment.serve(deployment.settings(github, {limits: {body: 1048576}}));
    for (const body of [exchange.padEnd(65537), exchange.padStart(65537), exchange.replace('{', `{"x":"${'x'.repeat(65536)}",`)]) {
      assert.equal((await ask(wide.port, {method: 'POST', headers: page(json), body})).code, 'bad_json');
    }
    assert.equal((await ask(wide.port, {target: '/healthz'})).status, 200);
    await assertNotAsked();
  });
});

describe('odd methods: what nobody here uses', () => {
  for (const method of [
    'TRACE', 'TRACK', 'CONNECT', 'PUT', 'PATCH', 'PROPFIND', 'MKCOL', 'DEBUG', 'get', 'GETS', 'G', 'OPTIONS', 'POSTPOST',
    'M-SEARCH'
  ]) {
    test(`${method} does nothing and tells nothing on any path`, async () => {
      for (const target of ['/v1/session', '/v1/config', '/healthz', '/', '/nothing']) {
        const answer = await ask(proxy.port, {method, target, headers: page({'X-Secret': 'canary'})});
        assert.ok([400, 404, 405].includes(answer.status), `${target}: ${answer.line}`);
        assert.equal(answer.header('set-cookie'), undefined);
        assert.doesNotMatch(JSON.stringify(answer), /canary|ada-page|portero-\w{8}=/);
        if (answer.status === 405) assert.match(answer.header('allow'), /^[A-Z, ]+$/);
      }
      await assertNotAsked();
    });
  }
});

test('cached answers: every answer of every status forbids keeping it, the configuration and the files aside', async () => {
  const seen = new Set();
  const requests = [
    {headers: page()}, {}, {headers: fromPage, target: '/v1/nothing'}, {target: '/nothing'}, {target: '/healthz'}, {target: '/readyz'},
    {method: 'HEAD', headers: page()}, {method: 'PUT', headers: page()}, {method: 'POST', headers: page(), body: 'x'},
    {method: 'POST', headers: page(json), body: '{'}, {method: 'POST', headers: page(json), body: exchange},
    {method: 'POST', headers: page(json), body: 'x'.repeat(5000)}, {method: 'DELETE', headers: fromPage},
    {headers: page({'Content-Encoding': 'br'})}, {target: '/v1/session?x', headers: page()}, {target: `/${'x'.repeat(1100)}`},
    {headers: page({'Transfer-Encoding': 'chunked'})}, {method: 'OPTIONS'},
    {method: 'OPTIONS', headers: {'Origin': origin, 'Access-Control-Request-Method': 'GET'}}
  ];
  const answers = [];
  for (const request of requests) answers.push(await ask(proxy.port, request));
  answers.push(await signIn(proxy.port, await github.code()));
  for (const fault of ['error_500', 'bad_json', 'unauthorized_401', 'rate_limited_429']) {  // the last one pauses all logins
    await github.fault('token', fault);
    answers.push(await signIn(proxy.port, await github.code()));
  }
  for (const answer of answers) {
    assert.equal(answer.header('cache-control'), 'no-store', answer.line);
    assert.equal(answer.headers.filter(([name]) => name === 'cache-control').length, 1);
    seen.add(answer.status);
  }
  assert.deepEqual([...seen].sort(), [200, 201, 204, 400, 403, 404, 405, 413, 415, 431, 502, 503]);
});
