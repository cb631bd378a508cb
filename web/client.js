// A sign-in as a state machine for any view: <github-sign-in>, or a page's own code by connect(). Refuses
// to know HTML and to check the protocol (core.js, C++). The flow: docs/protocol.md, "The page".
/** @import {ClickInputs, Led, Pending, SignInError, SignInOptions, SignInState, User} from './types.js' */
import {arrival, isFramed, parsed, receive as arrive, started} from './arrival.js';
import {begin, now, prepare} from './click.js';
import {signInError} from './error.js';
import {load} from './module.js';
import {Remote} from './remote.js';
import {put, take} from './store.js';
import {listen, tell} from './tabs.js';
import {part, trouble, within} from './within.js';

/** @type {Map<string, Client>} by proxy, the first first */
const clients = new Map();

/** @param {string} query the callback portero.js took out of the URL, or '' */
export const receive = (query) => arrive(query, () => clients.forEach((client) => client.refresh()));

/**
 * The client of a proxy, the same for all who ask, and one more use of it.
 * @param {string} [proxy] its address; '' is the page's own origin
 */
export const connect = (proxy = '') => {
  try {
    const {origin, pathname} = new URL(proxy || '/', location.href);
    if (origin !== 'null') proxy = origin + pathname.replace(/\/+$/, '');
  } catch {} // calls there fail, and say so
  const client = clients.get(proxy) ?? new Client(proxy);
  clients.set(proxy, client);
  client.uses++;
  queueMicrotask(() => client.due && client.refresh()); // if it is in use then
  return client;
};

/** Says `change` (event and `onchange`) whenever `state`, `user`, `error` or `notice` did. */
export class Client extends /** @type {new () => EventTarget & Led} */ (EventTarget) {
  /** @type {SignInState} */
  state = 'starting';
  /** @type {User | null} */
  user = null;
  /** @type {SignInError | undefined} */
  error;
  /** `popup`: a window is open, and cancel() ends the wait. `close`: this window is done. `installed`: back from GitHub,
   * where the app was installed, and nobody is signed in. @type {'popup' | 'close' | 'installed' | undefined} */
  notice;
  /** @type {((event: Event) => void) | null} */
  onchange = null;
  /** In another site's frame nobody can sign in. */
  framed = isFramed();
  /** The visitor did something, so an error may take the focus. */
  acted = false;
  /** How many on this page use it. */
  uses = 0;
  /** The visitor's page of this app at GitHub: what it may do, and how to end that. */
  manage = '';
  /** A click can go to GitHub at once. */
  ready = false;
  /** @type {Remote} */
  #remote;
  /** @type {Promise<ClickInputs> | undefined} for one click only */
  #inputs;
  /** @type {string | undefined} where a failed sign-in was to end */
  #returnTo;
  /** @type {AbortController | undefined} while a popup is open */
  #waiting;
  #hidden = 0;
  #timer = 0;
  /** @type {Event | undefined} of what is shown */
  #shown;
  /** How often the visitor did something: what was asked before says nothing of it. */
  #acts = 0;
  /** @type {Promise<void> | undefined} while it is asked who is signed in */
  #looking;
  /** It is to be asked (once more), as soon as anybody uses this. */
  due = true;

