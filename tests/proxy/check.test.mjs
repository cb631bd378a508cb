// `portero check`, as an operator runs it: the real program against the stand-in, a page, and a front (what ends TLS in
// real life) that passes everything on to a running portero, until it is told to break one thing.
import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {createServer, request} from 'node:http';
import {after, before, describe, test} from 'node:test';
import {spawn} from 'node:child_process';
import {Deployment, clientId, clientSecret, portero} from '../deployment.mjs';

const deployment = new Deployment();
const plainPage = {status: 200, body: '<!doctype html>'};
const goodPage = () => ({...plainPage, headers: {'content-security-policy':
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' ${github.url}`}});
let github;
let proxy;
let front;
let url;       // of the front: the page's origin and the public address in one
let breaks;    // what is broken just now: functions by name
let settings;

const listening = (server) =>
    new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));

before(async () => {
  breaks = {};
  front = createServer((asked, answer) => {
    const {headers = {}, status, body, ...how} = breaks[asked.url] ?? (asked.url === '/page/' ? goodPage() : {});
    if (how.silent) return asked.socket.destroy();
    if (status) return void answer.writeHead(status, headers).end(body);
    const sent = {...asked.headers, ...how.sends};
    for (const [name, value] of Object.entries(sent)) if (value === undefined) delete sent[name];
    const same = {port: proxy.port, host: '127.0.0.1', method: asked.method, path: asked.url, headers: sent, setHost: false};
    const passed = request(same, (got) => {
      const all = {...got.headers, ...headers};
      for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
      answer.writeHead(got.statusCode, all);
      got.pipe(answer);
    });
    asked.pipe(passed);
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
  breaks = {[path]: how};
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
});

describe('GitHub:', () => {
  const elsewhere = (at) => ({github: {url: at, api_url: github.url}});
  test('an address that nobody listens at', () => whileBroken('/page/', plainPage, () =>
    failsWith(/^FAIL http:\/\/127\.0\.0\.1:9: cannot be reached; /, elsewhere('http://127.0.0.1:9'))));
  test('a REST address that nobody listens at', () =>
    failsWith(/^FAIL http:\/\/127\.0\.0\.1:9: cannot be reached; /, {github: {url: github.url, api_url: 'http://127.0.0.1:9'}}));
  test('a name without an address', () => whileBroken('/page/', plainPage, () =>
    failsWith(/^FAIL https:\/\/nowhere\.invalid: the name nowhere\.invalid has no address; /, elsewhere('https://nowhere.invalid'))));
  test('an id nobody has, a secret that is wrong', async () => {
    await failsWith(/^FAIL client nobody .*proxy_misconfigured; /, {client_id: 'nobody'});
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
      await whileBroken('/page/', plainPage, () =>
        failsWith(new RegExp(`^FAIL clock: \\d+ s ${word} GitHub's; set it: timedatectl`), {github: {url: at, api_url: at}}));
      other.close();
      other.closeAllConnections?.();
    });
  }
});

describe('the public address:', () => {
  const broken = [
    ['is not there', '/v1/config', {silent: true}, /cannot be reached|not HTTP/],
    ['leads elsewhere', '/v1/config', {status: 301, headers: {location: 'https://elsewhere.example/'}}, /answers 301; set public_url/],
    ['knows no such path', '/v1/config', {status: 404}, /answers 404; let what stands in front/],
    ['is another program\'s', '/v1/config', {status: 200, body: '{}'}, /not answered by a proxy with these settings; /],
    ['loses Origin and Host', '/v1/config', {sends: {origin: undefined, host: 'backend'}}, /answers 403; .*Origin and Host/],
    [
      'takes the CORS headers away', '/v1/config', {headers: {'access-control-allow-origin': undefined}},
      /Access-Control-Allow-Origin is not/
    ],
    [
      'answers with CORS headers of its own', '/v1/config', {headers: {'access-control-allow-origin': '*'}},
      /Access-Control-Allow-Origin is not/
    ],
    [
      'takes the credentials header away', '/v1/session', {headers: {'access-control-allow-credentials': undefined}},
      /Access-Control-Allow-Credentials is not/
    ],
    ['loses X-Portero', '/v1/session', {sends: {'x-portero': undefined}}, /answers 403; .*X-Portero/],
    ['lets answers be stored', '/v1/session', {headers: {'cache-control': 'max-age=60'}}, /Cache-Control is not `no-store`/],
    ['answers preflights itself', '/v1/session', {status: 405}, /answers 405; .*OPTIONS/],
    ['changes Host', '/v1/session', {sends: {host: 'backend:8080'}}, /answers 403; .*Host.*\$http_host/],
    ['loses Authorization', '/v1/session', {sends: {authorization: undefined}}, /answers 200; .*Authorization, DPoP/],
    ['shows the metrics', '/metrics', {status: 200, body: 'portero_logins_total 1'}, /\/metrics: answers 200; .*internal_listen/],
  ];
  for (const [what, path, how, pattern] of broken) {
    test(what, () => whileBroken(path, how, () => failsWith(pattern)));
  }
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
  const policy = (text) => ({status: 200, headers: {'content-security-policy': text}, body: ''});
  const meta = (text) => ({status: 200, body: `<!doctype html><META  content="${text}" http-equiv='Content-Security-Policy'><p>`});
  const broken = [
    ['that is missing', {status: 404}, /answers 404; put the page there/],
    ['that moved', {status: 302, headers: {location: '/elsewhere/'}}, /answers 302; .*redirect_uri/],
    ['that may call nobody', policy("default-src 'none'; script-src 'wasm-unsafe-eval'; img-src *"), /connect-src: http/],
    ['that may run no WebAssembly', policy("script-src 'self'"), /script-src: 'wasm-unsafe-eval'/],
    ['that may show no avatar', policy("img-src 'self' https://elsewhere.example"), /img-src: http/],
    ['whose <meta> forbids it', meta('connect-src &#39;none&#39;'), /connect-src: http/],
  ];
  for (const [what, how, pattern] of broken) test(what, () => whileBroken('/page/', how, () => failsWith(pattern)));
  test('whose policy names this proxy in any way that counts, or that has none', async () => {
    for (const how of [plainPage, policy(`connect-src ${url}; img-src http:; script-src 'unsafe-eval'`),
      policy("connect-src http://127.0.0.1:*; style-src 'none'"), meta("default-src * 'wasm-unsafe-eval'")]) {
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
