// The proxy as a client sees it: its config, and the session calls, by cookie or by key (docs/protocol.md).
// Refuses to keep anything between visits: the cookie and key.js do that.
/** @import {Config} from './types.js' */
import {signInError} from './error.js';
import {call} from './http.js';

export class Remote {
  /** @type {Promise<Config> | undefined} */
  #config;
  /** @type {ReturnType<typeof import('./key.js').keyed> | undefined} */
  #key;

  /** @param {string} proxy */
  constructor(proxy) {
    this.proxy = proxy;
  }

  /** Asks for the config anew: the next calls go by it. */
  renew() {
    this.#key = undefined; // it holds a nonce
    const config = (this.#config = call(this.proxy, 'config'));
    config.catch(() => config === this.#config && (this.#config = undefined));
    return config;
  }

  /** The config, or `cross_site_off`. @returns {Promise<Config>} */
  async config() {
    const config = await (this.#config ?? this.renew());
    if (config.carry === 'off') throw signInError('cross_site_off');
    return config;
  }

  /** Who is signed in: by cookie without waiting for the config, since most pages have one; else as the config says. */
  async ask() {
    const cookie = call(this.proxy, 'session');
    const session = await cookie.catch(() => {});
    return session?.user || !(await this.#carry().catch(() => {})) ? cookie : this.call('GET');
  }

  /** A session call. @param {string} method @param {object} [body] */
  async call(method, body) {
    const key = await this.#carry();
    return key ? key(method, body) : call(this.proxy, 'session', method, body);
  }

  /** What speaks for the session where no cookie does. */
  async #carry() {
    const config = await (this.#config ?? this.renew());
    if (config.carry !== 'key') return;
    return (this.#key ??= (await import('./key.js')).keyed(this.proxy, config, call));
  }
}
