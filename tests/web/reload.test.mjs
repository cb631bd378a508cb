// What makes a page with then="reload" load the address that was asked for, and what does not: a client's changes in their order, and
// how often the page was loaded, and where. What one sees of it is in tests/browser/gate.test.mjs.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {beforeEach, describe, test} from 'node:test';
import {sleep} from '../programs.mjs';

const source = readFileSync('web/reload.js', 'utf8');
const site = 'https://site.example';
const here = `${site}/docs/?q=1#part`;
const gate = `${site}/gate.html`;
const ada = {id: 1, login: 'ada'};
const kept = 'portero then';
let seen;
let visits = 0;

beforeEach(() => {
  seen = {loads: [], said: []};
  const stored = new Map();
  Object.assign(globalThis, {
    location: {href: here, pathname: '/docs/', reload: () => seen.loads.push(location.href)},
    history: {replaceState(state, title, to) {
      if (new URL(to, location.href).origin !== site) throw new Error('SecurityError');
      location.href = new URL(to, location.href).href;
    }},
    sessionStorage: {getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text),
      removeItem: (key) => stored.delete(key)},
    BroadcastChannel: class {
      constructor() { seen.channel = this; }
    },
    addEventListener: (type, listener) => (seen[type] = listener),
    fetch: async () => ({json: async () => ({redirect_uri: gate})}),
  });
  console.error = (text) => seen.said.push(text);
});

/** The page at `href`, new: {client, go(state, more)}, where `go` changes the client as it does itself. */
async function open(href, {prompt = '', ...first} = {}) {
  location.href = href;
  const {offer} = await import(`data:text/javascript,${encodeURIComponent(source)}//${visits += 1}`);
  const client = Object.assign(new EventTarget(), {proxy: '', then: 'reload', state: 'starting', user: null, acted: false, ...first});
  const part = {matches: () => false, remove() {}, setAttribute() {}, before() {}, style: {}};
  globalThis.document = {createElement: () => part};
  const card = {querySelector: () => part, getRootNode: () => ({host: {prompt}})};
  offer(card, {other: ''}, client);
  const go = async (state, more) => {
    Object.assign(client, {state, ...state === 'signed-out' && {user: null}, ...state === 'signed-in' && {user: ada}, ...more});
    client.dispatchEvent(new Event('change'));
    await sleep(1);
  };
  return {client, go};
}

const hear = (data) => seen.channel.onmessage({data});
const restore = () => seen.pageshow({persisted: true});

const cases = [
  ['a sign-in in this page', here, [['signed-out'], ['busy'], ['signed-in', {there: `${site}/docs/?q=1`}]], [here]],
  ['a sign-in that came back to the public page', gate, [['busy', {acted: true}], ['signed-in', {there: here}]], [here]],
  ['one that began there', gate, [['busy', {acted: true}], ['signed-in', {there: gate}]], [`${site}/`]],
  ['a sign-in elsewhere, which this page finds', here, [['signed-out'], ['signed-in']], [here]],
  ['one that another tab tells of', here, [['signed-in'], hear, 1, ['signed-in']], [here]],
  ['an old session', here, [['signed-in'], ['signed-in']], []],
  ['an old session that came back from GitHub without a new one', gate, [['busy', {acted: true}], ['signed-in']], []],
  ['a sign-out in another tab', here, [['signed-in'], hear, 1, ['signed-out']], []],
  ['an old session, after a network that failed', here, [['error'], ['signed-in']], []],
  ['what tabs tell each other of sign-outs', here, [['signed-in'], hear, {key: 'k', at: 1}, ['signed-in']], []],
  ['a page from the back/forward cache, with somebody signed in', here, [['signed-in'], restore, 0, ['signed-in']], [here]],
  ['one with nobody signed in', here, [['signed-out'], restore, 0, ['signed-out']], []],
  ['changes after it has loaded', here, [['signed-out'], ['signed-in'], ['signed-out'], ['signed-in']], [here]],
  ['a place of another origin', gate, [['busy', {acted: true}], ['signed-in', {there: 'https://evil.example/'}]], [`${site}/`]],
];

describe('Loads', () => {
  for (const [what, href, steps, loads] of cases) {
    test(`${loads.length ? 'once' : 'nothing'} for ${what}`, async () => {
      const {go} = await open(href);
      for (let at = 0; at < steps.length; at += 1) {
        if (typeof steps[at] === 'function') steps[at](steps[at += 1]);
        else await go(...steps[at]);
      }
      assert.deepEqual(seen.loads, loads);
      assert.deepEqual(seen.said, []);
    });
  }

  test('the address itself where the config does not come', async () => {
    globalThis.fetch = async () => assert.fail();
    const {go} = await open(here);
    await go('signed-out');
    await go('signed-in');
    assert.deepEqual(seen.loads, [here]);
  });

  test('where storage is blocked, too', async () => {
    const blocked = () => assert.fail();
    globalThis.sessionStorage = {getItem: blocked, setItem: blocked, removeItem: blocked};
    globalThis.BroadcastChannel = class { constructor() { blocked(); } };
    const {go} = await open(here);
    await go('signed-out');
    await go('signed-in');
    assert.deepEqual(seen.loads, [here]);
  });
});

describe('The same page again, after it was loaded', () => {
  const ago = (seconds, href = here) => JSON.stringify(['loaded', href, Date.now() - seconds * 1e3]);

  test('gate_disagrees, and it stays so whenever the client asks again', async () => {
    const first = await open(here);
    await first.go('signed-out');
    await first.go('signed-in');
    const {client, go} = await open(here);
    for (let times = 0; times < 3; times += 1) {
      await go('signed-in');
      assert.deepEqual([client.state, client.error?.code], ['error', 'gate_disagrees']);
      assert.match(client.error.hint, /same key file/);
    }
    assert.deepEqual(seen.loads, [here]);
  });

  const ordinary = [
    ['a minute and more after that', [ago(61)], here, 'signed-in', {}],
    ['at another address', [ago(1, `${site}/other`)], here, 'signed-in', {}],
    ['with nobody signed in', [ago(1)], here, 'signed-out', {}],
    ['where another account may be let in', [ago(1)], here, 'signed-in', {prompt: 'select_account'}],
    ['with a record that is not of our writing', ['{'], here, 'signed-in', {}],
    ['with a record of something else', ['["clicked","x",0]'], here, 'signed-in', {}],
  ];
  for (const [what, [record], href, state, options] of ordinary) {
    test(`is an ordinary one ${what}`, async () => {
      sessionStorage.setItem(kept, record);
      const {client, go} = await open(href, options);
      await go(state);
      assert.deepEqual([client.state, client.error, seen.loads, seen.said], [state, undefined, [], []]);
    });
  }
});

test('who comes back from GitHub without a sign-in has the address of the click again', async () => {
  const first = await open(here);
  await first.go('signed-in');
  await first.go('busy');
  const {go} = await open(gate);
  await go('busy', {acted: true});
  await go('signed-in');
  assert.equal(location.href, here);
  assert.deepEqual(seen.loads, []);
});
