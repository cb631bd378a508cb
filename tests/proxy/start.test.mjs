// What the first lines of a start say: README's own example is no reason to warn, the page that is named can be opened, and a
// forward proxy in the environment is not passed over in silence.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {resolve} from 'node:path';
import {after, describe, test} from 'node:test';
import {Deployment, portero as built} from '../deployment.mjs';
import {freePort, launch} from '../programs.mjs';

const portero = resolve(built);
const deployment = new Deployment({portero});
after(() => deployment.close());

const warnings = (output) => output.split('\n').filter((line) => / (warning|error) /.test(line));
// Those of whoever runs the tests; PORTERO_RESULTS and the like are the tests' own, and each would be a warning.
const unset = {HTTPS_PROXY: '', https_proxy: '', ALL_PROXY: '', all_proxy: '', NO_PROXY: '', no_proxy: '',
  ...Object.fromEntries(Object.keys(process.env).filter((name) => name.startsWith('PORTERO_')).map((name) => [name, undefined]))};

/** portero, started in `cwd`; waits until it listens. */
async function start(args, {cwd, env = {}, ...options} = {}) {
  const running = deployment.launch(portero, ['serve', ...args], {cwd, env: {...unset, ...env}, ...options});
  const [, port] = await running.says(/\blistening\b.*?\bport=(\d+)/);
  return {...running, port: Number(port)};
}

for (const readme of ['README.md', 'README.es.md']) {
  test(`the example of ${readme} starts without a warning and names the page`, async () => {
    const [, json] = /```json\n([^]*?)```/.exec(readFileSync(readme, 'utf8').replace(/^ {3}/gm, ''));
    const port = await freePort();
    const folder = readme.replaceAll('.', '-');
    mkdirSync(deployment.path(`${folder}/build/site`), {recursive: true});
    deployment.write(`${folder}/build/site/index.html`, '<!doctype html><title>page</title>', 0o644);
    deployment.write(`${folder}/client_secret`, '0123456789abcdef0123456789abcdef01234567\n');
    deployment.write(`${folder}/portero.json`, json.replaceAll(':8080', `:${port}`).replace('Ov23li…', 'Ov23li0123456789abcd'), 0o644);
    const cwd = deployment.path(folder);
    deployment.keygen(`${folder}/session-keys.json`);
    const running = await start(['--listen', `127.0.0.1:${port}`], {cwd});
    await running.says(new RegExp(`^portero: open http://127\\.0\\.0\\.1:${port}/$`, 'm'));
    assert.equal(await running.stop(), 0);
    assert.deepEqual(warnings(running.output()), []);
  });
}

describe('portero: open', () => {
  mkdirSync(deployment.path('site'), {recursive: true});
  deployment.write('site/index.html', '<!doctype html><title>page</title>', 0o644);
  deployment.keygen();
  const write = (name, more) =>
    deployment.write(name, deployment.settings(null, {static_dir: deployment.path('site'), ...more}));
  const origins = (...all) => Object.fromEntries(all.map((uri) => [new URL(uri).origin, {redirect_uri: uri}]));

  test('--listen: what listens, not what the file says; and that nobody can sign in there', async () => {
    const file = write('flag.json', {origins: origins('http://127.0.0.1:8080/')});
    const running = await start(['--settings', file, '--listen', '127.0.0.1:0']);
    await running.says(new RegExp(`^portero: open http://127\\.0\\.0\\.1:${running.port}/$`, 'm'));
    await running.stop();
    assert.match(running.output(), new RegExp(
        `warning settings_warning why="origins: has no http://127\\.0\\.0\\.1:${running.port}, where the page is served; add it`));
  });

  test('the path of the page that is opened there, by the name of its origin', async () => {
    const port = await freePort();
    const file = write('path.json', {origins: origins(`http://localhost:${port}/app/`), listen: `127.0.0.1:${port}`});
    const running = await start(['--settings', file]);
    await running.says(new RegExp(`^portero: open http://localhost:${port}/app/$`, 'm'));
    await running.stop();
    assert.deepEqual(warnings(running.output()), []);
  });

  test('public_url: the page there, and what listens', async () => {
    const file = write('public.json', {
      origins: origins('https://login.example/app/', 'https://a.example/'), public_url: 'https://login.example/', listen: '127.0.0.1:0'});
    const running = await start(['--settings', file]);
    await running.says(new RegExp(`^portero: open https://login\\.example/app/ \\(listening on 127\\.0\\.0\\.1:${running.port}\\)$`, 'm'));
    await running.stop();
  });

  test('a unix socket: the page, and the socket', async () => {
    const socket = deployment.path('portero.sock');
    const running = await start(['--settings', write('unix.json', {listen: `unix:${socket}`})]);
    await running.says(new RegExp(`^portero: open https://good\\.example/ \\(listening on unix:${socket}\\)$`, 'm'));
    await running.stop();
  });

  test('socket activation: the socket that was handed over, here and in the log', async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const {port} = server.address();
    const file = write('handed.json', {origins: origins(`http://127.0.0.1:${port}/`), listen: '192.0.2.1:1'});
    const running = launch('/bin/sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"', portero, 'serve', '--settings', file],
        {stdio: ['ignore', 'pipe', 'pipe', server._handle.fd], env: unset});
    await running.says(new RegExp(`^portero: open http://127\\.0\\.0\\.1:${port}/$`, 'm'));
    await running.says(new RegExp(`listening listen=127\\.0\\.0\\.1:${port} port=${port} `));
    await running.stop();
    server.close();
    assert.deepEqual(warnings(running.output()), []);
  });
});

