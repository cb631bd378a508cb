// `portero check`, as an operator runs it: the real program against the stand-in, a page, and a front (what ends TLS in
// real life) that passes everything on to a running portero, until it is told to break one thing.
import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {createServer, request} from 'node:http';
import {after, before, describe, test} from 'node:test';
import {spawn} from 'node:child_process';
import {gzipSync} from 'node:zlib';
import {Deployment, clientId, clientSecret, portero} from '../deployment.mjs';

const deployment = new Deployment();
const html = (head = '', headers = {}) => ({
  status: 200,
  headers: {'content-type': 'text/html', ...headers},
  body: `<!doctype html>${head}<script src="web/portero.js"></script><p>`
});
const plainPage = html();
const goodPage = () => html('', {'content-security-policy':
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' ${github.url}`});
const js = (file) => ({status: 200, headers: {'content-type': 'text/javascript'}, body: readFileSync(`web/${file}`)});
/** What a host with the page answers; below /page/ there is nothing else. */
const files = () => ({
  '/page/': goodPage(),
  '/page/web/portero.js': js('portero.js'),
  '/page/web/index.js': js('index.js'),
  '/page/portero.wasm': {status: 200, body: Buffer.from('\0asm\x01\0\0\0', 'latin1')},
});
let github;
let proxy;
let front;
let url;       // of the front: the page's origin and the public address in one
let breaks;    // what is answered otherwise just now, by address or path
let asked;     // of the front: [method, address]
let settings;

const listening = (server) =>
    new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));

before(async () => {
  breaks = {};
  asked = [];
  front = createServer((incoming, answer) => {
    const {url: target, method} = incoming;
    asked.push([method, target]);
    const path = target.split('?')[0];
    const {headers = {}, status, body, ...how} = breaks[`${method} ${path}`] ?? breaks[target] ?? breaks[path] ?? files()[path] ?? {};
    if (how.silent) return incoming.socket.destroy();
    if (status) return void answer.writeHead(status, headers).end(body);
    const sent = {...incoming.headers, ...how.sends};
    for (const [name, value] of Object.entries(sent)) if (value === undefined) delete sent[name];
    const same = {port: proxy.port, host: '127.0.0.1', method, path: target, headers: sent, setHost: false};
    const passed = request(same, (got) => {
      const all = {...got.headers, ...headers};
      for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
      answer.writeHead(got.statusCode, all);
      got.pipe(answer);
    });
    incoming.pipe(passed);
  });
  url = await listening(front);
  github = await deployment.github('--redirect-uri', `${url}/page/`);
  settings = deployment.settings(github, {origins: {[url]: {redirect_uri: `${url}/page/`}}, public_url: url});
  proxy = await deployment.serve(settings);
});
after(async () => {
  front.close();
  front.closeAllConnections?.();
  await deployment.close();
});

/** Runs it without blocking us, who are the front. */
async function check(more = {}, {env = {}, args = []} = {}) {
  const file = deployment.write('check.json', {...settings, ...more});
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PORTERO_')));
  const child = spawn(portero, ['check', '--settings', file, ...args], {stdio: ['ignore', 'pipe', 'pipe'], env: {...clean, ...env}});
  let said = '';
  child.stdout.on('data', (chunk) => { said += chunk; });
  child.stderr.on('data', (chunk) => { said += chunk; });
  const status = await new Promise((resolve) => child.once('close', resolve));
  const lines = said.trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^(ok {3}|warn |FAIL )\S/, said);
  for (const hidden of [clientSecret, ...JSON.parse(readFileSync(deployment.path('keys.json'), 'utf8')).keys.map(({k}) => k)]) {
    assert.ok(!said.includes(hidden), 'a secret is shown');
  }
  return {
    status,
    said,
    failures: lines.filter((line) => line.startsWith('FAIL ')),
    warnings: lines.filter((line) => line.startsWith('warn '))
  };
}

