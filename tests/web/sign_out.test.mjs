// A sign-out, and an answer that comes too late for it: in both orders, by cookie and by key, with Web Locks, without, and
// with one that nobody gives back. Two real proxies share a key file; the late answer is the other one's.
import assert from 'node:assert/strict';
import {after, afterEach, before, beforeEach, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {Browser} from './fakes/browser.mjs';

const deployment = new Deployment();
const login = 'https://login.example';
const ada = '583231';
let github;
let ports;
let browser;

before(async () => {
  github = await deployment.github();
  const settings = deployment.settings(github, {public_url: login, limits: {logins_per_address: 10000}});
  ports = [(await deployment.serve(settings)).port, (await deployment.serve(settings)).port];
});
after(() => deployment.close());
afterEach(() => browser.end());

/** A browser whose calls go to the first proxy, but those that `other` says. */
function start(locks) {
  browser = new Browser(locks);
  browser.other = () => false;
  browser.network.answer = (call, cookie) => browser.network.askPort(ports[browser.other(call) ? 1 : 0], call, cookie,
      {origin, site: call.url.origin === origin ? 'same-origin' : 'cross-site'});
}

const untilState = async (tab, ...states) => {
  await until(() => states.includes(tab.client.state), `${states}`)
    .catch(() => assert.fail(`${tab.client.state} (${tab.client.error?.code}) instead of ${states}`));
  await browser.settle();
};

/** A new tab with the page in it. */
async function visit(proxy, state, tab = browser.open()) {
  tab.start(proxy);
  if (state) await untilState(tab, state);
  return tab;
}

/** The visitor clicks, agrees at GitHub as that person, and comes back: the page that has the callback. */
async function comeBack(tab, proxy, user = ada) {
  await tab.client.signIn();
  const asked = tab.went.at(-1) ?? assert.fail(`it went nowhere: ${tab.client.error?.code}`);
  const back = browser.navigate(tab, `${origin}/`);
  back.start(proxy, await callback(asked, user));
  return back;
}

/** GitHub's answer to the request of that address. */
async function callback(asked, user = ada) {
  const ticket = /name="request" value="([^"]+)"/.exec(await (await fetch(asked)).text());
  const {headers} = await fetch(new URL('/login/oauth/authorize', asked), {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({request: ticket[1], user, decision: 'authorize'})});
  return new URL(headers.get('location')).search;
}

async function signedIn(proxy, user) {
  const tab = await comeBack(await visit(proxy, 'signed-out'), proxy, user);
  await untilState(tab, 'signed-in');
  return tab;
}

const isDelete = (call) => call.method === 'DELETE';

/** Nobody is signed in: not in these tabs, nor in a new one, whichever proxy it asks. */
async function assertNobody(proxy, ...tabs) {
  for (const tab of tabs) await untilState(tab, 'signed-out');
  for (const other of [false, true]) {
    browser.other = () => other;
    const tab = await visit(proxy, 'signed-out');
    assert.equal(tab.client.user, null);
  }
}

/** A visitor who signs in anew in a second tab, whose answer, the other proxy's, is held: {here, back, held}. */
async function signsInTwice(proxy) {
  const here = await signedIn(proxy);
  const there = await visit(proxy, 'signed-in');
  browser.other = (call) => call.method === 'POST';
  const held = browser.network.hold((call) => call.method === 'POST');
  const back = await comeBack(there, proxy);
  await held.reached;
  return {here, back, held};
}

