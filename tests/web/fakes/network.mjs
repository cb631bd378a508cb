// A browser's network: its cookies, the pages' files, and proxies. An answer can be held on its way, and some never come.
import {request as httpRequest} from 'node:http';

/** The host that a page's files come from answers itself; all else is asked of a proxy. */
export class Network {
  /** All calls to proxies, in order: {tab, method, path, headers, body}. */
  calls = [];
  cookies = new Map();
  /** 'never' ends. */
  body = '';
  /** What answers a call: {status, headers, body}. Tests choose. */
  answer = () => new Promise(() => {});
  #held = [];

  constructor(browser, files) {
    this.browser = browser;
    this.files = files;
  }

  /** How often that was called. */
  count(method, path) {
    return this.calls.filter((call) => call.method === method && call.path === path).length;
  }

  /**
   * Holds the next call that matches: `before` it reaches the proxy, or, as usual, `after` the proxy has answered. `reached` settles
   * when it is held there; release() lets it go on.
   */
  hold(matches, where = 'after') {
    const held = {matches, where};
    held.reached = new Promise((resolve) => (held.reach = resolve));
    held.go = new Promise((resolve) => (held.release = resolve));
    this.#held.push(held);
    return held;
  }

  async #pause(held, where) {
    if (held?.where !== where) return;
    held.reach();
    await held.go;
  }

  fetch(tab, url, {method = 'GET', headers = {}, body, credentials, signal, redirect} = {}) {
    const file = this.files[`${url.origin}${url.pathname}`];
    const call = {tab, url, method, path: url.pathname, headers, body, credentials, redirect};
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => tab.deliver(() => reject(signal.reason)));
      if (file !== undefined) {
        if (file !== 'never') tab.deliver(() => resolve(this.#response(200, file)));
        return;
      }
      this.calls.push(call);
      this.#ask(call).then(({status, body}) => tab.deliver(() => resolve(this.#response(status, body))),
          () => tab.deliver(() => reject(new TypeError('Failed to fetch'))));
    });
  }

  async #ask(call) {
    const held = this.#held.find(({matches}) => matches(call));
    if (held) this.#held.splice(this.#held.indexOf(held), 1);
    await this.#pause(held, 'before');
    const reply = await this.answer(call, this.#cookiesOf(call));
    await this.#pause(held, 'after');
    // A browser keeps a cookie when it arrives, whatever the tab does. One that left has no connection any more.
    if (!call.tab.gone && call.credentials === 'include') for (const line of reply.headers?.['set-cookie'] ?? []) this.#keep(line);
    return reply;
  }

  #cookiesOf({credentials}) {
    return credentials === 'include' ? [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') : '';
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  #response(status, body) {
    return {
      ok: status < 400,
      status,
      json: async () => (this.body === 'never' ? new Promise(() => {}) : JSON.parse(body)),
      arrayBuffer: async () => body,
    };
  }

  /** Asks a real proxy on that port, as a browser would for a page of `origin`. */
  async askPort(port, {method, path, headers, body}, cookie, {origin, site}) {
    return this.browser.busy(new Promise((resolve, reject) => {
      const sent = httpRequest({port, host: '127.0.0.1', method, path, agent: false, headers: {
        ...headers, 'Origin': origin, 'Sec-Fetch-Site': site, ...cookie && {Cookie: cookie},
        ...body && {'Content-Length': Buffer.byteLength(body)}}}, async (answer) => {
        let text = '';
        for await (const chunk of answer.setEncoding('utf8')) text += chunk;
        resolve({status: answer.statusCode, headers: answer.headers, body: text});
      });
      sent.on('error', reject);
      sent.end(body);
    }));
  }
}