/** One thing is broken: exactly one sentence says so, with its fix, and the exit status is 1. */
async function failsWith(pattern, more, how) {
  const {status, said, failures} = await check(more, how);
  assert.equal(status, 1, said);
  assert.equal(failures.length, 1, said);
  assert.match(failures[0], pattern);
  assert.match(failures[0], /; \S/, 'a fix');
}

async function whileBroken(path, how, claim) {
  breaks = typeof path === 'object' ? path : {[path]: how};
  try {
    await claim();
  } finally {
    breaks = {};
  }
}

test('all is good: every line is ok, the callback URL is there to copy, and the status is 0', async () => {
  const {status, said, failures, warnings} = await check();
  assert.deepEqual([status, failures, warnings], [0, [], []], said);
  for (const line of [
    `callback URL to register at GitHub for ${url}: ${url}/page/`, 'clock: within a minute',
    `client ${clientId} for ${url}: GitHub takes its id and secret`, 'config, preflight and session arrive whole',
    '/metrics is hidden', 'its policy lets it work', 'session_keys_file: ', 'settings: '
  ]) {
    assert.ok(said.includes(line), `${line} is not in\n${said}`);
  }
  assert.ok(asked.some(([, target]) => target === '/page/?code=x&state=y'), 'the page is asked for as GitHub sends visitors to it');
  assert.deepEqual(asked.filter(([method]) => method === 'HEAD'), [], 'nothing is judged by HEAD');
});

describe('GitHub:', () => {
  const elsewhere = (at, api_url = github.url) => ({github: {url: at, api_url, issuer: `${github.url}/login/oauth`}});
  test('an address that nobody listens at', () => whileBroken('/page/', plainPage, () =>
    failsWith(/^FAIL http:\/\/127\.0\.0\.1:9: cannot be reached; /, elsewhere('http://127.0.0.1:9'))));
  test('a REST address that nobody listens at', () =>
    failsWith(/^FAIL http:\/\/127\.0\.0\.1:9: cannot be reached; /, elsewhere(github.url, 'http://127.0.0.1:9')));
  test('a name without an address', () => whileBroken('/page/', plainPage, () =>
    failsWith(/^FAIL https:\/\/nowhere\.invalid: the name nowhere\.invalid has no address; /, elsewhere('https://nowhere.invalid'))));
  test('an id nobody has, a secret that is wrong', async () => {
    const {failures, said} = await check({client_id: 'nobody'});
    assert.match(failures[0], /^FAIL client nobody .*proxy_misconfigured; /, said);
    await failsWith(
        /^FAIL client stand-in-client .*proxy_misconfigured; /, {client_secret_file: deployment.write('wrong', 'not-the-secret')});
  });
  for (const [off, word] of [[-90, 'ahead of'], [90, 'behind'], [86400, 'behind']]) {
    test(`a clock ${Math.abs(off)} s ${word} its`, async () => {
      const other = createServer((_, answer) => {
        answer.writeHead(200, {'content-type': 'application/json', 'date': new Date(Date.now() + off * 1000).toUTCString()});
        answer.end('{"error":"bad_verification_code"}');
      });
      const at = await listening(other);
      try {
        await whileBroken('/page/', plainPage, () =>
          failsWith(new RegExp(`^FAIL clock: \\d+ s ${word} GitHub's; set it: timedatectl`), elsewhere(at, at)));
      } finally {
        other.close();
        other.closeAllConnections?.();
      }
    });
  }
});

