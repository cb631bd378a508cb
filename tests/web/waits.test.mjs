// No wait without an end: whatever does not answer, the visitor reads a sentence, and can try again. Time is the fakes'.
import assert from 'node:assert/strict';
import {webcrypto} from 'node:crypto';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {Browser, origin} from './fakes/browser.mjs';
import {callbackOf, comeBack, login, standIn} from './fakes/proxy.mjs';

let browser;
beforeEach(() => (browser = new Browser()));
afterEach(() => browser.end());

/** A new tab with the page in it, when nothing happens any more without time. */
async function visit(proxy = '', query = '') {
  const tab = browser.open();
  tab.start(proxy, query);
  await browser.settle();
  return tab;
}

const is = (tab, state, code) => assert.deepEqual([tab.client.state, tab.client.error?.code], [state, code]);
const asks = (method, path) => (call) => call.method === method && call.path === path;

/** So many seconds, and the moments in which a page takes what came while it slept. */
const seconds = (count) => browser.pass(count * 1000 + 500);

describe('A proxy that accepts and never answers', () => {
  test('is given up after 15 s, asked for its config once; a click asks again', async () => {
    const tab = await visit();
    await seconds(14);
    is(tab, 'starting');
    await seconds(1);
    is(tab, 'error', 'proxy_timeout');
    assert.equal(browser.network.count('GET', '/v1/config'), 1);
    assert.equal(browser.network.count('GET', '/v1/session'), 1);
    tab.client.retry();
    await seconds(14);
    is(tab, 'busy');
    await seconds(1);
    is(tab, 'error', 'proxy_timeout');
    assert.equal(browser.network.count('GET', '/v1/config'), 2);
  });

  for (const locks of [undefined, 'work', 'never']) {
    const kind = {undefined: 'no locks', work: 'locks', never: 'a lock for ever'}[locks];
    test(`keeps no tab waiting for another: four of them, ${kind}`, async () => {
      browser = new Browser(locks);
      const tabs = [await visit(), await visit(), await visit(), await visit()];
      await seconds(15);
      for (const tab of tabs) is(tab, 'error', 'proxy_timeout');
    });
  }

  test('has 15 s for all it is asked before the click, not for each', async () => {
    // By key one call waits for another: config 8 s, the call without a cookie 8 s beside it, then the proven one.
    const wait = (call) => new Promise((done) => browser.later(8000, done, call.tab));
    standIn(browser, 'key', wait);
    const {privateKey, jwk} = await makeKey();
    browser.databases.leave(login, {key: privateKey, jwk, session: 'sealed'});
    const tab = await visit(login);
    await seconds(14);
    is(tab, 'starting');
    await seconds(1);
    is(tab, 'error', 'proxy_timeout');
  });

  test('may take 14 s', async () => {
    standIn(browser, 'cookie', (call) => new Promise((done) => browser.later(14e3, done, call.tab)));
    const tab = await visit();
    await seconds(14);
    is(tab, 'signed-out');
  });

  test('has 18 s for the exchange, whatever came before', async () => {
    standIn(browser, 'cookie', (call) => (call.method === 'POST' ? 'never' : undefined));
    const back = await comeBack(browser, await visit(), '');
    await seconds(17);
    is(back, 'busy');
    await seconds(1);
    is(back, 'error', 'proxy_timeout');
    assert.equal(browser.network.count('POST', '/v1/session'), 1);
  });

  test('is not asked twice for a config before an exchange either', async () => {
    standIn(browser, 'cookie');
    const tab = await visit();
    await tab.client.signIn();
    browser.network.answer = () => new Promise(() => {});
    const back = browser.navigate(tab, `${origin}/`);
    back.start('', callbackOf(tab.went[0]));
    await seconds(15);
    is(back, 'error', 'proxy_timeout');
    assert.equal(browser.network.calls.filter(({tab, path}) => tab === back && path === '/v1/config').length, 1);
    assert.equal(browser.network.count('POST', '/v1/session'), 0);
  });

  test('does not hold a sign-out for ever, whether or not its config came', async () => {
    for (const config of ['comes', 'never']) {
      browser = new Browser();
      browser.network.cookies.set('session', '1');
      const isMute = (call) => call.method === 'DELETE' || (config === 'never' && call.path === '/v1/config');
      standIn(browser, 'cookie', (call) => (isMute(call) ? 'never' : undefined));
      const tab = await visit();
      await seconds(15);
      is(tab, 'signed-in');
      tab.client.signOut();
      await seconds(14);
      is(tab, 'busy');
      await seconds(1);
      is(tab, 'error', 'proxy_timeout');
    }
  });

  test('does not hold a click for ever, and the window of a popup goes', async () => {
    standIn(browser, 'cookie', (call) => (call.path === '/v1/config' ? 'never' : undefined));
    const tab = await visit();
    await seconds(15);
    is(tab, 'error', 'proxy_timeout');
    tab.client.signIn({mode: 'popup'});
    await seconds(15);
    is(tab, 'error', 'proxy_timeout');
    assert.equal(tab.windows[0].closed, true);
    assert.equal(browser.network.count('GET', '/v1/config'), 2);
  });

  test('and one whose body does not end is the same', async () => {
    browser.network.body = 'never';
    standIn(browser, 'cookie');
    const tab = await visit();
    await seconds(15);
    is(tab, 'error', 'proxy_timeout');
  });
});

