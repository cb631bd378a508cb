// A sign-in as a state machine for any view: <github-sign-in>, or a page's own code by connect(). Refuses
// to know HTML and to judge the protocol (core.js, C++). The flow: PROTOCOL §2.
/** @import {Pending, Prepared, SignInError, SignInOptions, SignInState, User} from './types.js' */
import {loadCore} from './core.js';
import {call, fault} from './exchange.js';
import {listen, locked, put, take, tell} from './store.js';

/** @type {Map<string, Client>} by proxy */
const clients = new Map();

/** @type {{query: string, pending: Pending | null} | undefined} */
let callback;
/** @type {(value?: unknown) => void} */
let start;
const started = new Promise((resolve) => (start = resolve));

/** @param {string} query the callback portero.js took out of the URL, or '' */
export const receive = (query) => {
  try {
    if (query) callback = {query, pending: take(new URLSearchParams(query).get('state') ?? '')};
  } catch {} // refresh() says so
  start();
};

/** Settles when every element written in the page has named its proxy. */
const parsed = () => new Promise((resolve) => {
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', resolve);
  else resolve(0);
});

const framed = () => {
  try {
    return top?.location.origin !== location.origin;
  } catch {
    return true;
  }
};

const now = () => Math.floor(Date.now() / 1e3);

/** @type {ReturnType<typeof loadCore> | undefined} */
let loaded;
const load = () => {
  loaded ??= loadCore(new URL('../portero.wasm', import.meta.url));
  loaded.catch(() => (loaded = undefined)); // the next try loads again
  return loaded;
};

/** The client of a proxy. @param {string} [proxy] its address; '' is the page's own origin */
export const connect = (proxy = '') => {
  try {
    const {origin, pathname} = new URL(proxy || '/', location.href);
    proxy = origin + pathname.replace(/\/+$/, '');
  } catch {} // calls there fail, and say so
  const client = clients.get(proxy) ?? new Client(proxy);
  clients.set(proxy, client);
  return client;
};

/** Says `change` (event and `onchange`) whenever `state`, `user` or `error` did. */
export class Client extends EventTarget {
  /** @type {SignInState} */
  state = 'starting';
  /** @type {User | null} */
  user = null;
  /** @type {SignInError | undefined} */
  error;
  /** @type {((event: Event) => void) | null} */
  onchange = null;
  /** In another site's frame nobody can sign in. */
  framed = framed();
  /** The visitor did something, so an error may take the focus. */
  acted = false;
  /** @type {Prepared | undefined} for one click only */
  #prepared;
  /** @type {string | undefined} where a failed sign-in was to end */
  #returnTo;
  #hidden = 0;
  #timer = 0;

  /** @param {string} proxy */
  constructor(proxy) {
    super();
    this.proxy = proxy;
    const look = () => this.refresh();
    addEventListener('pageshow', (event) => event.persisted && look());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#hidden = Date.now();
      else if (Date.now() - this.#hidden > 6e4) look();
    });
    addEventListener('online', look);
    listen(look);
    look();
  }

  /** Whether a click can go to GitHub at once. */
  get ready() {
    return !!this.#prepared;
  }

  /** Asks who is signed in, and prepares anew. Never rejects. */
  async refresh() {
    if (this.framed) return this.#set('signed-out');
    this.#prepared = undefined;
    /** @type {Promise<void> | undefined} */
    let ready;
    try {
      if (!isSecureContext || !crypto.subtle) throw fault('insecure_page');
      take('portero'); // throws where storage is blocked
      ready = this.#prepare();
      ready.catch(() => {}); // looked at below
      await locked(async () => {
        const session = await this.#session();
        if (!session.user) await ready;
        this.#show(session);
      });
    } catch (error) {
      await ready?.catch(() => {});
      if (this.state !== 'signed-in') this.#fail(error);
    }
  }

  /** Shows that it looks, and looks. */
  retry() {
    if (this.#act()) this.refresh();
  }

  /** To GitHub; the visitor comes back signed in. @param {SignInOptions} [options] */
  async signIn({returnTo, scope, loginHint, prompt, allowSignup} = {}) {
    if (!this.#act()) return;
    try {
      if (!this.#prepared) await this.#prepare();
      const {core, config, made, challenge} = /** @type {Prepared} */ (this.#prepared);
      this.#prepared = undefined;
      const {issuer, require_issuer, redirect_uri} = config;
      const url = core.begin({...config, scope: scope ?? config.scope},
        {login: loginHint, prompt, allow_signup: allowSignup}, made, challenge);
      put(made.state, {
        ...made, issuer, require_issuer, redirect_uri, proxy: this.proxy, created: now(),
        return_to: returnTo ?? this.#returnTo ?? location.pathname + location.search + location.hash,
      });
      location.assign(url);
      this.#later(2e4); // the navigation was stopped
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the session in this browser, in every tab. */
  async signOut() {
    if (!this.#act()) return;
    try {
      await locked(async () => {
        await call(this.proxy, 'session', 'DELETE');
        this.#show({user: null});
      });
      tell();
    } catch (error) {
      this.#fail(error);
    }
  }

  #act() {
    if (this.framed || this.state === 'busy') return false;
    this.#set('busy');
    return (this.acted = true);
  }

  /** All that a click needs, so that it need not wait. */
  async #prepare() {
    const [core, config] = await Promise.all([load(), call(this.proxy, 'config')]);
    if (config.carry !== 'cookie') throw fault('cross_site_off');
    const made = core.prepare(crypto.getRandomValues(new Uint8Array(64)), false);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(made.code_verifier));
    this.#prepared = {core, config, made, challenge: new Uint8Array(digest)};
  }

  /** From the callback, if one came back for this proxy, else by asking. */
  async #session() {
    await started;
    const back = callback;
    const ask = () => call(this.proxy, 'session');
    if (!back) return ask();
    if (back.pending && back.pending.proxy !== this.proxy) {
      await parsed();
      if (clients.has(back.pending.proxy)) return ask();
      throw fault('proxy_conflict');
    }
    callback = undefined;
    this.#act();
    try {
      return await this.#exchange(back.query, back.pending);
    } catch (error) {
      const session = await ask().catch(() => {});
      if (session?.user) return session; // signed in all the same
      throw error;
    }
  }

  /** @param {string} query @param {Pending | null} pending */
  async #exchange(query, pending) {
    this.#returnTo = pending?.return_to;
    if (!pending) throw fault('state_unknown');
    const core = await load();
    const request = core.finish(query, pending, now());
    const session = await call(this.proxy, 'session', 'POST', {v: 1, ...request});
    tell();
    const to = this.#returnTo ?? '';
    this.#returnTo = undefined;
    if (core.returnTo(to) && new URL(to, location.href).href !== location.href) setTimeout(() => location.replace(to));
    return session;
  }

  /** @param {{user: User | null, expires_at?: string}} session */
  #show({user, expires_at}) {
    this.user = user;
    this.#set(user ? 'signed-in' : 'signed-out');
    this.#later(Date.parse(expires_at ?? '') - Date.now());
  }

  /** @param {number} wait in ms; past, NaN and more than a timer holds are never */
  #later(wait) {
    clearTimeout(this.#timer);
    if (wait > 0 && wait < 2 ** 31) this.#timer = setTimeout(() => this.refresh(), wait);
  }

  /** @param {any} error */
  #fail(error) {
    this.#set('error', error.code ? error : fault('internal'));
  }

  /** @param {SignInState} state @param {SignInError} [error] */
  #set(state, error) {
    this.state = state;
    this.error = error;
    const event = new Event('change');
    this.onchange?.(event);
    this.dispatchEvent(event);
  }
}
