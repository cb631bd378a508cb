// WebKitGTK's MiniBrowser by plain WebDriver, on a display of its own (Xvfb). A person is a session, and a session a
// browser; its forward proxy does what the driver cannot: scripts before a page's own, and no network.
import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {until} from '../../programs.mjs';
import {startDisplay, startSession} from './display.mjs';
import {Forward} from './forward.mjs';
import {Tab} from './tab.mjs';
import {click, command, execute} from './webdriver.mjs';

/** Debian keeps it in a folder named by the machine's kind. */
const binary = process.env.PORTERO_MINIBROWSER ??
  readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => existsSync(path));

class Window extends Tab {
  constructor(person, handle) {
    super();
    this.person = person;
    this.handle = handle;
  }

  /** One command in this window: the driver has one current window, so two go one after the other. */
  inside(work) {
    return this.person.inTurn(async (session) => {
      await command(session, 'POST', '/window', {handle: this.handle});
      return work(session);
    });
  }

  goto(url) {
    return this.inside((session) => command(session, 'POST', '/url', {url}));
  }

  address() {
    return this.inside((session) => command(session, 'GET', '/url')).catch(() => '');
  }

  evaluate(fn, ...args) {
    return this.inside((session) => execute(session, fn, args));
  }

  mouse(x, y, count) {
    return this.inside((session) => click(session, x, y, count));
  }

  back() {
    return this.inside((session) => command(session, 'POST', '/back'));
  }

  reload() {
    return this.inside((session) => command(session, 'POST', '/refresh'));
  }

  async show() {}  // windows lie side by side, and all are visible

  close() {
    return this.inside((session) => command(session, 'DELETE', '/window'));
  }

  async screenshot(path) {
    writeFileSync(path, Buffer.from(await this.inside((session) => command(session, 'GET', '/screenshot')), 'base64'));
  }

  async setOnline(online) {
    this.person.forward.cut = !online;
    await this.evaluate((now) => {
      Object.defineProperty(Navigator.prototype, 'onLine', {configurable: true, get: () => now});
      dispatchEvent(new Event(now ? 'online' : 'offline'));
    }, online);
  }
}

class Session {
  constructor({url, forward, driver, gone}) {
    Object.assign(this, {session: url, forward, driver, gone});
    this.tabs = [];
    this.turn = Promise.resolve();
  }

  inTurn(work) {
    const done = this.turn.then(() => work(this.session));
    this.turn = done.catch(() => {});
    return done;
  }

  adopt(handle) {
    const tab = new Window(this, handle);
    this.tabs.push(tab);
    return tab;
  }

  async open(url) {
    const handle = await this.inTurn(async (session) => this.tabs.length > 0
      ? (await command(session, 'POST', '/window/new', {type: 'window'})).handle
      : command(session, 'GET', '/window'));
    const tab = this.adopt(handle);
    await tab.inside((session) => command(session, 'POST', '/window/rect', {width: 1000, height: 800}));
    await tab.goto(url);
    return tab;
  }

  all() {
    return this.inTurn((session) => command(session, 'GET', '/window/handles'));
  }

  async popup() {
    let handle;
    await until(
        async () => (handle = (await this.all()).find((one) => !this.tabs.some((tab) => tab.handle === one))), 'a window was opened');
    return this.adopt(handle);
  }

  async count() {
    return (await this.all()).length;
  }

  untilCount(wanted) {
    return until(async () => (await this.count()) === wanted, `${wanted} windows`);
  }

  /** No driver reopens a tab here: a new one with the old one's address and sessionStorage. */
  async restored(tab) {
    const {url, kept} = await tab.evaluate(() => ({url: location.href, kept: {...sessionStorage}}));
    const again = await this.open('about:blank');
    await tab.close();
    const before = this.forward.script;
    this.forward.script = `if (!performance.getEntriesByName('kept').length) {
      performance.mark('kept'); Object.assign(sessionStorage, ${JSON.stringify(kept)}); }`;
    await again.goto(url);
    this.forward.script = before;
    return again;
  }

  complaints() {
    return [];  // the driver tells nothing of the console
  }

  async close() {
    this.gone();
    await command(this.session, 'DELETE', '').finally(() => {
      this.driver.kill();
      this.forward.stop();
    });
  }
}

/** What a browser does whose site data is blocked: the getters throw. */
const blockStorage = `for (const name of ['sessionStorage', 'localStorage', 'indexedDB']) {
  Object.defineProperty(window, name, {get() { throw new DOMException('The operation is insecure.', 'SecurityError'); }});
}`;

export async function startWebkit(shared) {
  const people = new Set();
  const display = await startDisplay();
  const begin = async ({script = '', private: closed = false}) => {
    const forward = await Forward.start(shared.names);
    forward.script = script;
    const args = ['--automation', `--proxy=http://${forward.address}`, ...closed ? ['--private'] : []];
    const {driver, url, version} = await startSession(display.name, {acceptInsecureCerts: true, 'webkitgtk:browserOptions': {binary, args}})
        .catch((error) => {
          forward.stop();
          throw error;
        });
    const person = new Session({url, forward, driver, gone: () => people.delete(person)});
    people.add(person);
    return {person, version};
  };
  try {
    const {person, version} = await begin({});
    await person.close();
    return {
      name: 'webkit',
      version: `WebKitGTK ${version.replace(/\.\d+$/, '')}`,
      forward: shared,
      async person(kind = {}) {
        return (await begin(kind.blocked ? {script: blockStorage} : kind)).person;
      },
      async stop() {
        for (const one of people) await one.close().catch(() => {});
        display.child.kill();
      },
    };
  } catch (error) {
    display.child.kill();
    throw error;
  }
}
