// The demo's page as one visitor has it, for the tests of quality: in one browser, brought into any state it can be in and
// dressed in any scheme, size, language and direction. What the proxy answers is the demo's own word, or held
// back, or a failure of a test's choosing. Next: states.mjs, axe.test.mjs.
import {readFileSync} from 'node:fs';
import {after, afterEach, before} from 'node:test';
import {startDemo} from '../../deployment.mjs';
import {openPage, startBrowser} from '../harness.mjs';

export const sizes = {
  desktop: {width: 1000, height: 900},
  '320 px': {width: 320, height: 800},
  '400 %': {width: 320, height: 256, deviceScaleFactor: 4}, // 1280 x 1024, enlarged four times
};
export const schemes = ['light', 'dark'];
export const languages = ['en', 'es'];

/** Every code of the protocol, from the one place that has them. */
export const codes = [...readFileSync('wasm/error.h', 'utf8').matchAll(/^ {2}k(\w+) = \d+,/gm)]
    .map(([, name]) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase());

/** A demo and a browser for a file of tests. */
export async function raise(...flags) {
  const demo = await startDemo();
  const chromium = await startBrowser(...flags);
  return {
    demo,
    chromium,
    async stop() {
      await chromium.stop();
      await demo.stop();
    },
  };
}

/** For a file of tests: `ground`, once it is raised, and `open(options)` for the pages of a test, which close with it. */
export function useVisitorPages() {
  const opened = [];
  const pages = {
    async open(options) {
      opened.push(await VisitorPage.open(pages.ground, options));
      return opened.at(-1);
    },
  };
  before(async () => (pages.ground = await raise()));
  after(() => pages.ground?.stop());
  afterEach(() => Promise.all(opened.splice(0).map((visitor) => visitor.close())));
  return pages;
}

/** One visitor's page, in a language and a direction; headers and all else are the demo's. */
export class VisitorPage {
  #held = new Map(); // name of a request -> {promise, release}
  #answers = new Map(); // name of a request -> {status, body}
  asked = []; // names of requests, in order

  static async open({demo, chromium}, {lang = 'en', dir = 'ltr', context} = {}) {
    const visitor = new VisitorPage();
    Object.assign(visitor, await openPage(chromium.browser, context), {demo, lang, dir, origin: new URL(demo.url).origin});
    visitor.page.setDefaultTimeout(20000); // a guard against hanging, not a measurement
    visitor.cdp = await visitor.page.createCDPSession();
    await visitor.page.setRequestInterception(true);
    visitor.page.on('request', (request) => visitor.#route(request).catch(() => {})); // the page may be gone
    return visitor;
  }

  close() {
    for (const name of this.#held.keys()) this.release(name);
    return this.page.close().then(() => this.context.close());
  }

  /** What a request is called here: "config", "session", "POST session", else its path without the slash. */
  #name(request) {
    const {pathname} = new URL(request.url());
    const call = /^\/v1\/(\w+)$/.exec(pathname)?.[1];
    return call ? (request.method() === 'POST' ? `POST ${call}` : call) : pathname.slice(1);
  }

  async #route(request) {
    const name = this.#name(request);
    this.asked.push(name);
    await this.#held.get(name)?.promise;
    const answer = this.#answers.get(name);
    if (answer) {
      await request.respond({status: answer.status, contentType: 'application/json', body: JSON.stringify(answer.body)});
    } else if (this.dir === 'rtl' && request.isNavigationRequest() && request.url().startsWith(this.origin)) {
      const reply = await fetch(request.url());
      const {'content-encoding': _, 'content-length': __, ...headers} = Object.fromEntries(reply.headers);
      await request.respond({status: reply.status, headers, body: (await reply.text()).replace('<html ', '<html dir="rtl" ')});
    } else {
      await request.continue();
    }
  }

  /** Holds requests of these names back until release(name). */
  hold(...names) {
    for (const name of names) {
      let release;
      const promise = new Promise((resolve) => (release = resolve));
      this.#held.set(name, {promise, release});
    }
  }

  release(name) {
    this.#held.get(name)?.release();
    this.#held.delete(name);
  }

  /** Answers requests of that name so from now on; without an answer the demo does. */
  answer(name, status, body) {
    if (status) this.#answers.set(name, {status, body});
    else this.#answers.delete(name);
  }

  /** How the visitor looks at it. */
  async dress({scheme = 'light', size = 'desktop', forced = false, still = false} = {}) {
    await this.page.setViewport(sizes[size] ?? size);
    await this.cdp.send('Emulation.setEmulatedMedia', {features: [
      {name: 'prefers-color-scheme', value: scheme},
      {name: 'forced-colors', value: forced ? 'active' : 'none'},
      {name: 'prefers-reduced-motion', value: still ? 'reduce' : 'no-preference'},
    ]});
  }

  visit(waitUntil = 'load') {
    return this.page.goto(`${this.demo.url}${this.lang === 'en' ? '' : `?lang=${this.lang}`}`, {waitUntil});
  }

  /** The element, for page.evaluate and the like. */
  element(use, ...args) {
    return this.page.$eval('github-sign-in', use, ...args);
  }

  /** The one with that part. */
  part(name, options = {visible: true}) {
    return this.page.waitForSelector(`github-sign-in >>> [part~="${name}"]`, options);
  }

  async press(part) {
    await (await this.part(part)).click();
  }

  /** By the button to GitHub, and by Authorize back. */
  async goThroughGitHub() {
    await Promise.all([this.page.waitForNavigation(), this.press('button')]);
    await Promise.all([this.page.waitForNavigation(), this.page.click('#authorize')]);
  }

  /** Waits for the element's state and, for errors, the code. */
  async until(state, code) {
    await this.page.waitForFunction((wanted, named) => {
      const element = document.querySelector('github-sign-in');
      const state = element?.shadowRoot && (element.getAttribute('state') ?? 'starting');
      return state === wanted && (!named || element.error?.code === named);
    }, {}, state, code);
  }

  /** Makes the page look again who is signed in, as a browser does when it comes back from its cache. */
  lookAgain() {
    return this.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})));
  }

  /** The failing proxy: the page is told this code, and shows it. */
  async fail(code, more = {}) {
    this.answer('session', 403, {code, ...more});
    await this.lookAgain();
    await this.until('error', code);
  }

  /** Ends what still moves, so that what is looked at is what stays. */
  settle() {
    return this.page.evaluate(() => {
      const roots = [document, ...[...document.querySelectorAll('github-sign-in')].map(({shadowRoot}) => shadowRoot).filter(Boolean)];
      for (const root of roots) {
        for (const animation of root.getAnimations({subtree: true})) {
          try {
            animation.finish();
          } catch {
            animation.cancel(); // one that never ends
          }
        }
      }
    });
  }
}
