// Storage that lies: it refuses a key, keeps nothing, gives back something else, or belongs to somebody else. Nobody is
// signed out without a word, and nobody reads that something went wrong on our side.
import assert from 'node:assert/strict';
import {webcrypto} from 'node:crypto';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {Browser, origin} from './fakes/browser.mjs';
import {callbackOf, comeBack, login, standIn} from './fakes/proxy.mjs';

let browser;
beforeEach(() => {
  browser = new Browser();
  standIn(browser, 'key');
});
afterEach(() => browser.end());

async function visit(proxy = login) {
  const tab = browser.open();
  tab.start(proxy);
  await browser.settle();
  return tab;
}

const is = (tab, state, code) => assert.deepEqual([tab.client.state, tab.client.error?.code], [state, code]);

async function signIn(tab, options) {
  const back = await comeBack(browser, tab, login, options);
  await browser.settle();
  return back;
}

describe('A browser that does not keep the key', () => {
  const ways = {
    'put throws DataCloneError': {put: 'DataCloneError'},
    'put fails with DataCloneError': {put: {later: 'DataCloneError'}},
    'put fails with QuotaExceededError': {put: {later: 'QuotaExceededError'}},
    'the transaction is aborted when it ends': {commit: true},
    'put says yes, and keeps nothing': {forgets: true},
    'what comes back has another thing for a key': {read: (kept) => kept?.key && {...kept, key: {}}},
    'open throws': {open: 'SecurityError'},
    'open fails': {open: {later: 'UnknownError'}},
    'somebody else\'s database has a newer version': {open: {later: 'VersionError'}},
    'get throws': {get: 'InvalidStateError'},
    'get fails': {get: {later: 'UnknownError'}},
  };
  for (const [how, faults] of Object.entries(ways)) {
    test(`${how}: who comes back from GitHub stays on the page that has the session, until signing out`, async () => {
      Object.assign(browser.databases.faults, faults);
      const back = await signIn(await visit(), {returnTo: '/notes.html'});
      is(back, 'signed-in');
      await browser.pass(1000);
      assert.deepEqual(back.went, []);
      back.client.refresh();
      await browser.settle();
      is(back, 'signed-in');
      is(await visit(), 'signed-out');
      back.client.signOut();
      await browser.settle();
      is(back, 'signed-out');
      back.client.refresh();
      await browser.settle();
      is(back, 'signed-out');
    });
  }

  test('a browser that keeps it goes on to where the visitor was', async () => {
    const back = await signIn(await visit(), {returnTo: '/notes.html'});
    await browser.pass(1000);
    assert.deepEqual(back.went, [`${origin}/notes.html`]);
  });

  test('has no database at all', async () => {
    browser.databases = undefined;
    const back = await signIn(await visit(), {returnTo: '/notes.html'});
    is(back, 'signed-in');
    await browser.pass(1000);
    assert.deepEqual(back.went, []);
  });

  test('has somebody else\'s database without our store', async () => {
    browser.databases.stores.set('theirs', new Map());
    const back = await signIn(await visit(), {returnTo: '/notes.html'});
    is(back, 'signed-in');
    await browser.pass(1000);
    assert.deepEqual(back.went, []);
  });

  for (const how of ['DataCloneError', {later: 'QuotaExceededError'}]) {
    test(`does not sign in again whom it kept before: ${how.later ?? how}`, async () => {
      const first = await signIn(await visit());
      is(first, 'signed-in');
      const {key} = browser.databases.kept(login);
      assert.ok(key);
      browser.databases.faults.put = how;
      is(await signIn(first), 'signed-in');
      is(await visit(), 'signed-out');
    });
  }

  test('forgets all the same who signs out', async () => {
    const tab = await signIn(await visit());
    browser.databases.faults.put = {later: 'QuotaExceededError'};
    tab.client.signOut();
    await browser.settle();
    is(tab, 'signed-out');
    is(await visit(), 'signed-out');
  });
});