for (const [carry, proxy] of [['cookie', ''], ['key', login]]) {
  for (const [how, locks] of [['without locks', undefined], ['with locks', 'work'], ['with a lock that nobody gives back', 'never']]) {
    describe(`By ${carry}, ${how}, a sign-out counts`, () => {
      beforeEach(() => start(locks));

      test('before an answer of the other proxy', async () => {
        const {here, back, held} = await signsInTwice(proxy);
        await here.client.signOut();
        await untilState(here, 'signed-out');
        held.release();
        await assertNobody(proxy, here, back);
        assert.deepEqual(back.went, []);
      });

      test('after that answer, which comes before the proxy hears of the sign-out', async () => {
        const {here, back, held} = await signsInTwice(proxy);
        const ended = browser.network.hold(isDelete, 'before');
        const done = here.client.signOut();
        await browser.pass(5000);
        held.release();
        await ended.reached;
        await browser.settle();
        ended.release();
        await done;
        await assertNobody(proxy, here, back);
      });
    });
  }

  describe(`By ${carry}`, () => {
    beforeEach(() => start());

    test('a sign-out is for every tab, and for either proxy', async () => {
      const here = await signedIn(proxy);
      const there = await visit(proxy, 'signed-in');
      browser.other = () => true;
      await there.client.signOut();
      await assertNobody(proxy, here, there);
    });

    test('a sign-in that begins after it counts, and one that slept all the while does not undo it', async () => {
      const {here, back, held} = await signsInTwice(proxy);
      back.freeze();
      held.release(); // what comes back waits for the tab; its cookie does not
      await browser.settle();
      await here.client.signOut();
      await untilState(here, 'signed-out');
      browser.other = () => false;
      const later = await comeBack(here, proxy, '77000042');
      await untilState(later, 'signed-in');
      const {id} = later.client.user;
      await browser.pass(6e5);
      await back.thaw();
      await browser.pass(2e4);
      for (const tab of [back, later, await visit(proxy, 'signed-in')]) {
        await untilState(tab, 'signed-in');
        assert.equal(tab.client.user.id, id);
      }
    });

    test('the same person may sign in again within the second', async () => {
      const here = await signedIn(proxy);
      const there = await visit(proxy, 'signed-in');
      await here.client.signOut();
      await untilState(there, 'signed-out');
      const again = await comeBack(here, proxy);
      await untilState(again, 'signed-in');
      await untilState(there, 'signed-in');
      await again.client.refresh();
      await untilState(again, 'signed-in');
    });

    test('a popup that was open when somebody signed out elsewhere still signs in', async () => {
      const here = await signedIn(proxy);
      const tab = await visit(proxy, 'signed-in');
      tab.client.signIn({mode: 'popup', prompt: 'select_account'});
      await until(() => tab.windows[0]?.location, 'the popup goes to GitHub');
      await here.client.signOut();
      browser.open(`${origin}/`).start(proxy, await callback(`${tab.windows[0].location}`));
      await untilState(tab, 'signed-in');
      await untilState(here, 'signed-in');
    });

    test('a popup is not disturbed by an answer to what was asked before it', async () => {
      const tab = await visit(proxy, 'signed-out');
      const held = browser.network.hold((call) => call.method === 'GET' && call.path === '/v1/session');
      const looking = tab.client.refresh();
      await held.reached;
      tab.client.signIn({mode: 'popup'});
      await until(() => tab.windows[0]?.location, 'the popup goes to GitHub');
      const query = await callback(`${tab.windows[0].location}`);
      const posted = browser.network.hold((call) => call.method === 'POST');
      browser.open(`${origin}/`).start(proxy, query);
      await posted.reached;
      posted.release();
      await untilState(tab, 'signed-in');
      held.release();
      await looking;
      await untilState(tab, 'signed-in');
    });

    test('two tabs that sign in at once are both signed in', async () => {
      const tabs = [await visit(proxy, 'signed-out'), await visit(proxy, 'signed-out')];
      const held = tabs.map(() => browser.network.hold((call) => call.method === 'POST'));
      const back = [await comeBack(tabs[0], proxy), await comeBack(tabs[1], proxy)];
      await held[0].reached;
      await browser.pass(3000);
      held.reverse().forEach((one) => one.release());
      for (const tab of [...back, await visit(proxy)]) await untilState(tab, 'signed-in');
    });

    test('a page that Back brings out of the cache learns that it is signed out', async () => {
      const here = await signedIn(proxy);
      const there = await visit(proxy, 'signed-in');
      there.freeze();
      await here.client.signOut();
      there.dispatch(Object.assign(new Event('pageshow'), {persisted: true}));
      await there.thaw();
      await assertNobody(proxy, here, there);
    });
  });

  describe(`By ${carry}, where`, () => {
    beforeEach(() => start());

    /** A late answer of the other proxy, in a browser that has been prepared. */
    async function late() {
      const {here, back, held} = await signsInTwice(proxy);
      await here.client.signOut();
      held.release();
      await assertNobody(proxy, here, back);
    }

    test('localStorage throws: the other tabs are told all the same', async () => {
      browser.localStorage.refuse = () => {
        throw new DOMException('blocked', 'SecurityError');
      };
      await late();
    });

    test('localStorage keeps nothing, and says nothing', async () => {
      browser.localStorage.refuse = () => true;
      await late();
    });

    test('what localStorage has of us is not of our writing', async () => {
      for (const value of ['x', 'NaN', 'Infinity', '1e999', '{}']) {
        start();
        browser.localStorage.setItem(`portero ${proxy || origin}`, value);
        await late();
      }
    });

    test('the clock was set back after the last sign-out', async () => {
      browser.localStorage.setItem(`portero ${proxy || origin}`, `${Date.now() + 1e9}`);
      await late();
    });

    test('there is no BroadcastChannel', async () => {
      browser.channelOf = () => undefined;
      const {here, back, held} = await signsInTwice(proxy);
      await here.client.signOut();
      held.release();
      await assertNobody(proxy, here, back);
    });

    if (carry === 'key') {
      test('tabs cannot tell each other anything: what is kept of the sign-out keeps a late session away', async () => {
        browser.localStorage.refuse = () => true;
        browser.channelOf = () => undefined;
        const {here, back, held} = await signsInTwice(proxy);
        await here.client.signOut();
        held.release();
        await untilState(back, 'signed-in');
        await back.client.refresh();
        await assertNobody(proxy, here, back);
      });
    }

    test('another proxy is signed out of, its sign-ins are its own', async () => {
      const other = proxy ? '' : login;
      const here = await signedIn(other);
      const held = browser.network.hold((call) => call.method === 'POST');
      const back = await comeBack(await visit(proxy, 'signed-out'), proxy);
      await held.reached;
      await here.client.signOut();
      held.release();
      await untilState(back, 'signed-in');
    });

    test('the sign-out failed: the next look ends the session', async () => {
      const here = await signedIn(proxy);
      const {answer} = browser.network;
      browser.network.answer = (call, ...more) => (isDelete(call) ? Promise.reject(new Error()) : answer(call, ...more));
      await here.client.signOut();
      browser.network.answer = answer;
      if (carry === 'cookie') assert.equal(here.client.error.code, 'proxy_unreachable');
      await here.client.refresh();
      await assertNobody(proxy, here);
    });
  });
}

