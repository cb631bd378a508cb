// `github.proxy`: GitHub is called through a real forward proxy, and whatever goes wrong on that way has a name and a fix.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {freePort, until} from '../programs.mjs';
import {signIn} from '../wire.mjs';
import {listenSaying, listenSilently, listenWithTls, startForwardProxy} from './forward_proxy.mjs';

const password = 'canary-password-7c1e';
const secret = 'canary-secret-5f2b1c0d9e8a7766554433';
const deployment = new Deployment({secret});
let github;
let authority;

before(async () => {
  authority = deployment.path('authority.pem');
  github = await deployment.github('--faults', '--tls', authority, '--client-secret', secret);
});
after(() => deployment.close());

const hosts = () => [new URL(github.tlsUrl).host, new URL(github.tlsApiUrl).host];

/** Settings for the stand-in behind TLS; `more` are of `github`. */
const settings = (more) => deployment.settings(null, {
  github: {url: github.tlsUrl, api_url: github.tlsApiUrl, issuer: `${github.tlsUrl}/login/oauth`, ca_file: authority, ...more},
});

const credentials = (name, text) => deployment.write(name, text);

/** Signs in once; the answer and all that portero wrote. Nothing of it shows a secret. */
async function tryOnce(more, env = {}) {
  const running = await deployment.serve(settings(more), {env});
  const exchange = await github.code();
  const answer = await signIn(running.port, exchange);
  assert.equal(await running.stop(), 0);
  const output = running.output();
  for (const canary of [password, secret, exchange.code, exchange.code_verifier]) {
    assert.ok(!(output + answer.body).includes(canary), `${canary} is shown`);
  }
  return {answer, output};
}

const assertSignedIn = ({answer, output}) => {
  assert.equal(answer.status, 201, answer.body + output);
  assert.equal(answer.json().user.login, 'ada-page');
};

const assertFault = ({answer, output}, code, reason, fix) => {
  assert.equal(answer.code, code, output);
  const line = output.split('\n').find((one) => one.includes('github_proxy_failed'));
  assert.match(line ?? output, new RegExp(` warning github_proxy_failed reason=${reason} status=\\d+ why="[^"]+" fix="[^"]*${fix}`));
  assert.doesNotMatch(output, /upstream_failed/);
};