describe('What is kept and cannot be proven is forgotten:', async () => {
  const curve = {name: 'ECDSA', namedCurve: 'P-256'};
  const {privateKey: key, publicKey} = await webcrypto.subtle.generateKey(curve, false, ['sign']);
  const {privateKey: agrees} = await webcrypto.subtle.generateKey({name: 'ECDH', namedCurve: 'P-256'}, false, ['deriveBits']);
  const mac = await webcrypto.subtle.generateKey({name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
  const jwk = await webcrypto.subtle.exportKey('jwk', publicKey);
  const session = 'sealed.1';
  const cycle = {};
  cycle.cycle = cycle;
  const records = {
    'no key': {jwk, session},
    'a key that is none': {key: {}, jwk, session},
    'a key that was taken apart': {key: {type: 'private', extractable: false, algorithm: curve, usages: ['sign']}, jwk, session},
    'null for a key': {key: null, jwk, session},
    'the public key': {key: publicKey, jwk, session},
    'a key for something else': {key: agrees, jwk, session},
    'a secret key': {key: mac, jwk, session},
    'no session': {key, jwk},
    'a session that is no text': {key, jwk, session: {}},
    'a session that no header can hold': {key, jwk, session: 'sealed\n1€'},
    'a session that is too long': {key, jwk, session: 'a'.repeat(5000)},
    'a public key that is too long': {key, jwk: {...jwk, x: 'a'.repeat(5000)}, session},
    'a public key that cannot be written': {key, jwk: cycle, session},
    'a text': 'sealed',
    'a number': 7,
    'a list': [key, jwk, session],
    'nothing in it': {},
  };
  for (const [what, record] of Object.entries(records)) {
    test(what, async () => {
      browser.databases.leave(login, record);
      const tab = await visit();
      is(tab, 'signed-out');
      assert.equal(browser.databases.kept(login), undefined);
      is(await signIn(tab), 'signed-in');
      is(await visit(), 'signed-in');
    });
  }

  for (const name of ['OperationError', 'InvalidAccessError', 'NotSupportedError']) {
    test(`sign() rejects with ${name}`, async () => {
      const tab = await signIn(await visit());
      browser.subtle.sign = async () => {
        throw new DOMException('as the test wants it', name);
      };
      tab.client.refresh();
      await browser.settle();
      is(tab, 'signed-out');
      browser.subtle = {};
      is(await visit(), 'signed-out');
      is(await signIn(tab), 'signed-in');
    });
  }
});

describe('What another tab has kept meanwhile stays', () => {
  const isGet = (call) => call.method === 'GET' && call.headers.Authorization === 'DPoP sealed.1';

  /** A tab whose question about its session is under way while another signs in anew; then the answer comes. */
  async function overtaken(answer) {
    const tab = await signIn(await visit());
    const other = await visit();
    const held = browser.network.hold(isGet);
    const {answer: usual} = browser.network;
    browser.network.answer = async (call, cookie) => (isGet(call) ? answer : usual(call, cookie));
    tab.client.refresh();
    await held.reached;
    await other.client.signIn({prompt: 'select_account'});
    const back = browser.navigate(other, `${origin}/`);
    back.start(login, callbackOf(other.went.at(-1)));
    await browser.settle();
    is(back, 'signed-in');
    const {session} = browser.databases.kept(login);
    held.release();
    await browser.settle();
    assert.equal(browser.databases.kept(login)?.session, session);
  }

  test('when the older session has ended', () => overtaken({status: 200, body: JSON.stringify({v: 1, user: null, reason: 'expired'})}));
  test('when it is not known', () => overtaken({status: 401, body: JSON.stringify({code: 'no_session'})}));
  test('when it is renewed', () =>
    overtaken({status: 200, body: JSON.stringify({v: 1, user: {id: 1, login: 'ada'}, session: 'sealed.renewed'})}));
});

describe('sessionStorage', () => {
  const ways = {
    'is full': (method) => {
      if (method === 'setItem') throw new DOMException('full', 'QuotaExceededError');
    },
    'keeps nothing, and says nothing': (method) => method === 'setItem',
    'is blocked after the page came': () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  };
  for (const [how, refuse] of Object.entries(ways)) {
    for (const [carry, proxy] of [['cookie', ''], ['key', login]]) {
      test(`${how}: storage_blocked before anybody goes to GitHub (${carry})`, async () => {
        standIn(browser, carry);
        const tab = await visit(proxy);
        is(tab, 'signed-out');
        tab.sessionStorage.refuse = refuse;
        await tab.client.signIn();
        is(tab, 'error', 'storage_blocked');
        assert.deepEqual(tab.went, []);
      });
    }
  }

  test('has something else under our name: the sign-in begins anew', async () => {
    const tab = await visit('');
    for (const text of ['7', '"x"', '[]', '{', 'null', '{"proxy":7}']) {
      const state = `portero.${'A'.repeat(43)}`;
      tab.sessionStorage.setItem(state, text);
      const back = browser.open(`${origin}/`, tab.sessionStorage);
      back.start('', `?code=abcdefabcdefabcdefab&state=${state}`);
      await browser.settle();
      assert.match(`${back.client.state} ${back.client.error?.code}`, /^error (state_unknown|state_mismatch|proxy_conflict)$/, text);
    }
  });
});