describe('A tab that sleeps', () => {
  test('is what the others do not wait for: they sign in, and out', async () => {
    for (const locks of [undefined, 'work']) {
      browser = new Browser(locks);
      standIn(browser, 'cookie');
      const sleeper = browser.open();
      sleeper.start();
      const held = browser.network.hold(asks('GET', '/v1/session'));
      await held.reached;
      sleeper.freeze();
      held.release();
      const tab = await visit();
      is(tab, 'signed-out');
      const back = await comeBack(browser, tab, '');
      await browser.settle();
      is(back, 'signed-in');
      back.client.signOut();
      await browser.settle();
      is(back, 'signed-out');
      await browser.pass(6e5);
      await sleeper.thaw();
      await seconds(20);
      is(sleeper, 'signed-out');
    }
  });

  test('takes what came meanwhile, however long it slept', async () => {
    standIn(browser, 'cookie');
    const tab = browser.open();
    const held = ['/v1/config', '/v1/session'].map((path) => browser.network.hold(asks('GET', path)));
    tab.start();
    await Promise.all(held.map(({reached}) => reached));
    await browser.settle();
    tab.freeze();
    await browser.pass(6e5);
    held.forEach(({release}) => release());
    await browser.settle();
    await tab.thaw();
    await seconds(1);
    is(tab, 'signed-out');
  });
});

describe('A part of the page that never comes', () => {
  test('the module: core_unavailable after 15 s, and the next try loads it again', async () => {
    standIn(browser, 'cookie');
    const {files} = browser.network;
    const [wasm] = Object.keys(files);
    browser.network.files = {[wasm]: 'never'};
    const tab = await visit();
    await seconds(15);
    is(tab, 'error', 'core_unavailable');
    browser.network.files = files;
    tab.client.signIn();
    await browser.settle();
    assert.equal(tab.went.length, 1);
  });

  for (const how of ['never', 'fails']) {
    test(`key.js ${how}: core_unavailable, and not a word of nobody being signed in`, async () => {
      browser.scripts['key.js'] = how;
      standIn(browser, 'key');
      const tab = await visit(login);
      await seconds(15);
      is(tab, 'error', 'core_unavailable');
      browser.scripts = {};
      tab.client.retry();
      await browser.settle();
      is(tab, 'signed-out');
    });

    test(`popup.js ${how}: core_unavailable, and the window goes`, async () => {
      browser.scripts['popup.js'] = how;
      standIn(browser, 'cookie');
      const tab = await visit();
      tab.client.signIn({mode: 'popup'});
      await seconds(15);
      is(tab, 'error', 'core_unavailable');
      assert.equal(tab.windows[0].closed, true);
    });

    test(`options.js ${how}, in the click for a popup: the same`, async () => {
      browser.scripts['options.js'] = how;
      standIn(browser, 'cookie');
      const tab = await visit();
      tab.client.signIn({mode: 'popup', scope: 'gist'});
      await seconds(15);
      is(tab, 'error', 'core_unavailable');
      assert.equal(tab.windows[0].closed, true);
    });

    test(`trouble.js ${how}: what is wrong is shown all the same`, async () => {
      browser.scripts['trouble.js'] = how;
      browser.network.answer = () => Promise.reject(new Error());
      const tab = await visit();
      await seconds(5);
      is(tab, 'error', 'proxy_unreachable');
    });

    test(`popup.js ${how} in the window that has GitHub’s answer: the visitor is told to close it`, async () => {
      browser.scripts['popup.js'] = how;
      standIn(browser, 'cookie');
      const popup = await visit('', `?code=c&state=portero-popup.${'s'.repeat(43)}`);
      await seconds(15);
      assert.deepEqual([popup.client.state, popup.client.notice], ['busy', 'close']);
    });
  }
});

test('A popup whose popup.js is late hands its answer over all the same', async () => {
  standIn(browser, 'cookie');
  const tab = await visit();
  tab.client.signIn({mode: 'popup'});
  await browser.settle();
  const popup = browser.open();
  browser.scripts['popup.js'] = 9000;
  popup.start('', callbackOf(`${tab.windows[0].location}`));
  await seconds(6);
  assert.equal(popup.client.notice, 'close');
  await seconds(4);
  is(tab, 'signed-in');
});