describe('through the forward proxy', () => {
  test('somebody signs in, and both of GitHub\'s hosts are asked for there', async () => {
    const proxy = await startForwardProxy(deployment);
    assertSignedIn(await tryOnce({proxy: proxy.url}));
    assert.deepEqual([...new Set(proxy.asked())].sort(), hosts().sort());
    await proxy.stop();
  });

  test('with a user and a password; and the token is revoked there, too', async () => {
    const proxy = await startForwardProxy(deployment, `BasicAuth portero ${password}`);
    const before = (await github.state()).revoked_tokens;
    assertSignedIn(await tryOnce({proxy: `${proxy.url}/`, proxy_credentials_file: credentials('good', `portero:${password}\n`)}));
    assert.equal((await github.state()).revoked_tokens, before + 1);
    await proxy.stop();
  });

  test('NO_PROXY and HTTPS_PROXY of the environment do not count', async () => {
    const proxy = await startForwardProxy(deployment);
    const dead = `http://127.0.0.1:${await freePort()}`;
    const variables = {https_proxy: dead, HTTPS_PROXY: dead, ALL_PROXY: dead, all_proxy: dead};
    assertSignedIn(await tryOnce({proxy: proxy.url}, {no_proxy: '*', NO_PROXY: '*', ...variables}));
    assert.equal(new Set(proxy.asked()).size, 2);
    assertSignedIn(await tryOnce({}, variables));
    await proxy.stop();
  });

  test('a proxy behind TLS is verified, and hears nothing but where to, and who asks', async () => {
    const proxy = await startForwardProxy(deployment, `BasicAuth portero ${password}`);
    const front = await listenWithTls(deployment, proxy.port, 'localhost');
    const ca_file = deployment.write('both.pem', readFileSync(authority, 'utf8') + front.certificate);
    const proxy_credentials_file = credentials('tls', `portero:${password}`);
    const url = `https://localhost:${front.port}`;
    assertSignedIn(await tryOnce({proxy: url, proxy_credentials_file, ca_file}));
    assert.ok(front.heard.length >= 2);
    for (const text of front.heard) {
      const [line, ...headers] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
      assert.match(line, /^CONNECT (localhost|127\.0\.0\.1):\d+ HTTP\/1\.1$/);
      for (const header of headers) assert.match(header, /^(Host|Proxy-Authorization|Proxy-Connection): /);
      assert.doesNotMatch(text, /login\/oauth|code=|Bearer/);
    }
    // Nobody vouches for it; and it is somebody else's.
    assertFault(await tryOnce({proxy: url, proxy_credentials_file}), 'upstream_tls', 'proxy_tls', 'its certificate must name its host');
    const other = await listenWithTls(deployment, proxy.port, 'other.example');
    const trusted = deployment.write('other.pem', readFileSync(authority, 'utf8') + other.certificate);
    assertFault(await tryOnce({proxy: `https://localhost:${other.port}`, proxy_credentials_file, ca_file: trusted}),
        'upstream_tls', 'proxy_tls', 'its certificate must name its host');
    await Promise.all([front.close(), other.close(), proxy.stop()]);
  });

  test('what GitHub does wrong behind it is GitHub\'s', async () => {
    const proxy = await startForwardProxy(deployment);
    for (const [at, fault, code] of [
      ['github_connection', 'tls_expired', 'upstream_tls'],
      ['token', 'close_at_once', 'upstream_unreachable'],
      ['token', 'garbage', 'upstream_invalid'],
    ]) {
      await github.fault(at, fault);
      const {answer, output} = await tryOnce({proxy: proxy.url});
      assert.equal(answer.code, code, output);
      assert.match(output, new RegExp(`upstream_failed reason=${code}`));
      assert.doesNotMatch(output, /github_proxy_failed/);
      await github.fault(at, fault, 0);
    }
    await proxy.stop();
  });

  test('a reload changes the way: another proxy, and none', async () => {
    const proxy = await startForwardProxy(deployment);
    const running = await deployment.serve(settings({proxy: `http://127.0.0.1:${await freePort()}`}));
    const reload = async (more) => {
      const before = running.output().split(' reloaded ').length;
      deployment.write(running.file.split('/').pop(), settings(more));
      running.child.kill('SIGHUP');
      await until(() => running.output().split(' reloaded ').length > before, 'reloaded');
      return signIn(running.port, await github.code());
    };
    assert.equal((await signIn(running.port, await github.code())).code, 'upstream_unreachable');
    const {revoked_tokens} = await github.state();
    assert.equal((await reload({proxy: proxy.url})).status, 201);
    await until(async () => (await github.state()).revoked_tokens > revoked_tokens, 'revoked, through the proxy');
    assert.ok(proxy.asked().length > 0);
    const before = proxy.asked().length;
    assert.equal((await reload({})).status, 201);
    assert.equal(proxy.asked().length, before);
    await running.stop();
    await proxy.stop();
  });
});

