// `portero reload --wait`: what an operator's `systemctl reload` learns. `RUNTIME_DIRECTORY` is what systemd sets for both.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {spawnSync} from 'node:child_process';
import {after, before, beforeEach, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {ask} from '../wire.mjs';

const deployment = new Deployment();
const runtime = deployment.path('run');
let at;

const settings = (more) => deployment.settings({url: 'https://github.com'}, more);
const change = (more) => deployment.write(at.file.split('/').pop(), typeof more === 'string' ? more : settings(more));
const scope = async () => (await ask(at.port, {target: '/v1/config', headers: {Origin: origin}})).json().scope;

/** Runs `portero reload`: {status, stdout, stderr}. */
const reload = (args, environment = {RUNTIME_DIRECTORY: runtime}) => spawnSync(deployment.portero, ['reload', ...args],
    {encoding: 'utf8', timeout: 60000, env: {PATH: process.env.PATH, ...environment}});

before(async () => {
  mkdirSync(runtime);
  at = await deployment.serve(settings({scope: 'read:user'}), {env: {RUNTIME_DIRECTORY: `${runtime}:/nowhere`}});
});
after(() => deployment.close());
beforeEach(() => change({scope: 'read:user'}));

describe('portero reload --wait', () => {
  test('ends with 0 once the new settings are in use, and says nothing', async () => {
    change({scope: 'user:email'});
    const {status, stdout, stderr} = reload(['--wait', `${at.child.pid}`]);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
    assert.equal(await scope(), 'user:email');
  });

  test('takes the process from MAINPID, as in ExecReload=', async () => {
    change({scope: 'gist'});
    assert.equal(reload(['--wait'], {RUNTIME_DIRECTORY: runtime, MAINPID: `${at.child.pid}`}).status, 0);
    assert.equal(await scope(), 'gist');
  });

  test('ends with 1 and every mistake when they were refused; the old ones stay', async () => {
    assert.equal(reload(['--wait', `${at.child.pid}`]).status, 0);
    change({scope: 'gist', lisen: 'x', limits: {body: 'much'}});
    const {status, stderr} = reload(['--wait', `${at.child.pid}`]);
    assert.equal(status, 1);
    assert.match(stderr, /^portero: lisen: .*; /m);
    assert.match(stderr, /^portero: limits\.body: .*; /m);
    assert.match(stderr, /^portero: the settings were not reloaded; the old ones stay$/m);
    assert.equal(await scope(), 'read:user');
  });

  test('does not take the result of an earlier reload for its own', async () => {
    for (const [how, expected] of [['{', 1], [{scope: 'a'}, 0], ['[', 1], [{scope: 'b'}, 0]]) {
      change(how);
      assert.equal(reload(['--wait', `${at.child.pid}`]).status, expected, JSON.stringify(how));
    }
    assert.equal(await scope(), 'b');
  });

  test('does not believe a result of a time to come, as of before a reboot', async () => {
    writeFileSync(`${runtime}/reload.json`, JSON.stringify({begun: 2 ** 62, refused: ['of another boot']}));
    assert.equal(reload(['--wait', `${at.child.pid}`]).stderr, '');
  });

  test('leaves a result that only its user can read, and no secret in it', () => {
    reload(['--wait', `${at.child.pid}`]);
    assert.equal(statSync(`${runtime}/reload.json`).mode & 0o777, 0o600);
    assert.ok(!readFileSync(`${runtime}/reload.json`, 'utf8').includes('stand-in-secret'));
  });

  test('names what is missing: a process, a place for the result', () => {
    const noPlace = reload(['--wait', `${at.child.pid}`], {});
    assert.equal(noPlace.status, 1);
    assert.match(noPlace.stderr, /RUNTIME_DIRECTORY is not set.*leave out --wait/);
    for (const pid of [[], ['x'], ['0'], ['1'], ['-1']]) {
      const {status, stderr} = reload(['--wait', '--', ...pid]);
      assert.equal(status, 1, `${pid}`);
      assert.match(stderr, /no process named; run: portero reload PID/);
    }
    const gone = spawnSync('true');
    assert.match(reload(['--wait', `${gone.pid}`]).stderr, new RegExp(`process ${gone.pid}: No such process`));
  });

  test('without --wait it asks and is done', async () => {
    assert.equal(reload([`${at.child.pid}`], {}).status, 0);
    assert.equal(reload([], {MAINPID: `${at.child.pid}`}).status, 0);
  });
});

test('a result that cannot be written is a warning, and the settings are read all the same', async () => {
  const other = await deployment.serve(settings({scope: 'read:user'}), {env: {RUNTIME_DIRECTORY: deployment.path('none')}});
  other.child.kill('SIGHUP');
  await other.says(/ reloaded what=settings/);
  await other.says(/warning reload_result_lost file=\S+\/none\/reload\.json fix=/);
  assert.equal(await other.stop(), 0);
});
