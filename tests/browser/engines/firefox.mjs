// Firefox over WebDriver BiDi. The remote agent's recommended preferences are refused (they let every pop-up through);
// its chrome scope, which is the browser's own window, reopens closed tabs as a person would.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import puppeteer from 'puppeteer-core';
import {until} from '../../programs.mjs';
import {Page, Person, recordOf} from './pages.mjs';

const preferences = {
  'remote.prefs.recommended': false,
  'dom.disable_open_during_load': true,
  'network.cookie.cookieBehavior': 5,
  'fission.webContentIsolationStrategy': 1,
  'network.manage-offline-status': false,  // a machine without a network is not offline for loopback
  'dom.security.https_first': false,
  'network.proxy.type': 1,
  // What a new profile would ask, show and fetch.
  'app.update.auto': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

class FirefoxPage extends Page {
  async setOnline(online) {
    const contexts = [this.page.mainFrame()._id];
    await this.page.browser().connection.send(
        'emulation.setNetworkConditions', {networkConditions: online ? null : {type: 'offline'}, contexts});
    await this.evaluate((type) => dispatchEvent(new Event(type)), online ? 'online' : 'offline');
  }
}

class FirefoxPerson extends Person {
  make(opened) {
    return new FirefoxPage(opened);
  }

  /** Runs in the browser's own window; gives what its promise does. */
  async inChrome(fn, ...args) {
    const {connection} = this.browser;
    const {result: {contexts: [{context}]}} = await connection.send('browsingContext.getTree', {'moz:scope': 'chrome'});
    const {result} = await connection.send('script.evaluate', {
      target: {context}, awaitPromise: true, expression: `(${fn})(...${JSON.stringify(args)})`});
    if (result.type === 'exception') throw new Error(result.exceptionDetails.text);
    return result.result.value;
  }

  /**
   * Closes the tab, then reopens it as "Reopen closed tab" does. By a mark, not as the last one closed: Firefox lists a
   * closed tab when its last words have come, and until then another's is the last.
   */
  async restored(tab) {
    const known = await this.browser.pages();
    const mark = `${Math.random()}`;
    await this.inChrome((url, value) => {
      const {tabs} = gBrowser;
      SessionStore.setCustomTabValue([...tabs].find((one) => one.linkedBrowser.currentURI.spec === url), 'mark', value);
    }, await tab.address(), mark);
    await tab.close();
    await until(() => this.inChrome((value) => {
      const closed = SessionStore.getClosedTabDataForWindow(window).find(({state}) => state.extData?.mark === value);
      if (closed) gBrowser.selectedTab = SessionStore.undoCloseById(closed.closedId);
      return Boolean(closed);
    }, mark), 'Firefox lists the closed tab');
    let page;
    await until(async () => (page = (await this.browser.pages()).find((one) => !known.includes(one))), 'the tab again');
    const back = this.make({page, record: recordOf(page)});
    this.tabs.push(back);
    return back;
  }
}

export async function startFirefox(forward) {
  const [proxy, port] = forward.address.split(':');
  const running = new Set();
  const begin = async (more = {}) => {
    const profile = mkdtempSync(join(tmpdir(), 'portero-firefox-'));
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.PORTERO_FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
      userDataDir: profile,
      acceptInsecureCerts: true,
      args: ['--remote-allow-system-access'],
      env: {...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1'},
      extraPrefsFirefox: {...preferences, 'network.proxy.http': proxy, 'network.proxy.http_port': Number(port),
        'network.proxy.ssl': proxy, 'network.proxy.ssl_port': Number(port), ...more},
      timeout: 60000,
    });
    const one = {browser, stop: async () => {
      running.delete(one);
      await browser.close();
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    }};
    running.add(one);
    return one;
  };
  const main = await begin();
  /** A person in a browser of its own, which goes on when they leave. */
  const personIn = ({browser}) =>
    Object.assign(new FirefoxPerson(browser, browser.defaultBrowserContext()), {leave: async () => {}});
  let secret;
  let bare;
  return {
    name: 'firefox',
    version: (await main.browser.version()).replace('firefox/', 'Firefox ').replace(/(\.\d+)+$/, ''),
    forward,
    async person(kind = {}) {
      if (kind.private) return personIn(secret ??= await begin({'browser.privatebrowsing.autostart': true}));
      if (kind.blocked) return personIn(bare ??= await begin({'network.cookie.cookieBehavior': 2}));
      return new FirefoxPerson(main.browser, await main.browser.createBrowserContext(), kind);
    },
    async stop() {
      await Promise.all([...running].map((one) => one.stop()));
    },
  };
}
