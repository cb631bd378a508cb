// A sign-in in a popup, without windows: the tab that waits and the page that answers, over a channel of their own.
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {signInError} from '../../web/error.js';
import {answer, wait} from '../../web/popup.js';

const query = '?code=c&state=portero-popup.s';
let attempt = 0;
let state;
let controller;
let closed;

beforeEach(() => {
  state = `portero-popup.${attempt += 1}`;
  controller = new AbortController();
  closed = 0;
  globalThis.close = () => (closed += 1);
});
afterEach(() => controller.abort());

test('the tab gets the query as it was, and the popup is closed', async () => {
  const waiting = wait(state, controller.signal, signInError);
  await answer(state, query);
  assert.equal(await waiting, query);
  assert.equal(closed, 1);
});

test('when nobody waits the popup stays open, to say so', async () => {
  await answer(state, query);
  assert.equal(closed, 0);
});

test('an answer to another attempt is not heard', async () => {
  const waiting = wait(`${state}x`, controller.signal, signInError);
  waiting.catch(() => {});
  await answer(state, query);
  assert.equal(closed, 0);
  controller.abort();
  await assert.rejects(waiting, {name: 'AbortError'});
});

test('a second answer to one attempt is not taken', async () => {
  const waiting = wait(state, controller.signal, signInError);
  await answer(state, query);
  await answer(state, `${query}&code=d`);
  assert.equal(await waiting, query);
  assert.equal(closed, 1);
});

for (const noise of ['taken', '', 'code=c', null, 7, {query}, [query]]) {
  test(`${JSON.stringify(noise)} on the channel is no answer`, async () => {
    const waiting = wait(state, controller.signal, signInError);
    const channel = new BroadcastChannel(state);
    channel.postMessage(noise);
    await answer(state, query);
    assert.equal(await waiting, query);
    channel.close();
  });
}

test('a visitor who cancels is not waited for any longer', async () => {
  const waiting = wait(state, controller.signal, signInError);
  controller.abort();
  await assert.rejects(waiting, {name: 'AbortError'});
  await answer(state, query);
  assert.equal(closed, 0);
});

test('a visitor who has cancelled before is not waited for', {timeout: 10_000}, async () => {
  controller.abort();
  await assert.rejects(wait(state, controller.signal, signInError, 5000), {name: 'AbortError'});
});

test('a popup that takes longer than a code lives is given up: callback_expired', async () => {
  await assert.rejects(wait(state, controller.signal, signInError, 20), {code: 'callback_expired'});
  await answer(state, query);
  assert.equal(closed, 0);
});
