// script/soak in small, for every run of the tests: outcomes only, no times. The long form is script/soak.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {Rig, origin, sleep} from './rig.mjs';
import {stillOpen} from './restarts.mjs';
import {open} from './scenarios.mjs';

const build = process.env.PORTERO_BUILD ?? 'build/dev';
let rig;
beforeEach(() => { rig = new Rig(build); });
afterEach(() => rig.close());

describe('under load', () => {
  test('200 half-open, dripping and unread connections are held, and everybody signs in', async () => {
    const {github, at, sessions} = await open(rig, {}, 5);
    const held = await rig.hold(at, ['half-open', 'drip-header', 'drip-body', 'slow-read'], 200,
        {origin, dripSeconds: 0.5, target: '/large.txt'});
    const signedIn = await rig.logins(at, github, {clients: 4, count: 20, save: sessions}).result;
    assert.deepEqual({...signedIn.reasons, ok: signedIn.ok}, {ok: 20});
    const asked = await rig.load('get', at, {clients: 4, count: 50, sessions}).result;
    assert.deepEqual({...asked.reasons, ok: asked.ok}, {ok: 50});
    const total = await held.stop();
    assert.equal(total.held, 200);
    assert.equal(total.failed, 0);
  });

  test('killed in the middle of logins, five times: every session sealed before opens after', async () => {
    const {github, at: first, sessions} = await open(rig, {}, 5);
    const settings = rig.settings(github.url, {listen: `127.0.0.1:${first.port}`});
    let at = first;
    const logins = rig.logins(at, github, {clients: 4, rate: 40, save: sessions});
    for (let i = 0; i < 5; ++i) {
      await sleep(100 + 60 * i);
      await rig.stop(at, 'SIGKILL');
      at = await rig.start(settings);
    }
    await sleep(300);
    const signedIn = await logins.stop();
    assert.ok(signedIn.ok > 0, JSON.stringify(signedIn));
    const asked = await stillOpen(rig, at, sessions);
    assert.deepEqual(asked.reasons, {});
    assert.equal(asked.ok, 5 + signedIn.ok);
  });
});
