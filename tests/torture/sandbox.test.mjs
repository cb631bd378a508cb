// The systemd unit: judged by systemd's own tools, and its system-call filter by running the release build under
// the same filter through everything it does in its life. A forbidden call ends the process: nothing is hidden.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {get} from 'node:http';
import {createServer} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {makeDeployment, portero, release, signIn, signOut, startGithub, visitor, whoAmI} from './visitor.mjs';

const unit = 'docs/systemd/portero.service';
const text = readFileSync(unit, 'utf8');
const settings = (key) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);
const analyze = (...args) => spawnSync('systemd-analyze', ['--no-pager', ...args], {encoding: 'utf8'});

/** The names in a filter's groups, as this systemd knows them. */
function members(names) {
  const found = new Set();
  for (const name of names) {
    if (!name.startsWith('@')) {
      found.add(name);
      continue;
    }
    const {status, stdout} = analyze('syscall-filter', name);
    assert.equal(status, 0, `${name} is not a group`);
    const lines = stdout.split('\n').map((line) => line.trim()).filter((line) => line && line !== name && !line.startsWith('#'));
    for (const member of members(lines)) found.add(member);
  }
  return found;
}

/** What the unit allows: later lines add to the first or, with ~, take away. */
function allowedCalls() {
  const allowed = members(['@default']);
  for (const line of settings('SystemCallFilter')) {
    const takesAway = line.startsWith('~');
    for (const name of members(line.replace('~', '').split(' '))) takesAway ? allowed.delete(name) : allowed.add(name);
  }
  return allowed;
}

/** This machine's numbers for these names; it does not know all (other architectures'). */
function numbersOf(names) {
  const {stdout} = spawnSync('g++', ['-E', '-dM', '-include', 'sys/syscall.h', '-x', 'c', '/dev/null'], {encoding: 'utf8'});
  const known = new Map([...stdout.matchAll(/^#define __NR_(\w+) (\d+)$/gm)].map(([, name, number]) => [name, number]));
  assert.ok(known.size > 200);
  return [...names].filter((name) => known.has(name)).map((name) => known.get(name));
}

describe('the systemd unit', () => {
  test('is exposed by 1.5 at most, as systemd counts', () => {
    const {status, stdout, stderr} = analyze('security', '--offline=true', '--threshold=15', unit);
    assert.equal(status, 0, stdout + stderr);
    assert.equal(stderr, '');
  });

  test('is understood by systemd to the last word, and so is the socket', () => {
    const directory = mkdtempSync(join(tmpdir(), 'portero-unit-'));
    writeFileSync(join(directory, 'portero.service'), text.replace(/^(Exec\w+=)portero /gm, `$1${portero} `));
    copyFileSync('docs/systemd/portero.socket', join(directory, 'portero.socket'));
    for (const name of ['portero.service', 'portero.socket']) {
      const {status, stderr} = analyze('verify', '--man=no', '--recursive-errors=no', join(directory, name));
      assert.equal(status, 0, stderr);
      const ours = stderr.split('\n').filter((line) => line.includes('portero'));
      assert.deepEqual(ours, []);
    }
    rmSync(directory, {recursive: true});
  });

  test('never lets a call through that gains privileges or reaches another process', () => {
    const allowed = allowedCalls();
    for (const name of ['ptrace', 'process_vm_readv', 'setuid', 'mount', 'bpf', 'init_module', 'keyctl', 'userfaultfd', 'chown', 'setns']) {
      assert.equal(allowed.has(name), name === 'setns', name);
    }
  });

  test('gives the program no secret by argument or environment', () => {
    for (const line of [...settings('ExecStart'), ...settings('ExecStartPre'), ...settings('Environment')]) {
      assert.ok(!/secret(?!_file|$)|SECRET(?!_FILE)/.test(line.replace('%d/client_secret', '')), line);
    }
    assert.deepEqual(settings('LoadCredential'), ['client_secret:%E/portero/client_secret']);
  });
});

describe('the release build under the unit\'s system-call filter', () => {
  const deployment = makeDeployment();
  let github;
  let under;
  before(async () => {
    github = await startGithub(deployment);
    under = [join(release, 'tests/under-filter'), numbersOf(allowedCalls()).join(',')];
  });
  after(() => deployment.close());
  const askInside = () => new Promise((resolve, reject) => {
    get({socketPath: deployment.path('internal'), path: '/healthz', headers: {connection: 'close'}}, (answer) => {
      answer.resume().on('end', () => resolve({status: answer.statusCode}));
    }).on('error', reject);
  });
  const run = (...args) => spawnSync(under[0], [under[1], portero, ...args], {encoding: 'utf8'});

  test('the filter is one: a program that needs more is ended by SIGSYS', () => {
    assert.equal(spawnSync(under[0], ['59,231', portero, '--help']).signal, 'SIGSYS');
  });

  test('makes its keys, keeps them, rotates them', () => {
    const keys = deployment.path('made.json');
    for (const how of ['--if-missing', '--if-missing', '--rotate']) {
      const {status, signal, stderr} = run('keygen', keys, how);
      assert.deepEqual({status, signal, stderr}, {status: 0, signal: null, stderr: ''});
    }
    assert.equal(JSON.parse(readFileSync(keys, 'utf8')).keys.length, 2);
  });

  test('starts, reads its page, signs in (name service, connection, revocation), says who, signs out, reloads, stops', async () => {
    const named = {url: github.url.replace('127.0.0.1', 'localhost')};
    deployment.write('site/..data/index.html', '<p>the page');
    symlinkSync('..data/index.html', deployment.path('site/index.html'));
    const running = await deployment.serve(
        deployment.settings(named, {internal_listen: `unix:${deployment.path('internal')}`, static_dir: deployment.path('site')}),
        {before: under, env: {NOTIFY_SOCKET: deployment.path('nobody')}});
    const {port} = running;
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), '<p>the page');
    const said = await signIn(port, await github.code());
    assert.equal(said.status, 201, said.text);
    assert.equal((await whoAmI(port, said.cookie)).body.user.login, visitor.login);
    assert.equal((await signOut(port, said.cookie)).status, 204);
    assert.equal((await askInside()).status, 200);
    running.child.kill('SIGHUP');
    await running.says(/ reloaded what=settings/);
    run('keygen', deployment.path('keys.json'), '--rotate');
    await running.says(/ reloaded what=keys/);
    assert.equal(await running.stop(), 0, running.output());
  });

  test('speaks TLS to GitHub, and looks its certificate up where the system keeps them', async () => {
    const [key, crt] = ['tls.key', 'tls.crt'].map((name) => deployment.path(name));
    assert.equal(spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', crt]).status, 0);
    const upstream = createServer({key: readFileSync(key), cert: readFileSync(crt)}, (request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"error":"bad_verification_code"}');
    });
    await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${upstream.address().port}`;
    try {
      for (const [ca_file, code] of [[undefined, 'upstream_tls'], [crt, 'code_rejected']]) {
        const running = await deployment.serve(deployment.settings(null, {github: {url, api_url: url, ca_file}}), {before: under});
        assert.equal((await signIn(running.port, await github.code())).body.code, code);
        assert.equal(await running.stop(), 0, running.output());
      }
    } finally {
      upstream.close();
      upstream.closeAllConnections?.();
    }
  });
});
