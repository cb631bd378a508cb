// The tabs of one browser, without a browser: each runs the page's own scripts in a realm of its own, over fakes of what a
// browser offers. Their time passes only when pass() says so. A tab can be frozen: what happens meanwhile waits for it.
import {execFileSync} from 'node:child_process';
import {webcrypto} from 'node:crypto';
import {readFileSync, readdirSync} from 'node:fs';
import vm from 'node:vm';
import {Databases} from './databases.mjs';
import {Network} from './network.mjs';

export const origin = 'https://good.example';

/** Not every Node has it as a global. */
const {constructor: CryptoKey} = await webcrypto.subtle.generateKey({name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);

const web = new URL('../../../web/', import.meta.url);
const wasm = readFileSync(new URL('../../../build/site/portero.wasm', import.meta.url));

/** What the scripts import when they need it. */
const parts = [...new Set(readdirSync(web).filter((name) => name.endsWith('.js')).flatMap((name) =>
  [...readFileSync(new URL(name, web), 'utf8').matchAll(/(?:=> |await |^\s*)import\('\.\/([\w.]+)'\)/gm)].map(([, part]) => part)))];

const bundles = new Map();
/** A script and what it always imports, as one classic script; node runs no import() here without a flag. */
function bundle(name) {
  if (!bundles.has(name)) {
    const text = execFileSync('esbuild', ['--bundle', '--format=iife', '--global-name=exported', '--target=es2022', '--log-level=error',
      ...parts.map((part) => `--external:./${part}`), `--define:import.meta.url="${origin}/web/${name}"`,
      '--define:import.meta.wasmIntegrity=undefined', new URL(name, web).pathname], {encoding: 'utf8'});
    bundles.set(name, new vm.Script(`${text.replace(/\bimport\(/g, 'importPart(')}\nexported;`, {filename: name}));
  }
  return bundles.get(name);
}

/** A Storage. `refuse(method)` throws what the browser would, or answers true: then nothing is kept, and nothing said. */
class Storage {
  #items = new Map();
  refuse = () => false;

  getItem(key) {
    this.refuse('getItem');
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    if (!this.refuse('setItem')) this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.refuse('removeItem');
    this.#items.delete(key);
  }
}

class Tab {
  frozen = false;
  gone = false;
  /** What the page did to its address, and the windows that it opened. */
  went = [];
  windows = [];
  #waiting = [];
  #events = new EventTarget();
  #loaded = new Map();

  constructor(browser, href, session) {
    this.browser = browser;
    this.sessionStorage = session;
    this.location = Object.assign(new URL(href), {
      assign: (to) => this.went.push(`${to}`),
      replace: (to) => this.went.push(`${to}`),
    });
    this.context = vm.createContext(this.#globals());
    this.context.globalThis = this.context;
  }

  /** Runs `work` when the tab is awake, if it still is there then. */
  deliver(work) {
    if (this.gone) return;
    if (this.frozen) this.#waiting.push(work);
    else work();
  }

  freeze() {
    this.frozen = true;
  }

  async thaw() {
    this.frozen = false;
    for (const work of this.#waiting.splice(0)) {
      this.deliver(work);
      await this.browser.settle();
    }
  }

  close() {
    this.gone = true;
    this.browser.left(this);
  }

  dispatch(event) {
    this.deliver(() => this.#events.dispatchEvent(event));
  }

  /** Starts the page's scripts: the client of `proxy`. `query` is the callback that portero.js took out of the address. */
  start(proxy = '', query = '') {
    const {connect, receive} = bundle('client.js').runInContext(this.context);
    receive(query);
    this.client = connect(proxy);
    return this.client;
  }

  async #load(specifier) {
    const name = specifier.replace('./', '');
    const how = this.browser.scripts[name];
    if (how === 'never') return new Promise(() => {});
    if (how > 0) await new Promise((resolve) => this.browser.later(how, resolve, this));
    if (how === 'fails') throw new TypeError(`Failed to fetch dynamically imported module: ${name}`);
    if (!this.#loaded.has(name)) this.#loaded.set(name, bundle(name).runInContext(this.context));
    return this.#loaded.get(name);
  }

  #globals() {
    const {browser} = this;
    const events = this.#events;
    const listen = {addEventListener: (...all) => events.addEventListener(...all)};
    return {
      ...listen, Event, EventTarget, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, DOMException, btoa, console,
      queueMicrotask, Uint8Array, ArrayBuffer, CryptoKey,
      AbortSignal: {timeout: (time) => {
        const control = new AbortController();
        browser.later(time, () => control.abort(), this);
        return control.signal;
      }},
      WebAssembly: {instantiate: (...all) => browser.busy(WebAssembly.instantiate(...all))},
      crypto: {
        getRandomValues: (bytes) => webcrypto.getRandomValues(bytes),
        subtle: Object.fromEntries(['digest', 'generateKey', 'exportKey', 'sign'].map((name) =>
          [name, (...all) => browser.busy(browser.subtle[name]?.(...all) ?? webcrypto.subtle[name](...all))])),
      },
      isSecureContext: true,
      location: this.location,
      top: {location: this.location},
      document: {...listen, hidden: false, readyState: 'complete'},
      navigator: {onLine: true, locks: browser.locks && {request: (...all) => browser.lock(this, ...all)}},
      performance: {now: () => browser.now},
      matchMedia: () => ({matches: false}),
      close: () => this.close(),
      open: () => {
        const opened = {closed: false, close: () => (opened.closed = true)};
        this.windows.push(opened);
        return opened;
      },
      setTimeout: (work, time, ...all) => browser.later(time, () => work(...all), this),
      clearTimeout: (timer) => browser.forget(timer),
      sessionStorage: this.sessionStorage,
      localStorage: browser.localStorage,
      indexedDB: browser.databases?.seenBy(this),
      BroadcastChannel: browser.channelOf(this),
      fetch: (address, init) => browser.network.fetch(this, new URL(address, this.location), init),
      importPart: (specifier) => this.#load(specifier),
    };
  }
}

export class Browser {
  now = 0;
  tabs = new Set();
  localStorage = new Storage();
  databases = new Databases(this);
  network = new Network(this, {[`${origin}/portero.wasm`]: wasm});
  /** By name: 'never' arrives, or 'fails', or takes so many ms. */
  scripts = {};
  /** By name: what WebCrypto does instead. */
  subtle = {};
  #timers = new Set();
  #busy = 0;
  #channels = new Set();
  #holders = [];

  /** @param {undefined | 'work' | 'never'} locks Web Locks: none, as they should be, or held for ever by somebody else */
  constructor(locks) {
    this.locks = locks;
  }

  open(href = `${origin}/`, session = new Storage()) {
    const tab = new Tab(this, href, session);
    this.tabs.add(tab);
    return tab;
  }

  end() {
    for (const tab of this.tabs) tab.close();
  }

  /** What becomes of a tab when it goes to another page. */
  navigate(tab, href) {
    tab.close();
    return this.open(href, tab.sessionStorage);
  }

  left(tab) {
    this.tabs.delete(tab);
    for (const channel of this.#channels) if (channel.tab === tab) channel.close();
  }

  /** What nothing here waits for by itself, such as WebCrypto's threads. */
  async busy(work) {
    this.#busy += 1;
    try {
      return await work;
    } finally {
      this.#busy -= 1;
    }
  }

  /** Until nothing happens any more without time. */
  async settle() {
    for (let quiet = 0; quiet < 30; quiet = this.#busy ? 0 : quiet + 1) await new Promise(setImmediate);
  }

  later(time, work, tab) {
    const timer = {at: this.now + Math.max(0, time || 0), work, tab};
    this.#timers.add(timer);
    return timer;
  }

  forget(timer) {
    this.#timers.delete(timer);
  }

  async pass(time) {
    const end = this.now + time;
    await this.settle();
    for (;;) {
      const next = [...this.#timers].filter(({at}) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.tab.deliver(next.work);
      await this.settle();
    }
    this.now = end;
  }

  channelOf(tab) {
    const channels = this.#channels;
    return class extends EventTarget {
      constructor(name) {
        super();
        Object.assign(this, {name, tab});
        channels.add(this);
      }

      postMessage(data) {
        if (!channels.has(this)) throw new DOMException('closed', 'InvalidStateError');
        const copy = structuredClone(data);
        for (const other of channels) {
          if (other === this || other.name !== this.name) continue;
          other.tab.deliver(() => setImmediate(() => channels.has(other) && other.hear(copy)));
        }
      }

      hear(data) {
        const event = Object.assign(new Event('message'), {data});
        this.onmessage?.(event);
        this.dispatchEvent(event);
      }

      close() {
        channels.delete(this);
      }
    };
  }

  /** Web Locks: navigator.locks.request(name, [options], work). */
  lock(tab, name, ...more) {
    const work = more.pop();
    const {signal} = more[0] ?? {};
    return new Promise((resolve, reject) => {
      const mine = {grant: () => tab.deliver(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        } finally {
          this.#holders.splice(this.#holders.indexOf(mine), 1);
          this.#holders[0]?.grant();
        }
      })};
      signal?.addEventListener('abort', () => {
        if (this.#holders[0] === mine && this.locks !== 'never') return;
        this.#holders = this.#holders.filter((one) => one !== mine);
        reject(signal.reason);
      });
      if (this.#holders.push(mine) === 1 && this.locks !== 'never') setImmediate(mine.grant);
    });
  }
}
