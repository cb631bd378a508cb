// script/soak in small, for every run of the tests: outcomes only, no times. The long form is script/soak.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {origin} from '../deployment.mjs';
import {build} from '../programs.mjs';
import {kill, reload, restart, rotate} from './restarts.mjs';
import {LoadedDeployment} from './loaded_deployment.mjs';
import {open} from './scenarios.mjs';

let deployment;
beforeEach(() => { deployment = new LoadedDeployment(build); });
afterEach(() => deployment.close());

describe('under load', () => {
  test('200 half-open, dripping and unread connections are held, and everybody signs in', async () => {
    const {github, at, sessions} = await open(deployment, {}, 5);
    const held = await deployment.hold(at, ['half-open', 'drip-header', 'drip-body', 'slow-read'], 200,
        {origin, dripSeconds: 0.5, target: '/large.txt'});
    const signedIn = await deployment.logins(at, github, {clients: 4, count: 20, save: sessions}).result;
    assert.deepEqual({...signedIn.reasons, ok: signedIn.ok}, {ok: 20});
    const asked = await deployment.load('get', at, {clients: 4, count: 50, sessions}).result;
    assert.deepEqual({...asked.reasons, ok: asked.ok}, {ok: 50});
    const total = await held.stop();
    assert.equal(total.held, 200);
    assert.equal(total.failed, 0);
  });

  test('killed in the middle of logins, five times: every session sealed before opens after', async () => {
    const row = await kill(deployment, {times: 5});
    assert.deepEqual(row.broken, []);
    assert.ok(row.ok > 0, 'nobody signed in between');
  });

  test('restarted twice on a socket that somebody keeps: no request fails', async () => {
    assert.deepEqual((await restart(deployment, {times: 2, rate: 50})).broken, []);
  });

  test('reloaded from good and from broken files: the good ones show, nothing is dropped', async () => {
    assert.deepEqual((await reload(deployment, {times: 14, rate: 50})).broken, []);
  });

  test('keys rotated: sessions of every key open', async () => {
    assert.deepEqual((await rotate(deployment, {times: 3, rate: 50})).broken, []);
  });
});