describe('each fault of the forward proxy has a name and a fix:', () => {
  test('nobody listens', async () => {
    const proxy = `http://127.0.0.1:${await freePort()}`;
    assertFault(await tryOnce({proxy}), 'upstream_unreachable', 'proxy_unreachable', 'check the host and port of github.proxy');
  });

  test('its name has no address', async () => {
    const {answer, output} = await tryOnce({proxy: 'http://proxy.invalid:3128'});
    // What a resolver does with it is the machine's: one without a network may wait.
    assert.ok(['upstream_unreachable', 'upstream_timeout'].includes(answer.code), answer.body);
    assert.match(output, /github_proxy_failed reason=proxy_(unreachable|timeout) status=0 .*fix="check the host and port of github.proxy/);
  });

  test('it wants a user, and is told none', async () => {
    const proxy = await startForwardProxy(deployment, `BasicAuth portero ${password}`);
    assertFault(await tryOnce({proxy: proxy.url}), 'upstream_unreachable', 'proxy_unauthorized', 'set github.proxy_credentials_file');
    await proxy.stop();
  });

  test('it refuses the password', async () => {
    const proxy = await startForwardProxy(deployment, 'BasicAuth portero another');
    const wrong = {proxy: proxy.url, proxy_credentials_file: credentials('wrong', `portero:${password}`)};
    assertFault(await tryOnce(wrong), 'upstream_unreachable', 'proxy_unauthorized', 'the proxy refuses the user and password');
    await proxy.stop();
    // tinyproxy says 401; RFC 9110 §15.5.8 has 407 for it.
    const other = await listenSaying(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n');
    const {answer, output} = await tryOnce({...wrong, proxy: `http://127.0.0.1:${other.port}`});
    assertFault({answer, output}, 'upstream_unreachable', 'proxy_unauthorized', 'the proxy refuses the user and password');
    assert.match(output, /status=407 .* another scheme than Basic/);
    await other.close();
  });

  test('it refuses the host', async () => {
    const proxy = await startForwardProxy(deployment, `Filter "${deployment.write('filter', 'localhost\n')}"`);
    assertFault(await tryOnce({proxy: proxy.url}), 'upstream_unreachable', 'proxy_refused', 'let the proxy connect \\(CONNECT\\)');
    await proxy.stop();
  });

  test('it refuses the port', async () => {
    const proxy = await startForwardProxy(deployment, 'ConnectPort 443');
    assertFault(await tryOnce({proxy: proxy.url}), 'upstream_unreachable', 'proxy_refused', 'hosts and ports of github.url');
    await proxy.stop();
  });

  test('it does not reach GitHub', async () => {
    const proxy = await startForwardProxy(deployment);
    const url = `https://localhost:${await freePort()}`;
    assertFault(await tryOnce({proxy: proxy.url, url}), 'upstream_unreachable', 'proxy_gateway', 'the proxy does not reach GitHub');
    await proxy.stop();
  });

  test('it takes the connection and says nothing', async () => {
    const silent = await listenSilently();
    assertFault(await tryOnce({proxy: `http://127.0.0.1:${silent.port}`}), 'upstream_timeout', 'proxy_timeout', 'check the host and port');
    await silent.close();
  });

  test('it is no HTTP proxy', async () => {
    const other = await listenSaying('SSH-2.0-OpenSSH_9.2\r\n');
    const {answer, output} = await tryOnce({proxy: `http://127.0.0.1:${other.port}`});
    assert.match(answer.code, /^upstream_(invalid|unreachable)$/);
    assert.match(output, /github_proxy_failed reason=proxy_(invalid|unreachable) status=0 .*fix="check /);
    await other.close();
  });
});

describe('portero check through the forward proxy', () => {
  const check = (more) => {
    const file = deployment.write('check.json', settings(more));
    const {status, stdout, stderr} = deployment.run('check', '--settings', file);
    assert.ok(!(stdout + stderr).includes(password));
    return {status, said: stdout + stderr};
  };

  test('asks there, and says so', async () => {
    const proxy = await startForwardProxy(deployment);
    const {said} = check({proxy: proxy.url});
    assert.ok(said.includes(`ok   ${github.tlsUrl} answers through ${proxy.url}\n`), said);
    assert.match(said, new RegExp(`^ok   client \\S+ for ${origin}: GitHub takes its id and secret$`, 'm'));
    await until(() => new Set(proxy.asked()).size === 2, `both of ${hosts()}`);
    await proxy.stop();
  });

  test('names what the proxy answers', async () => {
    const proxy = await startForwardProxy(deployment, 'BasicAuth portero another');
    const {status, said} = check({proxy: proxy.url, proxy_credentials_file: credentials('check', `portero:${password}`)});
    assert.equal(status, 1);
    assert.ok(said.includes(`FAIL ${github.tlsUrl} through ${proxy.url}: cannot be reached`), said);
    assert.match(said, /github_proxy_failed reason=proxy_unauthorized status=40[17]/);
    await proxy.stop();
  });

  test('names a proxy whose name has no address', () => {
    const {status, said} = check({proxy: 'http://proxy.invalid:3128'});
    assert.equal(status, 1);
    assert.match(said, /^FAIL http:\/\/proxy\.invalid:3128: the name proxy\.invalid has no address/m);
  });
});
