// The proxy as a client sees it: its config, and the session calls, by cookie or by key (docs/protocol.md). All that is asked
// of it for one visit shares one time. Refuses to keep anything between visits: the cookie and key.js do that.
/** @import {CallOptions, Config, Session} from './types.js' */
import {signInError} from './error.js';
import {call} from './http.js';
import {epoch, raise, tell} from './tabs.js';
import {part, within} from './within.js';

export class Remote {
  /** @type {Promise<Config>} what renew() began */
  #config = /** @type {any} */ (undefined);
  /** @type {ReturnType<typeof import('./key.js').keyed> | undefined} */
  #key;
  #end = 0;
  /** Who was signed in last, until when; '' is nobody. And in which epoch that was asked. */
  #seen = '';
  #asked = 0;

  /** @type {import('./types.js').Call} */
  #call = (proxy, path, method, body, more) => call(proxy, path, method, body, {time: this.left, ...more});

  /** @param {string} proxy */
  constructor(proxy) {
    this.proxy = proxy;
  }

  /** How much time what is asked now has, in ms. */
  get left() {
    return this.#end - performance.now();
  }

  /** @param {number} [time] for all that is asked from now on, in ms */
  begin(time = 15e3) {
    this.#end = performance.now() + time;
  }

  /** Asks for the config anew: the next calls go by it. */
  renew() {
    this.begin();
    this.#key = undefined; // it holds a nonce
    return (this.#config = this.#call(this.proxy, 'config'));
  }

  /** The config, or `cross_site_off`. @returns {Promise<Config>} */
  async config() {
    const config = await this.#config;
    if (config.carry === 'off') throw signInError('cross_site_off');
    return config;
  }

  /** Who is signed in. */
  ask() {
    return this.#current(() => this.#ask());
  }

  /** Exchanges a code. @param {object} body */
  signIn(body) {
    this.#seen = ''; // what comes is a new session
    return this.#current((asked) => this.#session('POST', body, asked));
  }

  /** Ends the session in this browser. @param {boolean} [again] for one that came too late for the first time */
  async signOut(again) {
    this.begin();
    if (!again) raise(this.proxy);
    // While the proxy was told, a cookie may have been renewed. A session by key was gone before.
    if (!(await this.#session('DELETE')) && !again) raise(this.proxy);
    this.#seen = '';
    tell();
    return {user: null};
  }

  /**
   * An answer to what was asked before a sign-out is none, and it is asked again. A session that then is still there is
   * ended: the answer brought its cookie back.
   * @param {(asked: number) => Promise<Session>} ask @returns {Promise<Session>}
   */
  async #current(ask) {
    const asked = epoch(this.proxy);
    const session = await ask(asked);
    const seen = session.user ? `${session.user.id} ${session.expires_at}` : '';
    if (seen && seen === this.#seen && this.#asked < asked) return this.signOut(true);
    this.#seen = seen;
    this.#asked = asked;
    if (!seen || asked === epoch(this.proxy)) return session;
    this.begin();
    return this.ask();
  }

  /** By cookie without waiting for the config, since most pages have one; else as the config says. */
  #ask() {
    return within(this.left, async () => {
      const cookie = this.#call(this.proxy, 'session');
      const session = await cookie.catch(() => {});
      if (session?.user) return session;
      const config = await this.#config.catch(() => {});
      return config?.carry === 'key' ? this.#session('GET') : cookie;
    });
  }

  /** @param {string} method @param {object} [body] @param {number} [asked] by the epoch */
  async #session(method, body, asked = epoch(this.proxy)) {
    const config = await this.#config;
    if (method === 'POST') this.begin(18e3); // the proxy takes up to 13 s
    if (config.carry !== 'key') return this.#call(this.proxy, 'session', method, body);
    const {keyed} = await part(this.left, () => import('./key.js'));
    this.#key ??= keyed(this.proxy, config, this.#call, within);
    return this.#key(method, body, asked);
  }
}
