// mode="popup": the page stays as it is while a window of its own goes to GitHub and back. Under every
// Cross-Origin-Opener-Policy, and whatever becomes of the window.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {hostSite, press, shoot, shown, startBrowser, untilState, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
let chromium;

before(async () => (chromium = await startBrowser()));
after(async () => chromium?.stop());

/** A static host whose pages say so much of COOP, with a proxy beside it. */
async function host(coop) {
  let demo;
  const site = await hostSite({
    headers: coop ? {'cross-origin-opener-policy': coop} : {},
    page: (html) => html.replace('<github-sign-in proxy=""', `<github-sign-in mode="popup" proxy="${demo.url}"`),
  });
  demo = await startDemo('--origin', `http://127.0.0.1:${site.port}`);
  const url = `http://127.0.0.1:${site.port}/`;
  return {demo, url, stop: () => Promise.all([demo.stop(), site.stop()])};
}

async function visit(url, prepare) {
  const visitor = await openVisitor(chromium.browser);
  await prepare?.(visitor.page);
  await visitor.page.goto(url);
  await visitor.page.evaluate(() => (window.untouched = true));
  await untilState(visitor.page, 'signed-out');
  return visitor;
}

/** Clicks the button; the window that opens, at GitHub's consent page. */
async function openPopup({page, context}) {
  const arrives = new Promise((resolve) => context.once('targetcreated', resolve));
  await press(page, 'button');
  const popup = await (await arrives).page();
  await popup.waitForSelector('#authorize');
  await untilState(page, 'busy');
  return popup;
}

const gone = (popup) => popup.isClosed() || new Promise((resolve) => popup.once('close', resolve));
const errorCode = (page) => page.$eval('github-sign-in', (element) => element.error?.code);

/** That cannot be waited for: the window closes under the click. */
const pressIn = (popup, selector) => popup.click(selector).catch(() => {});

for (const coop of ['', 'same-origin-allow-popups', 'same-origin']) {
  describe(`Where the page ${coop ? `has the opener policy ${coop}` : 'has no opener policy'}`, () => {
    let at;
    before(async () => (at = await host(coop)));
    after(async () => at?.stop());

    test('the window closes itself, and the page is signed in without having moved', async () => {
      const visitor = await visit(at.url);
      const popup = await openPopup(visitor);
      assert.match(await shown(visitor.page), /Go on in the window that has opened/);
      await shoot(visitor.page, 'popup-open');
      await pressIn(popup, '#authorize');
      await untilState(visitor.page, 'signed-in');
      await gone(popup);
      assert.ok(await visitor.page.evaluate(() => window.untouched));
      assert.deepEqual([...visitor.record.console, ...visitor.record.violations], []);
    });

    test('a person who refuses there is told so here: access_denied', async () => {
      const visitor = await visit(at.url);
      const popup = await openPopup(visitor);
      await pressIn(popup, '#cancel');
      await untilState(visitor.page, 'error');
      assert.equal(await errorCode(visitor.page), 'access_denied');
      await gone(popup);
    });

    test('a window closed by hand is no answer; Cancel ends the wait, and one may try again', async () => {
      const visitor = await visit(at.url);
      const popup = await openPopup(visitor);
      await popup.close();
      assert.equal(await visitor.page.$eval('github-sign-in', (element) => element.state), 'busy');
      await press(visitor.page, 'cancel');
      await untilState(visitor.page, 'signed-out');
      assert.equal(await visitor.page.$eval('github-sign-in', (element) => element.shadowRoot.activeElement?.part.value), 'button');
      const again = await openPopup(visitor);
      await pressIn(again, '#authorize');
      await untilState(visitor.page, 'signed-in');
    });
  });
}

describe('Whatever happens', () => {
  let at;
  before(async () => (at = await host('same-origin')));
  after(async () => at?.stop());

  test('Cancel closes the window where it can, and what comes back from it later is not taken', async () => {
    const visitor = await visit(at.url);
    const popup = await openPopup(visitor);
    await press(visitor.page, 'cancel');
    await untilState(visitor.page, 'signed-out');
    if (!popup.isClosed()) await pressIn(popup, '#authorize');
    await visitor.page.waitForNetworkIdle({idleTime: 200});
    assert.equal(await visitor.page.$eval('github-sign-in', (element) => element.state), 'signed-out');
    assert.equal(visitor.record.requests.filter(({method, url}) => method === 'POST' && url.endsWith('/v1/session')).length, 0);
  });

  test('a page that was left meanwhile takes nothing: the window says that it can be closed, with a clean address', async () => {
    const visitor = await visit(at.url);
    const popup = await openPopup(visitor);
    await visitor.page.goto('about:blank');
    await pressIn(popup, '#authorize');
    await popup.waitForFunction(() => /You can close this window/.test(document.querySelector('github-sign-in')?.shadowRoot?.textContent));
    assert.equal(popup.url(), at.url);
    await shoot(popup, 'popup-left-alone');
  });

  test('a blocked window is no end: the page itself goes to GitHub', async () => {
    const visitor = await visit(at.url, (page) => page.evaluateOnNewDocument(() => (window.open = () => null)));
    await Promise.all([visitor.page.waitForNavigation(), press(visitor.page, 'button')]);
    assert.match(new URL(visitor.page.url()).searchParams.get('state'), /^portero\./);
    await Promise.all([visitor.page.waitForNavigation(), visitor.page.click('#authorize')]);
    await untilState(visitor.page, 'signed-in');
  });

  test('on a touch screen the page itself goes to GitHub', async () => {
    const visitor = await visit(at.url, (page) => page.evaluateOnNewDocument(() => {
      const match = window.matchMedia;
      window.matchMedia = (query) => (query === '(pointer: coarse)' ? {matches: true} : match.call(window, query));
    }));
    await Promise.all([visitor.page.waitForNavigation(), press(visitor.page, 'button')]);
    assert.equal((await visitor.context.pages()).length, 1);
  });

  test('the callback of a popup, in a tab that nobody opened, sends nothing', async () => {
    const visitor = await openVisitor(chromium.browser);
    await visitor.page.goto(`${at.url}?code=abcdefabcdefabcdefab&state=portero-popup.${'A'.repeat(43)}`);
    await visitor.page.waitForFunction(() => /You can close/.test(document.querySelector('github-sign-in')?.shadowRoot?.textContent));
    assert.equal(visitor.page.url(), at.url);
    assert.ok(!visitor.record.requests.some(({method}) => method === 'POST'));
  });

  test('no other page of the origin hears the code, for the channel’s name is the attempt’s secret', async () => {
    const visitor = await visit(at.url);
    const other = await openVisitor(chromium.browser, visitor.context);
    await other.page.goto(at.url);
    await other.page.evaluate(() => {
      window.heard = [];
      for (const name of ['portero', 'portero-popup', 'portero-popup.']) {
        new BroadcastChannel(name).onmessage = ({data}) => window.heard.push(data);
      }
    });
    await visitor.page.bringToFront();
    const popup = await openPopup(visitor);
    await pressIn(popup, '#authorize');
    await untilState(visitor.page, 'signed-in');
    assert.ok(!JSON.stringify(await other.page.evaluate(() => window.heard)).includes('code='));
  });
});
