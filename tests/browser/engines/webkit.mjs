// WebKitGTK's MiniBrowser by plain WebDriver, on a display of its own (Xvfb). A person is a session, and a session a
// browser; its forward proxy does what the driver cannot: scripts before a page's own, and no network.
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {until} from '../../programs.mjs';
import {Forward} from './forward.mjs';
import {Tab} from './tab.mjs';
import {click, command, execute, newSession} from './webdriver.mjs';

const binary = process.env.PORTERO_MINIBROWSER ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

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
  constructor(driver, session, forward) {
    Object.assign(this, {driver, session, forward});
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
    await until(async () => (handle = (await this.all()).find((one) => !this.tabs.some((tab) => tab.handle === one))), 'a window was opened');
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
    await command(this.session, 'DELETE', '').finally(() => this.forward.stop());
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Xvfb chooses a free display and writes its number to the descriptor it is given. */
async function startDisplay() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {stdio: ['ignore', 'ignore', 'pipe', 'pipe']});
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const number = await new Promise((resolve, reject) => {
    child.stdio[3].once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Xvfb did not start: ${said}`)));
  });
  return {child, name: `:${number}`};
}

async function startDriver(display) {
  const port = await freePort();
  const child = spawn('WebKitWebDriver', [`--port=${port}`, '--replace-on-new-session'], {stdio: 'ignore', env: {...process.env,
    DISPLAY: display, WAYLAND_DISPLAY: '', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1', GSETTINGS_BACKEND: 'memory',
    GIO_USE_NETWORK_MONITOR: 'base'}});  // a machine without a network is not offline for loopback
  let ended;
  child.once('error', (error) => (ended = error));
  child.once('exit', (code) => (ended ??= new Error(`WebKitWebDriver ended with ${code}`)));
  const url = `http://127.0.0.1:${port}`;
  await until(() => {
    if (ended) throw ended;
    return command(url, 'GET', '/status').then(() => true, () => false);
  }, 'WebKitWebDriver answered');
  return {child, url};
}

export async function startWebkit(shared) {
  const display = await startDisplay();
  const driver = await startDriver(display.name).catch((error) => {
    display.child.kill();
    throw error;
  });
  const people = new Set();
  const begin = async ({script = '', private: closed = false} = {}) => {
    const forward = await Forward.start(shared.names);
    forward.script = script;
    const {url, capabilities} = await newSession(driver.url, {
      acceptInsecureCerts: true,
      'webkitgtk:browserOptions': {binary, args: ['--automation', `--proxy=http://${forward.address}`, ...closed ? ['--private'] : []]},
    });
    const person = new Session(driver.url, url, forward);
    person.version = capabilities.browserVersion;
    people.add(person);
    return person;
  };
  const first = await begin();
  await first.close();
  people.delete(first);
  return {
    name: 'webkit',
    version: `WebKitGTK ${first.version.replace(/\.\d+$/, '')}`,
    forward: shared,
    async person(kind = {}) {
      return begin(kind.blocked ? {script: blockStorage} : kind);
    },
    async stop() {
      for (const person of people) await person.close().catch(() => {});
      driver.child.kill();
      display.child.kill();
    },
  };
}

/** What a browser does whose site data is blocked: the getters throw. */
const blockStorage = `for (const name of ['sessionStorage', 'localStorage', 'indexedDB']) {
  Object.defineProperty(window, name, {get() { throw new DOMException('The operation is insecure.', 'SecurityError'); }});
}`;