describe('GitHub is asked once:', () => {
  const count = (said, what) => said.split('\n').filter((line) => line.includes(what)).length;
  test('one address for web and API, one app for two sites', async () => {
    const two = {[url]: {redirect_uri: `${url}/page/`}, 'http://localhost:1': {redirect_uri: 'http://localhost:1/'}};
    const {said} = await check({origins: two});
    assert.equal(count(said, `${github.url} answers`), 1, said);
    assert.equal(count(said, `client ${clientId} for`), 1, said);
  });
  test('one host that is not there, for web and API', () => whileBroken('/page/', plainPage, () =>
    failsWith(/^FAIL http:\/\/127\.0\.0\.1:9: cannot be reached; /,
        {github: {url: 'http://127.0.0.1:9', api_url: 'http://127.0.0.1:9/api/v3', issuer: `${github.url}/login/oauth`}})));
  test('but each of two secrets of one client id', async () => {
    const client_secret_file = deployment.write('old-secret', 'not-the-secret');
    const two = {[url]: {redirect_uri: `${url}/page/`}, 'http://localhost:1': {redirect_uri: 'http://localhost:1/', client_secret_file}};
    const {said} = await check({origins: two});
    assert.match(said, /^FAIL client stand-in-client for http:\/\/localhost:1: proxy_misconfigured; /m);
  });
  test('each of two hosts, although the first is silent', async () => {
    const issuer = `${github.url}/login/oauth`;
    const {failures, said} = await check({github: {url: 'http://127.0.0.1:9', api_url: 'http://localhost:9', issuer}});
    assert.equal(count(failures.join('\n'), 'cannot be reached'), 2, said);
  });
  test('an API address that is another program\'s', () => failsWith(/^FAIL http.*\/page: is not GitHub's REST API; .*api\/v3/,
      {github: {url: github.url, api_url: `${url}/page`, issuer: `${github.url}/login/oauth`}}));
  test('one that answers with a page', () => whileBroken('/user', plainPage, () => failsWith(/^FAIL http\S+: is not GitHub's REST API; /,
      {github: {url: github.url, api_url: url, issuer: `${github.url}/login/oauth`}})));
});

describe('policies: what each needs, and whether GitHub knows what it names', () => {
  /** The lines about policies, organizations and repositories. */
  const linesOf = async (allow, more = {}) => {
    const policies = {staff: {origin: url, allow}};
    const {said} = await check({internal_listen: `unix:${deployment.path('i.sock')}`, policies, ...more});
    return said.split('\n').filter((line) => /^(ok|warn|FAIL) +(policy|organization|repository) /.test(line));
  };
  const app = {origins: () => ({[url]: {redirect_uri: `${url}/page/`, client_id: 'Iv1.0123456789abcdef',
    client_secret_file: deployment.write('app-secret', 'a'.repeat(40))}})};
  const cases = [
    ['members, of an OAuth app', {organizations: ['acme'], teams: ['acme/writers']}, {},
      [/^ok   policy staff .*: needs the scope read:org, which sign-ins at this page ask for$/,
        /^ok   organization acme: is there; .*\/organizations\/acme\/settings\/oauth_application_policy$/]],
    ['an organization nobody has', {organizations: ['nowhere']}, {},
      [/^ok   policy staff /, /^warn organization nowhere: GitHub knows none of that name; /]],
    ['a public repository', {push: ['acme/site']}, {},
      [/^ok   policy staff .*: needs no scope for public repositories$/, /^ok   repository acme\/site: is there, and public$/]],
    ['a private repository without the scope', {push: ['acme/private']}, {},
      [/^ok   policy staff /, /^warn repository acme\/private: is private, or not there; .*"repo"/]],
    ['a private repository with the scope', {push: ['acme/private']}, {scope: 'repo'},
      [/: needs the scope repo for private repositories, which they ask for$/,
        /^ok   repository acme\/private: is private, or not there/]],
    ['a repository of another name by now', {push: ['acme/old-site']}, {},
      [/^ok   policy staff /, /^warn repository acme\/old-site: has another name at GitHub by now/]],
    ['a GitHub App', {organizations: ['acme'], teams: ['globex/writers'], push: ['Acme/site']}, app,
      [/^ok   policy staff .*: needs of its GitHub App the organization permission "Members: .*" and an installation in acme, globex$/,
        /^warn organization acme: GitHub answers 401 /, /^warn organization globex: GitHub answers 401 /,
        /^warn repository Acme\/site: GitHub answers 401 /]],
    ['users and whoever is signed in', {users: [583231]}, {}, []],
  ];
  for (const [what, allow, {origins, ...more}, patterns] of cases) {
    test(what, async () => {
      const lines = await linesOf(allow, {...more, ...origins && {origins: origins()}});
      assert.equal(lines.length, patterns.length, lines.join('\n'));
      lines.forEach((line, i) => assert.match(line, patterns[i]));
    });
  }
});

