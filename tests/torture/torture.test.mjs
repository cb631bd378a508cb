// script/torture in its short form, and what the system refuses for longer than one call: files, a log that is full
// or that nobody reads any more.
import assert from 'node:assert/strict';
import {openSync, readFileSync} from 'node:fs';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';
import {endAll, freePort, sleep} from '../programs.mjs';
import {kinds, openTorture, spread, tryAll, tryOne} from './torture.mjs';
import {signIn, visitor, whoAmI} from './visitor.mjs';

const many = 12;
let torture;

before(async () => {
  torture = await openTorture();
});
after(async () => {
  await torture?.close();
  endAll();
});

describe('one call of a life fails: a named error or an end with a word, no false session, no secret shown, and the next starts', () => {
  for (const kind of Object.keys(kinds)) {
    test(`${kind}`, async () => {
      const {life, wrong} = await tryOne(torture, kind, 0);
      assert.deepEqual(wrong, []);
      assert.equal(life.login.status, 201);
      assert.ok(life.calls > 0);
      const first = kind === 'malloc' ? life.before + 1 : 1;
      // Memory's first ones are the loop's and libevent's, as it takes the connection: nobody answers there.
      const positions = [...(kind === 'malloc' ? spread(first, first + 29, 30) : []), ...spread(first, life.after, many)];
      const trials = await tryAll(torture, kind, positions, 2);
      assert.ok(trials.some(({life}) => life.injected === 1));
      for (const {life, wrong} of trials) assert.deepEqual(wrong, [], `${kind} ${life.at}: ${life.output}`);
    });
  }
});

describe('when the system has no files left', () => {
  test('who is connected is served, who waits is let in later, and the wait costs next to nothing', async () => {
    const running = torture.launch({before: ['/usr/bin/prlimit', '--nofile=48:48']});
    const port = await running.listens();
    const busy = () => readFileSync(`/proc/${running.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
        .reduce((sum, ticks) => sum + Number(ticks), 0);  // hundredths of a second
    const sockets = Array.from({length: 80}, () => connect(port, '127.0.0.1').on('error', () => {}));
    await running.says(/ accept_paused /);
    const before = busy();
    await sleep(2000);
    assert.ok(busy() - before < 100, `${busy() - before} hundredths of a second in two seconds`);
    for (const socket of sockets) socket.destroy();
    const said = await signIn(port, await torture.github.code());
    assert.equal(said.status, 201, said.text);
    assert.ok(await torture.opens(said.cookie));
    assert.equal(await running.stop(), 0, running.output());
  });
});

describe('when the log takes no line', () => {
  async function signsIn(port) {
    const said = await signIn(port, await torture.github.code());
    assert.equal(said.status, 201, said.text);
    assert.equal((await whoAmI(port, said.cookie)).body.user.login, visitor.login);
  }

  async function serveInto(stdio, spoil) {
    const port = await freePort();
    const running = torture.launch({stdio, env: {PORTERO_LISTEN: `127.0.0.1:${port}`}});
    for (let up = false; !up; await sleep(20)) {
      assert.equal(running.child.exitCode, null);
      up = await whoAmI(port).then(() => true, () => false);
    }
    spoil(running.child);
    await signsIn(port);
    assert.equal(await running.stop(), 0);
  }

  test('because the disk is full, visitors do not notice', async () => {
    const full = openSync('/dev/full', 'w');
    await serveInto(['ignore', 'pipe', full], () => {});
  });

  test('because nobody reads it any more, visitors do not notice', async () => {
    await serveInto(['ignore', 'pipe', 'pipe'], (child) => child.stderr.destroy());
  });
});