  /** @param {string} proxy */
  constructor(proxy) {
    super();
    this.proxy = proxy;
    this.#remote = new Remote(proxy);
    const look = () => this.refresh();
    addEventListener('pageshow', (event) => event.persisted && look());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#hidden = Date.now();
      else if (Date.now() - this.#hidden > 6e4) look();
    });
    addEventListener('online', look);
    listen(look);
  }

  /** Asks who is signed in, and prepares anew. Never rejects. */
  async refresh() {
    this.due = true;
    if (this.uses) await (this.#looking ??= this.#looks());
  }

  async #looks() {
    try {
      for (; this.due && this.uses; await this.#look()) this.due = false;
    } finally {
      this.due ||= !this.uses;
      this.#looking = undefined;
    }
  }

  async #look() {
    if (this.framed) {
      await trouble().catch(() => {}); // by which the tag leads out of there
      return this.#set('signed-out');
    }
    await started;
    if (arrival.popup) return this.#set('busy', undefined, arrival.notice);
    if (!this.uses || this.#waiting) return;
    const acts = this.#acts;
    /** @type {Promise<ClickInputs> | undefined} */
    let inputs;
    try {
      if (!isSecureContext) throw signInError('insecure_page');
      take('portero'); // throws where storage is blocked
      for (const other of clients.values()) {
        if (other === this) break;
        if (other.uses) throw signInError('proxy_conflict'); // one page, one session
      }
      inputs = this.#prepare();
      const session = await this.#session();
      if (!session.user) await this.#remote.config; // a click may come before the module has
      const lost = await arrival.lost;
      arrival.lost = undefined;
      if (lost && !session.user) throw lost;
      if (acts === this.#acts) this.#show(session);
      inputs.catch((error) => this.state === 'signed-out' && this.#fail(error));
    } catch (error) {
      await inputs?.catch(() => {});
      if (this.uses && acts === this.#acts && this.state !== 'signed-in') await this.#fail(error);
    }
  }

  retry() {
    if (this.#act()) this.refresh();
  }

  /** To GitHub; the visitor comes back signed in. A wrong option is a TypeError. @param {SignInOptions} [options] */
  async signIn(options) {
    if (!this.#act()) return;
    /** @type {Window | null} */
    let window = null;
    try {
      // Before anything is waited for, or WebKit opens nothing. null: blocked, so this tab goes.
      if (options?.mode === 'popup' && !matchMedia('(pointer: coarse)').matches)
        window = open('about:blank', '_blank', 'popup');
      if (window) window.opener = null;
      const inputs = await (this.#inputs ?? this.#prepare());
      const asksMore = Object.values(options ?? {}).some((value) => (value ?? '') !== '');
      const asked = asksMore
        ? (await part(this.#remote.end, () => import('./options.js'))).read(options, inputs.core)
        : {};
      this.#inputs = undefined;
      this.ready = false;
      const {url, pending} = begin(inputs, asked, this.proxy, !!window, this.#returnTo);
      if (window) return await this.#follow(window, url, pending);
      put(pending.state, pending);
      location.assign(url);
      this.#later(2e4); // the navigation was stopped
    } catch (error) {
      window?.close();
      if (/** @type {Error} */ (error).name === 'AbortError') this.refresh();
      else if ((await this.#fail(error)) instanceof TypeError) throw error;
    }
  }

  /** Ends the wait for a popup. */
  cancel() {
    if (this.notice === 'popup') this.#set('busy');
    this.#waiting?.abort();
  }

  /** Ends the session in this browser, in every tab. */
  async signOut() {
    if (!this.#act()) return;
    if (!this.#inputs) this.#prepare();
    try {
      this.#show(await this.#remote.signOut());
    } catch (error) {
      await this.#fail(error);
    }
  }

  #act() {
    if (this.framed || this.state === 'busy') return false;
    this.#acts++;
    this.#remote.begin();
    this.#set('busy');
    return (this.acted = true);
  }

  /** All that a click needs, so that it need not wait. What failed before is asked for again. */
  #prepare() {
    this.ready = false;
    this.#remote.renew();
    const inputs = (this.#inputs = prepare(this.#remote));
    inputs.then(
      ({manage}) => {
        this.manage = manage;
        this.ready = inputs === this.#inputs;
      },
      () => (this.#inputs = undefined),
    );
    return inputs;
  }

  /** Until the popup has come back, is cancelled, or nobody came. @param {Window} window @param {string} url @param {Pending} pending */
  async #follow(window, url, pending) {
    const {signal} = (this.#waiting = new AbortController());
    try {
      const {wait} = await part(this.#remote.end, () => import('./popup.js'));
      const back = wait(pending.state, signal, signInError);
      window.location = url;
      this.#set('busy', undefined, 'popup');
      const query = await back;
      this.#set('busy');
      this.#show(await this.#exchange(query, pending));
    } finally {
      window.close();
      this.#waiting = undefined;
    }
  }

  /** From the callback, if one came back for this proxy, else by asking. */
  async #session() {
    const back = arrival.callback;
    if (!back) return this.#remote.ask();
    if (back.pending && back.pending.proxy !== this.proxy) {
      await within(this.#remote.end, parsed).catch(() => {});
      if (clients.has(back.pending.proxy)) return this.#remote.ask();
      throw signInError('proxy_conflict');
    }
    arrival.callback = undefined;
    this.acted = true;
    this.#set('busy');
    try {
      return await this.#exchange(back.query, back.pending);
    } catch (error) {
      const session = await this.#remote.ask().catch(() => {});
      if (session?.user) return session; // signed in all the same
      throw error;
    }
  }

  /** @param {string} query @param {Pending | null} pending */
  async #exchange(query, pending) {
    this.#returnTo = pending?.return_to;
    if (!pending) throw signInError('state_unknown');
    const core = await load(this.#remote.end);
    const session = await this.#remote.ask({v: 1, ...core.finish(query, pending, now())});
    tell();
    const to = this.#returnTo ?? '';
    this.#returnTo = undefined;
    if (session.unkept) return session;
    const there = (this.there = new URL(to, location.href).href); // location would see it from a <base>
    if (!this.then && core.returnTo(to) && there !== location.href) setTimeout(() => location.replace(there));
    return session;
  }

  /** @param {{user: User | null, expires_at?: string}} session */
  #show({user, expires_at}) {
    this.user = user;
    if (user) arrival.notice = undefined;
    this.#set(user ? 'signed-in' : 'signed-out', undefined, arrival.notice);
    this.#later(Date.parse(expires_at ?? '') - Date.now());
  }

  /** @param {number} wait in ms; past, NaN and more than a timer holds are never */
  #later(wait) {
    clearTimeout(this.#timer);
    if (wait > 0 && wait < 2 ** 31) this.#timer = setTimeout(() => this.refresh(), wait);
  }

  /** Shows an error, once all is known of it that can be; gives what is shown. @param {any} error as it was thrown */
  async #fail(error) {
    const shown = this.#shown;
    const isOurs = 'hint' in error;
    if (!isOurs || error.why)
      error = await trouble()
        .then(({explain}) => explain(error, signInError))
        .catch(() => (isOurs ? error : signInError('internal')));
    if (shown === this.#shown) this.#set('error', error);
    return error;
  }

  /** @param {SignInState} state @param {SignInError} [error] @param {'popup' | 'close' | 'installed'} [notice] */
  #set(state, error, notice) {
    this.state = state;
    this.error = error;
    this.notice = notice;
    const event = (this.#shown = new Event('change'));
    this.onchange?.(event);
    this.dispatchEvent(event);
  }
}
