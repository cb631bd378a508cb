// From start to stop: what an operator's signals, files and supervisor do to visitors. Nothing, that is the point.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {connect, createServer} from 'node:net';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Deployment, clientSecret, origin, portero} from '../deployment.mjs';
import {build, until} from '../programs.mjs';
import {ask, cookieOf, exchangeBody, fromPage, json, readAnswers, signIn, whoIs, writeRequest} from '../wire.mjs';

let deployment;
let github;
before(async () => {
  deployment = new Deployment();
  github = await deployment.github('--faults');
});
after(() => deployment.close());

/** A connection that is kept, and what has come over it so far. */
async function kept(port) {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const connection = {socket, text: '', ended: false};
  socket.setEncoding('latin1').on('data', (chunk) => { connection.text += chunk; });
  socket.on('end', () => { connection.ended = true; });
  socket.on('error', () => { connection.ended = true; });
  return connection;
}

const request = (headers = {}) => writeRequest({headers: {...fromPage, Connection: undefined, ...headers}});

async function signedIn(at) {
  const answer = await signIn(at.port, await github.code());
  assert.equal(answer.status, 201, answer.code);
  return cookieOf(answer).pair;
}

describe('SIGTERM', () => {
  test('a sign-in in hand is finished, its token revoked, and the connection told to close', async () => {
    // The answer comes slowly, but it comes.
    const slow = deployment.settings(github);
    slow.github.url = slow.github.api_url = github.faultUrl;
    const at = await deployment.serve(slow);
    await github.fault('token', 'slow_but_valid');
    const exchange = await github.code();
    const connection = await kept(at.port);
    const idle = await kept(at.port);
    idle.socket.write(request());
    await until(() => idle.text.includes('"user":null'), 'the first answer');
    const revoked = (await github.state()).hits.revoke ?? 0;
    const tokens = (await github.state()).hits.token ?? 0;
    connection.socket.write(
        writeRequest({method: 'POST', headers: {...fromPage, ...json, Connection: undefined}, body: exchangeBody(exchange)}));
    await until(async () => ((await github.state()).hits.token ?? 0) > tokens, 'the token request');
    at.child.kill('SIGTERM');
    assert.equal(await at.gone, 0);
    const [answer] = readAnswers(connection.text);
    assert.equal(answer.status, 201);
    assert.equal(answer.header('connection'), 'close');
    assert.equal((await github.state()).hits.revoke, revoked + 1);
    assert.match(at.output(), / stopped/);
    assert.ok(idle.ended);
  });

  test('a kept connection has one more answer, and /readyz says 503', async () => {
    const at = await deployment.serve(deployment.settings(github));
    const connection = await kept(at.port);
    const ready = await kept(at.port);
    ready.socket.write(writeRequest({target: '/readyz', headers: {Connection: undefined}}));
    await until(() => ready.text.startsWith('HTTP/1.1 200'), 'ready');
    ready.text = '';
    at.child.kill('SIGTERM');
    // Nobody new is let in from here on.
    await until(() => new Promise((resolve) => {
      const socket = connect(at.port, '127.0.0.1', () => { socket.destroy(); resolve(false); });
      socket.on('error', () => resolve(true));
    }), 'the closed door');
    connection.socket.write(request());
    ready.socket.write(writeRequest({target: '/readyz', headers: {Connection: undefined}}));
    assert.equal(await at.gone, 0);
    await until(() => connection.ended && ready.ended, 'the end');
    const [answer] = readAnswers(connection.text);
    assert.equal(answer.status, 200);
    assert.equal(answer.header('connection'), 'close');
    assert.equal(readAnswers(ready.text)[0].status, 503);
  });
});

