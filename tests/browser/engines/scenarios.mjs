// What people do, and what happens to them; each is a column of cells, one for every engine and hosting. A scenario gets
// {engine, hosting, visit, leave}: visit(kind) gives a person of that kind and a first tab on the page; who does not leave
// before does so at the end.
import {strict as assert} from 'node:assert';
import {startHosting} from './hosting.mjs';

const run = {mark: 'run'};
const emulated = (note) => ({mark: 'emulated', note});
const everywhere = {chromium: run, firefox: run, webkit: run};

/** A clock `hours` off, put before everything else in each page. */
const skewed = (hours) => `{ const off = ${hours * 3600e3}; const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) { if (args.length) super(...args); else super(Real.now() + off); }
    static now() { return Real.now() + off; }
  }; }`;

export const scenarios = [
  {
    name: 'sign in',
    how: everywhere,
    async play({engine, hosting, visit}) {
      const {tab} = await visit();
      await tab.untilState('signed-out');
      await tab.shoot(`${engine.name}-signed-out`);
      const {login, url} = await tab.signIn(hosting.github);
      assert.ok(login);
      assert.equal(url, hosting.page, 'the address is clean');
      await tab.shoot(`${engine.name}-signed-in`);
    },
  },
  {
    name: 'reload',
    how: everywhere,
    async play({hosting, visit}) {
      const {tab} = await visit();
      const {login} = await tab.signIn(hosting.github);
      await tab.reload();
      assert.equal((await tab.untilState('signed-in')).login, login);
    },
  },
  {
    name: 'second tab',
    how: everywhere,
    async play({hosting, visit}) {
      const {person, tab} = await visit();
      await tab.untilState('signed-out');
      const second = await person.open(hosting.page);
      const {login} = await second.signIn(hosting.github);
      await tab.show();
      assert.equal((await tab.untilState('signed-in')).login, login, 'the first tab is told');
      const third = await person.open(hosting.page);
      assert.equal((await third.untilState('signed-in')).login, login, 'a new tab knows');
    },
  },
  {
    name: 'sign out',
    how: everywhere,
    async play({engine, hosting, visit}) {
      const {tab} = await visit();
      await tab.signIn(hosting.github);
      await tab.openMenu();
      await tab.shoot(`${engine.name}-menu`);
      await tab.press('sign-out');
      await tab.untilState('signed-out');
      await tab.reload();
      assert.equal((await tab.untilState('signed-out')).login, null);
    },
  },
  {
    name: 'sign out in another tab',
    how: everywhere,
    async play({hosting, visit}) {
      const {person, tab} = await visit();
      await tab.signIn(hosting.github);
      const second = await person.open(hosting.page);
      await second.untilState('signed-in');
      await second.signOut();
      await tab.show();
      await tab.untilState('signed-out');
    },
  },
  {
    name: 'cancel',
    how: everywhere,
    async play({engine, hosting, visit}) {
      const {tab} = await visit();
      await tab.goToConsent(hosting.github);
      await tab.click('#cancel');
      await tab.untilError('access_denied');
      assert.equal((await tab.look()).url, hosting.page, 'the address is clean');
      await tab.shoot(`${engine.name}-error`);
      await tab.press('button');
      await tab.untilAt(hosting.github);
      await tab.click('#authorize');
      await tab.untilState('signed-in');
    },
  },
  {
    name: 'Back',
    how: {...everywhere, webkit: {...run, 'same origin': {mark: 'not possible',
      note: 'the driver answers nothing any more there; by its requests the page comes back and runs'}}},
    async play({hosting, visit}) {
      const {tab} = await visit();
      await tab.goToConsent(hosting.github);
      await tab.back();
      await tab.until(({url}) => url === hosting.page, 'the page again');
      await tab.signIn(hosting.github);
    },
  },
  {
    name: 'restored tab',
    how: {chromium: {mark: 'run', note: 'the browser is closed and started with --restore-last-session'},
      firefox: {mark: 'run', note: 'SessionStore.undoCloseById, what the list of closed tabs calls'},
      webkit: emulated('MiniBrowser restores none; a new tab gets address and sessionStorage of the closed one')},
    async play({hosting, visit}) {
      const {person, tab} = await visit({restorable: true});
      const {login} = await tab.signIn(hosting.github);
      const spent = await hosting.hits('token');
      const again = await person.restored(tab);
      const seen = await again.untilState('signed-in');
      assert.equal(seen.login, login);
      assert.equal(seen.url, hosting.page);
      assert.equal(await hosting.hits('token'), spent, 'no code is spent twice');
      await again.signOut();
      await again.signIn(hosting.github);
    },
  },
  {
    name: 'double click',
    how: everywhere,
    async play({hosting, visit}) {
      const {tab} = await visit();
      const spent = await hosting.hits('token');
      await tab.goToConsent(hosting.github, 2);
      await tab.click('#authorize');
      await tab.untilState('signed-in');
      assert.equal(await hosting.hits('token'), spent + 1, 'one code is spent');
    },
  },
  {
    name: 'offline',
    how: {...everywhere, webkit: emulated('the forward proxy lets nothing through, navigator.onLine is overridden')},
    async play({hosting, visit}) {
      const {tab} = await visit();
      await tab.signIn(hosting.github);
      await tab.setOnline(false);
      await tab.openMenu();
      await tab.press('sign-out');
      // A cookie is the proxy's to end, which is asked again when it can be; a key is forgotten here and now.
      if (hosting.carry === 'key') await tab.untilState('signed-out');
      else await tab.untilError('offline');
      await tab.setOnline(true);
      await tab.untilState('signed-out');
    },
    expected: [/ERR_INTERNET_DISCONNECTED/, /CORS request did not succeed/],
  },
  {
    name: 'private window',
    how: everywhere,
    async play({hosting, visit}) {
      const {person, tab} = await visit({private: true});
      await tab.signIn(hosting.github);
      await tab.reload();
      await tab.untilState('signed-in');
      const second = await person.open(hosting.page);
      await second.untilState('signed-in');
      await second.signOut();
    },
  },
  {
    name: 'storage blocked',
    how: {...everywhere, webkit: emulated('a script before the page\'s own makes the getters throw (no setting does)')},
    async play({visit}) {
      const {tab} = await visit({blocked: true});
      await tab.untilError('storage_blocked');
    },
  },
  {
    name: 'clock off by a day',
    how: {chromium: emulated('Date is overridden by a script before the page\'s own'),
      firefox: emulated('Date is overridden by a script before the page\'s own'),
      webkit: emulated('Date is overridden by a script that the forward proxy puts before the page\'s own')},
    async play({hosting, visit, leave}) {
      for (const hours of [24, -24]) {
        const {person, tab} = await visit({script: skewed(hours)});
        await tab.signIn(hosting.github);
        const off = await tab.evaluate(() => Date.now()) - Date.now();
        assert.ok(Math.abs(off - hours * 3600e3) < 60e3, `the page's clock is ${off} ms off`);
        await tab.reload();
        await tab.untilState('signed-in');
        await tab.signOut();
        await leave(person);
      }
    },
  },
  {
    name: 'proxy down',
    how: everywhere,
    async play({engine, hosting, visit}) {
      const {tab} = await visit();
      await tab.signIn(hosting.github);
      await hosting.kill();
      try {
        // Where the proxy serves the page, that cannot come anew.
        if (hosting.kind !== 'same origin') await tab.reload();
        else await tab.openMenu().then(() => tab.press('sign-out'));
        await tab.untilError('proxy_unreachable');
        await tab.shoot(`${engine.name}-error-proxy-down`);
      } finally {
        await hosting.revive();
      }
      await tab.reload();
      await tab.signIn(hosting.github);
    },
    // A demo that is started anew has new keys, so the nonce in a config of less than five minutes is refused once.
    expected: [/status of 401/, /ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE)/, /CORS request did not succeed/,
      /portero: Nobody answers at/],
  },
  {
    name: 'insecure page',
    how: everywhere,
    async play({engine, hosting, visit}) {
      const insecure = await startHosting(hosting.kind, engine.forward, 'http');
      try {
        const {tab} = await visit({}, insecure.page);
        assert.equal(await tab.evaluate(() => isSecureContext), false);
        await tab.untilError('insecure_page');
      } finally {
        await insecure.stop();
      }
    },
  },
];
