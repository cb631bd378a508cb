// What puppeteer drives, Chromium and Firefox: a person is a browser context, a tab one of its pages. Each tab keeps
// what the console said and which rules were broken.
import {openPage, setOnline} from '../harness.mjs';
import {until} from '../../programs.mjs';
import {Tab} from './tab.mjs';

const standInPicture = /^warn: Mixed Content: .*\/avatars\//;  // GitHub's own come over https

/** The record of a page that the browser opened by itself. */
export function recordOf(page) {
  const record = {console: [], violations: []};
  page.on('console', (message) => message.type() === 'error' && record.console.push(`error: ${message.text()}`));
  page.on('pageerror', (error) => record.console.push(`pageerror: ${error}`));
  return record;
}

export class Page extends Tab {
  constructor({page, record}) {
    super();
    this.page = page;
    this.record = record;
  }

  goto(url) {
    return this.page.goto(url, {waitUntil: 'domcontentloaded'});
  }

  async address() {
    return this.page.url();
  }

  evaluate(fn, ...args) {
    return this.page.evaluate(fn, ...args);
  }

  /** The first click may take the page away under the second: Firefox's driver calls that a failure. What follows shows. */
  async mouse(x, y, count) {
    await this.page.mouse.click(x, y, {count}).catch((error) => {
      if (!(count > 1)) throw error;
    });
  }

  /** Goes back, and leaves it to the scenario to see the page again: from bfcache, nothing loads that puppeteer could wait for. */
  async back() {
    const go = () => this.page.goBack({timeout: 5000}).then(() => true, (error) => {
      if (/Not attached to an active page/.test(error)) return false; // between two pages
      if (error.name !== 'TimeoutError') throw error;
      return true;
    });
    await until(go, 'there is a page to go back from');
  }

  reload() {
    return this.page.reload({waitUntil: 'domcontentloaded'});
  }

  show() {
    return this.page.bringToFront();
  }

  close() {
    return this.page.close();
  }

  screenshot(path) {
    return this.page.screenshot({path});
  }

  /** Takes the network away, or gives it back. */
  setOnline(online) {
    return setOnline(this.page, online);
  }

  /** What the console and the rules said, but for what a scenario brings about. */
  complaints(expected = []) {
    return [...this.record.violations, ...this.record.console].filter(
        (line) => ![standInPicture, ...expected].some((pattern) => pattern.test(line)));
  }
}

export class Person {
  constructor(browser, context, {script} = {}) {
    this.browser = browser;
    this.context = context;
    this.script = script;
    this.tabs = [];
  }

  make(opened) {
    return new Page(opened);
  }

  /** A new tab, at `url`. */
  async open(url) {
    const opened = await openPage(this.browser, this.context);
    if (this.script) await opened.page.evaluateOnNewDocument(this.script);
    const tab = this.make(opened);
    this.tabs.push(tab);
    await tab.goto(url);
    return tab;
  }

  /** The window that the page opened, once it is there. */
  async popup() {
    const known = this.tabs.map((tab) => tab.page);
    let page;
    await until(async () => (page = (await this.context.pages()).find((one) => !known.includes(one))), 'a window was opened');
    const tab = this.make({page, record: recordOf(page)});
    this.tabs.push(tab);
    return tab;
  }

  /** How many windows and tabs the person has. */
  async count() {
    return (await this.context.pages()).length;
  }

  untilCount(wanted) {
    return until(async () => (await this.count()) === wanted, `${wanted} windows`);
  }

  complaints(expected) {
    return this.tabs.flatMap((tab) => tab.complaints(expected));
  }

  async close() {
    for (const tab of this.tabs) await tab.close().catch(() => {});
    await this.leave();
  }

  /** Whoever has a browser for good, for one life or not at all, says so. */
  async leave() {
    try {
      await this.context.close();
    } catch (error) {
      // Chromium says so, now and then, of a page that has just been closed; the context ends with the browser then.
      if (!error.message.includes('Session with given id not found')) throw error;
    }
  }
}