describe('SIGHUP', () => {
  const scopeOf = async (at) => (await ask(at.port, {target: '/v1/config', headers: {Origin: origin}})).json().scope;

  test('reads the settings anew, and nobody is signed out', async () => {
    const at = await deployment.serve(deployment.settings(github, {scope: ''}));
    const cookie = await signedIn(at);
    assert.equal(await scopeOf(at), '');
    deployment.write(at.file.split('/').pop(), deployment.settings(github, {scope: 'user:email'}));
    at.child.kill('SIGHUP');
    await until(async () => await scopeOf(at) === 'user:email', 'the new scope');
    assert.equal(await whoIs(at.port, cookie), 'ada-page');
    await until(() => / reloaded what=settings/.test(at.output()), 'the line that says so');
    assert.equal(await at.stop(), 0);
  });

  test('with mistakes: all are named, the old settings stay', async () => {
    const at = await deployment.serve(deployment.settings(github, {scope: 'read:user'}));
    const name = at.file.split('/').pop();
    deployment.write(name, deployment.settings(github, {scope: 'user:email', lisen: 'x', limits: {body: 'much'}}));
    at.child.kill('SIGHUP');
    await until(() => /reload_refused.*lisen/.test(at.output()) && /reload_refused.*limits\.body/.test(at.output()), 'both mistakes');
    assert.equal(await scopeOf(at), 'read:user');
    deployment.write(name, '{');
    at.child.kill('SIGHUP');
    await until(() => (at.output().match(/reload_refused/g) ?? []).length > 2, 'the third mistake');
    assert.equal(await scopeOf(at), 'read:user');
    assert.doesNotMatch(at.output(), / reloaded /);
    assert.equal(await at.stop(), 0);
  });

  test('what cannot change in a running process is kept, and said', async () => {
    const at = await deployment.serve(deployment.settings(github));
    deployment.write(at.file.split('/').pop(), deployment.settings(github, {listen: '127.0.0.1:1', limits: {logins: 7}, scope: 'gist'}));
    at.child.kill('SIGHUP');
    await until(async () => await scopeOf(at) === 'gist', 'the new scope');
    assert.match(at.output(), /settings_warning why="listen: keeps its value/);
    assert.match(at.output(), /settings_warning why="limits.logins: keeps its value/);
    assert.equal(await at.stop(), 0);
  });

  test('a new client secret is used by the next sign-in', async () => {
    const at =
        await deployment.serve(deployment.settings(github, {client_secret_file: deployment.write('rotated-secret', 'no-longer-good\n')}));
    assert.equal((await signIn(at.port, await github.code())).json().code, 'proxy_misconfigured');
    deployment.write('rotated-secret', clientSecret);
    at.child.kill('SIGHUP');
    await until(() => / reloaded /.test(at.output()), 'the reload');
    await signedIn(at);
    assert.equal(await at.stop(), 0);
  });
});

describe('a changed key file', () => {
  test('is noticed without a signal; what the old key sealed opens until it retires', async () => {
    deployment.keygen('own-keys.json');
    const at = await deployment.serve(deployment.settings(github, {session_keys_file: deployment.path('own-keys.json')}));
    const cookie = await signedIn(at);
    deployment.keygen('own-keys.json', '--rotate');
    await until(() => / reloaded what=keys/.test(at.output()), 'the reload');
    assert.equal(await whoIs(at.port, cookie), 'ada-page');
    const ring = JSON.parse(readFileSync(deployment.path('own-keys.json'), 'utf8'));
    const [old] = ring.keys.filter((key) => key.open_until);
    deployment.write('own-keys.json', {keys: ring.keys.map((key) => (key === old ? {...key, open_until: 1} : {...key, seal_from: 0}))});
    await until(async () => await whoIs(at.port, cookie) === null, 'the retirement');
    await signedIn(at);
    deployment.write('own-keys.json', '{"keys":[]}');
    await until(() => /reload_refused what=keys/.test(at.output()), 'the refusal');
    await signedIn(at);
    assert.equal(await at.stop(), 0);
  });
});

describe('socket activation', () => {
  test('a restart loses nobody: who connects between two processes is served by the second', async () => {
    deployment.keygen('keys.json', '--if-missing');
    // `listen` is not looked at when a socket is handed over: this one could not even be bound.
    const file = deployment.write('activated.json', deployment.settings(github, {listen: '192.0.2.1:1'}));
    const supervisor =
        spawn(join(build, 'tests/portero-activate'), [portero, 'serve', '--settings', file], {stdio: ['pipe', 'pipe', 'ignore']});
    let said = '';
    supervisor.stdout.on('data', (chunk) => { said += chunk; });
    await until(() => /^port \d+/m.test(said), 'the port');
    const port = Number(/^port (\d+)/m.exec(said)[1]);
    const pids = () => [...said.matchAll(/^started (\d+)/gm)].map(([, pid]) => Number(pid));
    supervisor.stdin.write('start\n');
    await until(() => pids().length === 1, 'the first process');
    const cookie = await signedIn({port});
    process.kill(pids()[0], 'SIGTERM');
    await until(() => said.includes(`exited ${pids()[0]}`), 'its end');
    const between = await kept(port);
    between.socket.write(request({Cookie: cookie}));
    supervisor.stdin.write('start\n');
    await until(() => between.text.includes('"login":"ada-page"'), 'the answer of the second');
    process.kill(pids()[1], 'SIGTERM');
    await until(() => said.includes(`exited ${pids()[1]}`), 'its end');
    assert.equal([...said.matchAll(/^exited \d+ 0$/gm)].length, 2, said);
    supervisor.stdin.end();
    supervisor.kill();
  });

  test('a descriptor that is no listening socket is a mistake, and named', async () => {
    const file = deployment.write('activated-wrong.json', deployment.settings(github));
    const child = spawn('/bin/sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"', portero, 'serve', '--settings', file],
        {stdio: ['ignore', 'ignore', 'pipe', 'ignore']});
    let text = '';
    child.stderr.on('data', (chunk) => { text += chunk; });
    assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 1);
    assert.match(text, /LISTEN_FDS: descriptor 3 cannot be used/);
  });
});

describe('a unix socket', () => {
  test('serves, with the permissions that were asked for', async () => {
    const path = deployment.path('gate.sock');
    const at = await deployment.serve(deployment.settings(github, {listen: `unix:${path}`, listen_mode: '0600'}));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const socket = connect(path);
    let text = '';
    socket.on('data', (chunk) => { text += chunk; });
    socket.write(writeRequest({headers: fromPage}));
    await until(() => text.includes('"user":null'), 'the answer');
    assert.equal(await at.stop(), 0);
    assert.throws(() => statSync(path));
  });
});

describe('the internal listener', () => {
  test('is the operator\'s own: health there, and nothing of the public calls', async () => {
    const path = deployment.path('internal.sock');
    const at = await deployment.serve(deployment.settings(github, {internal_listen: `unix:${path}`}));
    const inside = (target, method = 'GET') => new Promise((resolve, reject) => {
      const socket = connect(path);
      let text = '';
      socket.on('data', (chunk) => { text += chunk; });
      socket.on('end', () => resolve(readAnswers(text)[0]));
      socket.on('error', reject);
      socket.write(writeRequest({method, target, headers: fromPage}));
    });
    assert.equal((await inside('/healthz')).status, 200);
    assert.equal((await inside('/v1/session')).status, 404);
    const refused = await inside('/metrics', 'POST');
    assert.equal(refused.status, 405);
    assert.equal(refused.header('allow'), 'GET, HEAD');
    assert.equal((await ask(at.port, {target: '/metrics'})).status, 404);
    assert.equal(await at.stop(), 0);
  });
});
