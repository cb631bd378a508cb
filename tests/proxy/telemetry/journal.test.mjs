// Where standard error is the journal, each line begins with its priority, so that `journalctl -p warning` finds what it should.
import assert from 'node:assert/strict';
import {closeSync, fstatSync, openSync, readFileSync} from 'node:fs';
import {after, test} from 'node:test';
import {Deployment} from '../../deployment.mjs';
import {until} from '../../programs.mjs';

const deployment = new Deployment();
after(() => deployment.close());

/** The lines that portero writes to a file, which $JOURNAL_STREAM names as `name` says, until one of them is `last`. */
async function linesOf(settings, last, name = ({dev, ino}) => `${dev}:${ino}`) {
  const path = deployment.path(`stderr-${Math.random()}`);
  const fd = openSync(path, 'w');
  const env = {JOURNAL_STREAM: name(fstatSync(fd))};
  deployment.keygen('keys.json', '--if-missing');
  const file = deployment.write('journal.json', settings);
  const running = deployment.launch(deployment.portero, ['serve', '--settings', file], {env, stdio: ['ignore', 'pipe', fd]});
  closeSync(fd);
  await until(() => last.test(readFileSync(path, 'utf8')), `${last}`);
  running.child.kill('SIGTERM');
  await running.gone;
  return readFileSync(path, 'utf8').trim().split('\n');
}

const settings = (more) => deployment.settings({url: 'https://github.com'}, more);

test('info is 6, a warning 4', async () => {
  const lines = await linesOf(settings({listen: '0.0.0.0:0'}), /plain_http_beyond_loopback/);
  assert.match(lines.find((line) => line.includes(' listening ')), /^<6>\d{4}-\d\d-\d\dT.* info listening /);
  assert.match(lines.find((line) => line.includes('plain_http_beyond_loopback')), /^<4>.* warning /);
  for (const line of lines) assert.match(line, /^<[3-7]>/);
});

test('the same as JSON, which the journal gets whole', async () => {
  const lines = await linesOf(settings({log: {format: 'json'}}), /listening/);
  const line = lines.find((one) => one.includes('"listening"'));
  assert.match(line, /^<6>\{/);
  assert.equal(JSON.parse(line.slice(3)).level, 'info');
});

test('a mistake at the start is 3', async () => {
  const [line] = await linesOf(settings({client_id: ''}), /client_id/);
  assert.match(line, /^<3>portero: client_id/);
});

test('nothing is added where standard error is something else', async () => {
  for (const name of [() => '', () => '1:1', ({dev, ino}) => `${dev}:${ino + 1}`]) {
    for (const line of await linesOf(settings(), / listening /, name)) assert.doesNotMatch(line, /^</);
  }
});
