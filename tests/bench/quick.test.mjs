// script/soak in small, for every run of the tests: outcomes only, no times. The long form is script/soak.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {kill, reload, restart, rotate} from './restarts.mjs';
import {Rig, origin} from './rig.mjs';
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
    const row = await kill(rig, {times: 5});
    assert.deepEqual(row.broken, []);
    assert.ok(row.ok > 0, 'nobody signed in between');
  });

  test('restarted twice on a socket that somebody keeps: no request fails', async () => {
    assert.deepEqual((await restart(rig, {times: 2, rate: 50})).broken, []);
  });

  test('reloaded from good and from broken files: the good ones show, nothing is dropped', async () => {
    assert.deepEqual((await reload(rig, {times: 14, rate: 50})).broken, []);
  });

  test('keys rotated: sessions of every key open', async () => {
    assert.deepEqual((await rotate(rig, {times: 3, rate: 50})).broken, []);
  });
});