describe('the public address:', () => {
  const broken = [
    ['is not there', '/v1/config', {silent: true}, /cannot be reached|not HTTP/],
    [
      'leads elsewhere', '/v1/config', {status: 301, headers: {location: 'https://elsewhere.example/'}},
      /answers 301 and leads to https:\/\/elsewhere\.example\/; set public_url/
    ],
    ['knows no such path', '/v1/config', {status: 404}, /answers 404; let what stands in front/],
    ['is another program\'s', '/v1/config', {status: 200, body: '{}'}, /is not answered by portero; /],
    ['loses Origin and Host', '/v1/config', {sends: {origin: undefined, host: 'backend'}}, /answers 403; .*Origin and Host/],
    [
      'takes a CORS header away', '/v1/config', {headers: {'access-control-allow-origin': undefined}},
      /Access-Control-Allow-Origin is missing; /
    ],
    [
      'answers with CORS headers of its own', '/v1/config', {headers: {'access-control-allow-origin': '*'}},
      /Access-Control-Allow-Origin is `\*`, not `http:.*; /
    ],
    [
      'takes the credentials header away', '/v1/session', {headers: {'access-control-allow-credentials': undefined}},
      /Access-Control-Allow-Credentials is missing; /
    ],
    ['loses X-Portero', '/v1/session', {sends: {'x-portero': undefined}}, /answers 403; .*X-Portero/],
    ['lets answers be stored', '/v1/session', {headers: {'cache-control': 'max-age=60'}}, /Cache-Control is `max-age=60`, not `no-store`/],
    ['answers preflights itself', '/v1/session', {status: 405}, /answers 405; .*OPTIONS/],
    ['changes Host', '/v1/session', {sends: {host: 'backend:8080'}}, /answers 403; .*Host.*\$http_host/],
    ['loses Authorization', '/v1/session', {sends: {authorization: undefined}}, /answers 200; .*Authorization, DPoP/],
    ['shows the metrics', '/metrics', {status: 200, body: 'portero_logins_total 1'}, /\/metrics: answers 200; .*internal_listen/],
  ];
  for (const [what, path, how, pattern] of broken) {
    test(what, () => whileBroken(path, how, () => failsWith(pattern)));
  }

  // What add_header in a front does: browsers refuse two CORS headers of a name.
  for (const [call, name, value] of [
    ['GET /v1/config', 'Access-Control-Allow-Origin', () => [url, url]],
    ['GET /v1/session', 'Access-Control-Allow-Origin', () => [url, '*']],
    ['OPTIONS /v1/session', 'Access-Control-Allow-Origin', () => ['*', url]],
    ['GET /v1/session', 'Access-Control-Allow-Credentials', () => ['true', 'true']],
    ['OPTIONS /v1/session', 'Access-Control-Allow-Headers', () => ['content-type, x-portero, authorization, dpop', '*']],
    ['OPTIONS /v1/session', 'Access-Control-Allow-Methods', () => ['GET, POST, DELETE', 'GET, POST, DELETE']],
    ['GET /v1/session', 'Cache-Control', () => ['no-store', 'public, max-age=600']],
  ]) {
    test(`doubles ${name} of ${call}`, () => whileBroken(call, {headers: {[name.toLowerCase()]: value()}}, () =>
      failsWith(new RegExp(`${call.split(' ')[1]} for http.*: ${name} comes 2 times \\(.*; .*add_header`))));
  }
  test('writes a header twice into one line', () => whileBroken('/v1/config',
      {headers: {'access-control-allow-origin': `${url}, ${url}`}},
      () => failsWith(/Access-Control-Allow-Origin is `http.*, http.*`, not/)));
  test('answers preflights itself, and forgets a header or a method', async () => {
    const preflight = (headers) => ({status: 204, headers: {
      'access-control-allow-origin': url, 'access-control-allow-credentials': 'true', 'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'content-type, x-portero, authorization, dpop', ...headers}});
    for (const [headers, pattern] of [
      [{}, undefined],
      [{'access-control-allow-headers': 'Content-Type'}, /Access-Control-Allow-Headers does not list x-portero; .*OPTIONS/],
      [{'access-control-allow-headers': 'content-type,x-portero'}, /Access-Control-Allow-Headers does not list authorization dpop; /],
      [{'access-control-allow-headers': '*'}, /Access-Control-Allow-Headers does not list content-type x-portero; /],
      [{'access-control-allow-methods': 'GET, POST'}, /Access-Control-Allow-Methods does not list DELETE; /],
    ]) {
      await whileBroken('OPTIONS /v1/session', preflight(headers), () => pattern ? failsWith(pattern) : check().then(({status, said}) =>
        assert.equal(status, 0, said)));
    }
  });

  test('leads to a proxy that does not list the page: it is to be reloaded, and the front is not blamed', async () => {
    const other = 'http://localhost:1';
    const {failures, said} = await check({origins: {[url]: {redirect_uri: `${url}/page/`}, [other]: {redirect_uri: `${other}/`}}});
    assert.deepEqual(failures.map((line) => line.replace(/^FAIL \S+ for /, '')),
        [`${other}: the proxy that runs there does not list this page: it has other settings; reload it (systemctl reload portero, or ` +
         'SIGHUP), start this one, or correct public_url'], said);
  });
  test('leads to a proxy with another client id, scope or redirect_uri', async () => {
    for (const [more, names] of [
      [{scope: 'read:user'}, 'scope'],
      [{origins: {[url]: {redirect_uri: `${url}/page/?new`}}}, 'redirect_uri'],
      [{origins: {[url]: {redirect_uri: `${url}/page/`, scope: 'repo'}}, client_id: 'nobody'}, 'client_id, scope'],
    ]) {
      const {failures, said} = await check(more);
      assert.ok(failures.some((line) => line.includes(`the proxy that runs there has other settings (${names}); reload it`)), said);
    }
  });
  test('is silent: said once, however many pages there are', async () => {
    const origins = {[url]: {redirect_uri: `${url}/page/`}, 'http://localhost:1': {redirect_uri: 'http://localhost:1/'}};
    await whileBroken('/v1/config', {silent: true}, () => failsWith(/\/v1\/config: cannot be reached|not HTTP/, {origins}));
  });
  test('is plain http beyond loopback: TLS must end in front',
      () => failsWith(/^FAIL public_url: is http; write https:\/\/page\.example$/m, {public_url: 'http://page.example'}));
  test('speaks no TLS where it should',
      () => whileBroken('/page/', plainPage, () => failsWith(
          /^FAIL https:.*: speaks no TLS with a certificate that this machine trusts; /, {public_url: url.replace('http:', 'https:')})));
  test('is not set: a warning, since nobody else can tell', async () => {
    const {status, warnings} = await check({public_url: ''});
    assert.equal(status, 0);
    assert.match(warnings.join('\n'), /^warn public_url: is not set, so pages of other sites cannot sign in.*; /m);
  });
});

describe('a page:', () => {
  const policy = (text) => html('', {'content-security-policy': text});
  const meta = (text) => html(`<META  content="${text}" http-equiv='Content-Security-Policy'>`);
  const moved = (location, status = 302) => ({status, headers: {location}});
  const broken = [
    ['that is missing', {status: 404}, /answers 404; put the page there/],
    ['that moved', moved('/elsewhere/'), /answers 302 and leads to http.*\/elsewhere\/, which answers 404; .*redirect_uri/],
    ['that may call nobody', policy("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src *"), /connect-src: http/],
    ['that may run no WebAssembly', policy("script-src 'self'"), /script-src: 'wasm-unsafe-eval'/],
    ['that may show no avatar', policy("img-src 'self' https://elsewhere.example"), /img-src: http/],
    ['whose <meta> forbids it', meta('connect-src &#39;none&#39;'), /connect-src: http/],
    ['whose second policy of a header forbids it', policy("img-src *, connect-src 'none'"), /connect-src: http/],
    ['that is empty', {status: 200}, /answers 200 with an empty page; .*Caddy/],
    ['that is text', {...plainPage, headers: {'content-type': 'text/plain'}}, /is sent as `text\/plain`.*; /],
    [
      'that loses the query', moved('/page/there/'),
      /answers 302 and leads to (http\S+\/page\/there\/), but drops the query.*; set redirect_uri to \1 /
    ],
  ];
  for (const [what, how, pattern] of broken) {
    test(what, () => whileBroken({'/page/': how, '/page/there/': html('<base href="../">')}, undefined, () => failsWith(pattern)));
  }
  test('that is longer than 256 kB is judged by its head, with a warning; a compressed one is read', async () => {
    const long = (head) => ({...html(head), body: html(head).body + 'x'.repeat(300000)});
    await whileBroken('/page/', long(''), async () => {
      const {status, said, warnings} = await check();
      assert.equal(status, 0, said);
      assert.match(warnings.join('\n'), /^warn \S+\/page\/: is longer than 256 kB, so only its beginning was judged; /);
      assert.equal(warnings.length, 1);
    });
    const forbidden = '<meta http-equiv="content-security-policy" content="connect-src \'none\'">';
    await whileBroken('/page/', long(forbidden), () => failsWith(/connect-src: http/));
    const packed = html(forbidden, {'content-encoding': 'gzip'});
    await whileBroken('/page/', {...packed, body: gzipSync(packed.body)}, () => failsWith(/connect-src: http/));
  });
  test('whose Content-Encoding is wrong: one that no browser knows counts for nothing, gzip must be it', async () => {
    for (const coding of ['utf-8', 'aws-chunked', 'identity']) {
      await whileBroken('/page/', html('', {'content-encoding': coding}), async () => {
        const {status, said, warnings} = await check();
        assert.deepEqual([status, warnings], [0, []], said);
      });
    }
    await whileBroken('/page/', html('', {'content-encoding': 'gzip'}),
        () => failsWith(/^FAIL \S+\/page\/: answers something that is .* not packed as its Content-Encoding says; /));
    await whileBroken('/page/', {...plainPage, body: gzipSync(plainPage.body)},
        () => failsWith(/^FAIL \S+\/page\/: is compressed without Content-Encoding: gzip, or twice.*; /));
  });
  test('whose policy names this proxy in any way that counts, or that has none', async () => {
    for (const how of [plainPage, policy(`connect-src ${url}; img-src http:; script-src 'self' 'unsafe-eval'`),
      policy("connect-src http://127.0.0.1:*; style-src 'none'"), meta("default-src * 'wasm-unsafe-eval'"),
      policy("img-src *, frame-ancestors 'none'"),
      html("<!-- <meta http-equiv=content-security-policy content=\"connect-src 'none'\"> -->")]) {
      await whileBroken('/page/', how, async () => {
        const {status, said} = await check();
        assert.equal(status, 0, said);
      });
    }
  });
  test('that cannot be reached from here: a warning, since visitors may', async () => {
    const {status, warnings, said} = await check({public_url: '', origins: {'http://127.0.0.1:9': {redirect_uri: 'http://127.0.0.1:9/'}}});
    assert.equal(status, 0, said);
    assert.match(warnings.join('\n'), /^warn http:\/\/127\.0\.0\.1:9\/: cannot be reached from here.*; /m);
  });
});

describe('files:', () => {
  const keyFile = (seal_from, mode = 0o600, name = 'other-keys.json') =>
    deployment.write(name, {keys: [{kid: 'a', k: 'A'.repeat(43), seal_from}]}, mode);
  const now = () => Math.floor(Date.now() / 1000);
  const offline = {args: ['--offline']};

  test('a key file that others may read',
      () => failsWith(/^FAIL session_keys_file: .*chmod 600/, {session_keys_file: keyFile(1, 0o644)}, offline));
  test('a key file that is not there',
      () => failsWith(/^FAIL session_keys_file: .*portero keygen/, {session_keys_file: deployment.path('none.json')}, offline));
  test('keys that seal later only',
      () => failsWith(/^FAIL session_keys_file: no key seals yet; /, {session_keys_file: keyFile(now() + 3600)}, offline));
  test('a key older than 90 days, or with permissions only a platform may give: warnings', async () => {
    const old = await check({session_keys_file: keyFile(now() - 91 * 86400)}, offline);
    assert.deepEqual([old.status, old.warnings.length], [0, 1], old.said);
    assert.match(old.warnings[0], /older than 90 days; run: portero keygen --rotate/);
    const young = await check({session_keys_file: keyFile(now() - 89 * 86400)}, offline);
    assert.deepEqual([young.status, young.warnings], [0, []], young.said);
    const loose = await check({session_keys_file: keyFile(now(), 0o644)}, {...offline, env: {CREDENTIALS_DIRECTORY: deployment.directory}});
    assert.deepEqual([loose.status, loose.warnings.length], [0, 1], loose.said);
    assert.match(loose.warnings[0], /session_keys_file: others may read .*; run: chmod 600/);
    mkdirSync(deployment.path('credentials'), {recursive: true});
    symlinkSync('credentials', deployment.path('linked'));
    keyFile(now(), 0o644, 'credentials/keys.json');
    deployment.write('credentials/secret', clientSecret, 0o644);
    for (const name of [deployment.path('linked'), 'credentials']) {
      const files = {session_keys_file: `${name}/keys.json`, client_secret_file: `${name}/secret`};
      const named = await check(files, {...offline, env: {CREDENTIALS_DIRECTORY: deployment.path('credentials')}});
      assert.deepEqual([named.status, named.warnings.length], [0, 2], named.said);
    }
  });
  test('a secret that others may read',
      () => failsWith(/^FAIL client_secret_file: .*chmod 600/, {client_secret_file: deployment.write('open', 'x', 0o644)}, offline));
  test('a folder for visitors that holds the secrets',
      () => failsWith(/^FAIL static_dir: .*not for visitors; /, {static_dir: deployment.directory}, offline));
  test('a secret whose place cannot be resolved, beside a folder for visitors: refused, not hoped for', async () => {
    mkdirSync(deployment.path('site'), {recursive: true});
    symlinkSync('round', deployment.path('round'));
    const {status, said} =
        await check({static_dir: deployment.path('site'), session_keys_file: deployment.path('round/keys.json')}, offline);
    assert.equal(status, 1);
    assert.match(said, /^FAIL static_dir: .*cannot be resolved; /m);
  });
  test('what of a folder no visitor gets: a warning a kind, with the fix', async () => {
    const put = (name) => deployment.write(`mixed/${name}`, 'x', 0o644);
    ['..data/index.html', 'a.KEY', 'b.sql', 'a|b.png', 'README'].forEach(put);
    symlinkSync('..data/index.html', deployment.path('mixed/index.html'));
    symlinkSync('/etc/hostname', deployment.path('mixed/stowed.txt'));
    symlinkSync('..', deployment.path('mixed/..data/up'));
    symlinkSync('..data', deployment.path('mixed/data'));
    const {status, said, warnings} = await check({static_dir: deployment.path('mixed')}, offline);
    assert.equal(status, 0, said);
    for (const pattern of [/2 files that visitors should not get: a\.KEY, b\.sql; move it elsewhere/,
      /1 name that no address can carry: a\|b\.png; rename/, /1 file without an extension: README; give it one/,
      /1 link that leads out of it: stowed\.txt; copy what is linked into it \(cp -rL\)/,
      /1 link back to a folder that it lies in: data\/up; remove/]) {
      assert.ok(warnings.some((line) => pattern.test(line)), `${pattern}\n${said}`);
    }
    assert.equal(warnings.length, 5, said);
    assert.match(said, /^ok   static_dir: .*, 4 addresses$/m);
  });
  test('a folder for visitors without a page: a warning', async () => {
    mkdirSync(deployment.path('empty'), {recursive: true});
    chmodSync(deployment.path('empty'), 0o755);
    const {status, warnings} = await check({static_dir: deployment.path('empty')}, offline);
    assert.deepEqual([status, warnings.length], [0, 1]);
  });
});
