// Chromium over its DevTools protocol. Its driver's own wishes are switched off where they would make the browser kinder
// than people's: pop-ups may be blocked, and third-party cookies are as in the stock browser (Debian's blocks them).
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import puppeteer from 'puppeteer-core';
import {chromiumFlags} from '../harness.mjs';
import {Page, Person, recordOf} from './pages.mjs';

const stock = {cookie_controls_mode: 0, block_third_party_cookies: false};
const blocked = {...stock, default_content_setting_values: {cookies: 2}};

function launch(profile, forward, flags = []) {
  return puppeteer.launch({
    executablePath: process.env.PORTERO_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    userDataDir: profile,
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    args: [
      ...chromiumFlags, `--proxy-server=${forward.address}`, '--ignore-certificate-errors',
      '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable', ...flags
    ],
    timeout: 60000,
  });
}

/** A profile of its own with these settings, as a person would choose them. */
function makeProfile(settings) {
  const profile = mkdtempSync(join(tmpdir(), 'portero-chromium-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({profile: settings}));
  return profile;
}

export async function startChromium(forward) {
  const running = new Set();
  const begin = async (settings, flags) => {
    const profile = makeProfile(settings);
    const browser = await launch(profile, forward, flags);
    const one = {profile, browser, stop: async () => {
      running.delete(one);
      await one.browser.close();
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    }};
    running.add(one);
    return one;
  };
  const main = await begin(stock);
  /** A person in the first window of a browser of its own, who is gone with it or leaves it running. */
  const personIn = (one, leave = async () => {}) =>
    Object.assign(new Person(one.browser, one.browser.defaultBrowserContext()), {leave});
  const restorable = async () => {
    const one = await begin(stock);
    const person = personIn(one, () => one.stop());
    person.restored = async (tab) => {
      const {url} = await tab.look();
      await one.browser.close();
      one.browser = await launch(one.profile, forward, ['--restore-last-session']);
      const page = await (await one.browser.waitForTarget((found) => found.url() === url, {timeout: 20000})).page();
      const back = new Page({page, record: recordOf(page)});
      person.tabs.push(back);
      return back;
    };
    return person;
  };
  let secret;
  let bare;
  return {
    name: 'chromium',
    version: (await main.browser.version()).replace(/.*\/(\d+).*/, 'Chromium $1'),
    forward,
    /** @param {{private?: boolean, blocked?: boolean, restorable?: boolean, script?: string}} kind */
    async person(kind = {}) {
      if (kind.private) return personIn(secret ??= await begin(stock, ['--incognito']));
      if (kind.blocked) return personIn(bare ??= await begin(blocked));
      if (kind.restorable) return restorable();
      return new Person(main.browser, await main.browser.createBrowserContext(), kind);
    },
    async stop() {
      await Promise.all([...running].map((one) => one.stop()));
    },
  };
}