describe('a forward proxy in the environment', () => {
  const said = async (env, more = {}) => {
    const running = await start(['--settings', deployment.write('env.json', deployment.settings(null, more))], {env});
    await running.stop();
    return running.output().split('\n').filter((line) => /PROXY|proxy/.test(line) && !/public_url/.test(line));
  };

  for (const [name, value, fix] of [
    ['HTTPS_PROXY', 'http://proxy.corp:3128', 'set `github.proxy` to http://proxy.corp:3128, or unset it'],
    ['https_proxy', 'http://proxy.corp:3128/', 'set `github.proxy` to http://proxy.corp:3128, or unset it'],
    ['ALL_PROXY', 'proxy.corp:3128', 'set `github.proxy` to http://proxy.corp:3128, or unset it'],
    ['all_proxy', 'socks5://proxy.corp', 'set `github.proxy`, or unset it'],
    ['HTTPS_PROXY', 'http://ada:canary@proxy.corp:3128',
      'set `github.proxy` to http://proxy.corp:3128 and `github.proxy_credentials_file`, or unset it'],
  ]) {
    test(`${name}=${value.replace('canary', '…')} is one warning`, async () => {
      const lines = await said({[name]: value});
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.ok(lines[0].includes(`${name}: is set, but GitHub is called without a proxy; ${fix}`), lines[0]);
      assert.ok(!lines[0].includes('canary'));
    });
  }

  test('several are one warning', async () => {
    assert.equal((await said({HTTPS_PROXY: 'http://a:1', https_proxy: 'http://a:1', ALL_PROXY: 'http://b:2'})).length, 1);
  });

  test('none, where NO_PROXY leaves GitHub out, the setting is set, or it is empty', async () => {
    const HTTPS_PROXY = 'http://proxy.corp:3128';
    assert.deepEqual(await said({HTTPS_PROXY, NO_PROXY: 'localhost,.github.com'}), []);
    assert.deepEqual(await said({HTTPS_PROXY, no_proxy: '*'}), []);
    assert.equal((await said({HTTPS_PROXY, NO_PROXY: 'api.github.com'})).length, 1);
    assert.deepEqual(await said({HTTPS_PROXY}, {github: {proxy: 'http://other.corp:8080'}}), []);
    assert.deepEqual(await said({HTTPS_PROXY: '', HTTP_PROXY: 'http://proxy.corp:3128'}), []);
  });

  test('check says it, too', () => {
    const file = deployment.write('check-env.json', deployment.settings(null));
    const {stdout} = deployment.run('check', '--offline', '--settings', file);
    assert.doesNotMatch(stdout, /HTTPS_PROXY/);
    process.env.HTTPS_PROXY = 'http://proxy.corp:3128';
    try {
      const {stdout: said} = deployment.run('check', '--offline', '--settings', file);
      assert.match(said, /^warn HTTPS_PROXY: is set, but GitHub is called without/m);
    } finally {
      delete process.env.HTTPS_PROXY;
    }
  });
});
