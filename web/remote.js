// The proxy as a client sees it: its config, and the session calls, by cookie or by key (docs/protocol.md). All that is asked
// of it for one visit shares one time. Refuses to keep anything between visits: the cookie and key.js do that.
/** @import {CallOptions, Config, Session} from './types.js' */
import {signInError} from './error.js';
import {call} from './http.js';
import {epoch, raise, tell} from './tabs.js';
import {part, within} from './within.js';

export class Remote {
  /** Once renew() has asked for it; `cross_site_off` where there is none. @type {Promise<Config>} */
  config = /** @type {any} */ (undefined);
  /** @type {ReturnType<typeof import('./key.js').keyed> | undefined} */
  #key;
  /** When the time of all that is asked now ends, by performance.now(). */
  end = 0;
  /** Who was signed in last, until when; '' is nobody. And in which epoch that was asked. */
  #seen = '';
  #asked = 0;

  /** @type {import('./types.js').Call} */
  #call = (proxy, path, method, body, more) => call(proxy, path, method, body, {end: this.end, ...more});

  /** @param {string} proxy */
  constructor(proxy) {
    this.proxy = proxy;
  }

  /** @param {number} [time] for all that is asked from now on, in ms */
  begin(time = 15e3) {
    this.end = performance.now() + time;
  }

  /** Asks for the config anew: the next calls go by it. */
  renew() {
    this.begin();
    this.#key = undefined; // it holds a nonce
    this.config = this.#call(this.proxy, 'config').then((config) => {
      if (config.carry === 'off') throw signInError('cross_site_off');
      return config;
    });
  }

  /** Ends the session in this browser. @param {boolean} [again] for one that came too late for the first time */
  async signOut(again) {
    if (!again) raise(this.proxy);
    // While the proxy was told, a cookie may have been renewed. A session by key was gone before.
    if (!(await this.#session('DELETE')) && !again) raise(this.proxy);
    this.#seen = '';
    tell();
    return {user: null};
  }

  /**
   * Who is signed in; with a body, whoever has just signed in. An answer to what was asked before a sign-out is none, and it is
   * asked again. A session that then is still there is ended: the answer brought its cookie back.
   * @param {object} [body] the exchange @returns {Promise<Session>}
   */
  async ask(body) {
    const asked = epoch(this.proxy);
    const session = await (body ? this.#session('POST', body, asked) : this.#ask());
    const seen = session.user ? `${session.user.id} ${session.expires_at}` : '';
    if (!body && seen && seen === this.#seen && this.#asked < asked) return this.signOut(true);
    this.#seen = seen;
    this.#asked = asked;
    if (!seen || asked === epoch(this.proxy)) return session;
    this.begin();
    return this.ask();
  }

  /** By cookie without waiting for the config, since most pages have one; else as the config says. @returns {Promise<Session>} */
  async #ask() {
    const cookie = this.#call(this.proxy, 'session');
    const session = await cookie.catch(() => {});
    if (session?.user) return session;
    const config = await this.config.catch(() => {});
    return config?.carry === 'key' ? this.#session('GET') : cookie;
  }

  /** @param {string} method @param {object} [body] @param {number} [asked] in which epoch */
  async #session(method, body, asked = epoch(this.proxy)) {
    const config = await this.config;
    if (body) this.begin(18e3); // the proxy takes up to 13 s
    if (config.carry !== 'key') return this.#call(this.proxy, 'session', method, body);
    const {keyed} = await part(this.end, () => import('./key.js'));
    this.#key ??= keyed(this.proxy, config, this.#call, within);
    return this.#key(method, body, asked);
  }
}