describe('By cookie, a GET whose answer renews the session', () => {
  let sessions;

  /** One of many proxies: each knows a session by its text, and renews one at each GET. */
  beforeEach(() => {
    browser = new Browser();
    sessions = 0;
    browser.network.cookies.set('session', 'ada 0');
    browser.network.answer = async ({method, path}, cookie) => {
      const authorize_url = 'https://github.com/login/oauth/authorize';
      if (path === '/v1/config') return reply({v: 1, client_id: 'id', authorize_url, carry: 'cookie',
        redirect_uri: `${origin}/`, issuer: '', scope: ''});
      if (method === 'DELETE') return {status: 204, headers: {'set-cookie': ['session=; Max-Age=0']}};
      if (!cookie.startsWith('session=')) return reply({v: 1, user: null, reason: 'none'});
      sessions += renews ? 1 : 0;
      return reply({v: 1, user: {id: 1, login: 'ada'}, expires_at: new Date(2e12 + 1000 * sessions).toISOString()},
          renews ? {'set-cookie': [`session=ada ${sessions}; Max-Age=60`]} : {});
    };
  });
  let renews;
  const reply = (body, headers = {}) => ({status: 200, headers, body: JSON.stringify(body)});

  for (const order of ['before the sign-out begins', 'while it is under way']) {
    test(`asked ${order}, and answered when it is over, brings nothing back`, async () => {
      renews = false;
      const here = await visit('', 'signed-in');
      const there = await visit('', 'signed-in');
      renews = true;
      const isGet = (call) => call.method === 'GET' && call.path === '/v1/session' && call.tab === there;
      const renewed = browser.network.hold(isGet);
      const ended = browser.network.hold(isDelete, 'before');
      let done;
      const look = () => there.client.refresh();
      const end = async () => {
        done = here.client.signOut();
        await ended.reached;
      };
      const looked = order.startsWith('before') ? look() : undefined;
      if (looked) await renewed.reached;
      await end();
      const looking = looked ?? look();
      await renewed.reached;
      renews = false;
      ended.release();
      await done;
      renewed.release();
      await looking;
      await browser.settle();
      for (const tab of [here, there, await visit('', 'signed-out')]) await untilState(tab, 'signed-out');
      assert.equal(browser.network.cookies.size, 0);
    });
  }
});