const makeKey = async () => {
  const {privateKey, publicKey} = await webcrypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, false, ['sign']);
  const {kty, crv, x, y} = await webcrypto.subtle.exportKey('jwk', publicKey);
  return {privateKey, jwk: {kty, crv, x, y}};
};

describe('A storage that never answers', () => {
  for (const what of ['open', 'get', 'put', 'delete']) {
    test(`${what}: as if nothing were kept; one can sign in, stays on the page, and out`, async () => {
      browser.databases.faults[what] = 'never';
      standIn(browser, 'key');
      const tab = await visit(login);
      await seconds(3);
      is(tab, 'signed-out');
      const back = await comeBack(browser, tab, login, {returnTo: '/notes.html'});
      await seconds(6);
      is(back, 'signed-in');
      assert.deepEqual(back.went, what === 'delete' ? [`${origin}/notes.html`] : []);
      back.client.refresh();
      await seconds(3);
      is(back, 'signed-in');
      back.client.signOut();
      await seconds(6);
      is(back, 'signed-out');
      back.client.refresh();
      await seconds(3);
      is(back, 'signed-out');
    });
  }
});

describe('A click that comes an hour later', () => {
  const slow = (method) => (call) => call.method === method && new Promise((done) => browser.later(5000, done, call.tab));

  test('waits for popup.js as long as any other, and for the exchange', async () => {
    standIn(browser, 'cookie', slow('POST'));
    const tab = await visit();
    browser.scripts['popup.js'] = 5000;
    await browser.pass(3600e3);
    tab.client.signIn({mode: 'popup'});
    await seconds(5);
    is(tab, 'busy');
    browser.scripts = {};
    browser.open().start('', callbackOf(`${tab.windows[0].location}`));
    await seconds(5);
    is(tab, 'signed-in');
  });

  test('waits for a sign-out', async () => {
    browser.network.cookies.set('session', '1');
    standIn(browser, 'cookie', slow('DELETE'));
    const tab = await visit();
    await browser.pass(3600e3);
    tab.client.signOut();
    await seconds(5);
    is(tab, 'signed-out');
  });

  test('waits for key.js', async () => {
    browser.network.cookies.clear();
    standIn(browser, 'key', slow('POST'));
    const tab = await visit(login);
    await browser.pass(3600e3);
    tab.client.signIn({mode: 'popup'});
    await browser.settle();
    browser.scripts['key.js'] = 5000;
    browser.open().start(login, callbackOf(`${tab.windows[0].location}`));
    await seconds(10);
    is(tab, 'signed-in');
  });
});

describe('Looking again', () => {
  test('waits for the look under way, and then is one look, however often it was asked for', async () => {
    standIn(browser, 'cookie');
    const tab = await visit();
    const held = browser.network.hold(asks('GET', '/v1/session'));
    const looks = [tab.client.refresh(), tab.client.refresh(), tab.client.refresh()];
    await held.reached;
    held.release();
    await Promise.all(looks);
    assert.equal(browser.network.count('GET', '/v1/session'), 3);
  });

  test('goes on after a handler of the page that threw', async () => {
    standIn(browser, 'cookie');
    const tab = await visit();
    browser.network.answer = () => Promise.reject(new Error());
    tab.client.onchange = () => {
      throw new Error('the page\'s own');
    };
    const look = assert.rejects(tab.client.refresh());
    await seconds(1);
    await look;
    tab.client.onchange = null;
    standIn(browser, 'cookie');
    tab.client.refresh();
    await browser.settle();
    is(tab, 'signed-out');
  });
});

describe('Without what only looks or language need, there is something to see', () => {
  const {CSSStyleSheet, fetch, setTimeout} = globalThis;
  const soon = (work, ...rest) => setTimeout(work, 0, ...rest.slice(1));
  beforeEach(() => (globalThis.setTimeout = soon));
  afterEach(() => Object.assign(globalThis, {CSSStyleSheet, fetch, setTimeout}));

  test('a style that never comes', async () => {
    const {dress} = await import('../../web/element.js');
    const rules = [];
    globalThis.CSSStyleSheet = class {
      replaceSync(text) {
        rules.push(text);
      }
    };
    globalThis.fetch = () => new Promise(() => {});
    dress();
    for (let tries = 0; rules.length < 2 && tries < 2000; tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.match(rules[1] ?? '', /visibility:inherit/);
  });

  for (const [how, words] of [['never comes', () => new Promise(() => {})], ['does not load', () => Promise.reject(new TypeError())]]) {
    test(`a language that ${how}: English`, {timeout: 60_000}, async () => {
      const {languages, missing} = await import('../../web/messages.js');
      languages.aa = words;
      try {
        await missing('aa');
        assert.equal(languages.aa, languages.en);
      } finally {
        delete languages.aa;
      }
    });
  }
});
