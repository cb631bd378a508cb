// gate.html and denied.html, in every state that a visitor meets them in: axe-core finds nothing, and nothing sticks out or is cut,
// in either language and scheme, on a desktop, a phone and enlarged four times.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../../deployment.mjs';
import {startFront} from '../front.mjs';
import {openPage, press, shoot, startBrowser, untilState} from '../harness.mjs';
import {findings} from './axe.mjs';
import {sticksOut} from './paint.mjs';
import {languages, schemes, sizes} from './visitor_page.mjs';

const deployment = new Deployment();
let front;
let chromium;
let signedIn;

before(async () => {
  front = await startFront();
  const origin = `http://127.0.0.1:${front.port}`;
  const github = await deployment.github('--redirect-uri', `${origin}/gate.html`);
  front.internal = deployment.path('internal.sock');
  const {port} = await deployment.serve(deployment.settings(github, {origins: {[origin]: {redirect_uri: `${origin}/gate.html`}},
    internal_listen: `unix:${front.internal}`, policies: {members: {origin, allow: 'signed-in'}}}));
  front.proxy = port;
  chromium = await startBrowser();
  signedIn = await openPage(chromium.browser);
  await signIn(signedIn.page, 'en');
  await signedIn.page.waitForFunction(() => document.title === 'For members');
});
after(async () => {
  await chromium?.stop();
  await front?.stop();
  await deployment.close();
});

const at = (lang) => `http://127.0.0.1:${front.port}/docs/?lang=${lang}`;
const offered = (page) => page.waitForFunction(() => document.querySelector('github-sign-in')?.shadowRoot?.querySelector('[part~=again]'));

async function signIn(page, lang) {
  await page.goto(at(lang));
  await untilState(page, 'signed-out');
  await Promise.all([page.waitForNavigation(), press(page, 'button')]);
  await page.waitForSelector('#authorize');
  await page.click('#authorize');
}

/** name -> [what the web server says, brings a page there]. */
const states = {
  'signed out': [401, async (lang) => {
    const visitor = await openPage(chromium.browser);
    await visitor.page.goto(at(lang));
    await untilState(visitor.page, 'signed-out');
    return visitor;
  }],
  'sign in again': [401, async (lang) => {
    const visitor = await openPage(chromium.browser, signedIn.context);
    await visitor.page.goto(at(lang));
    await offered(visitor.page);
    return visitor;
  }],
  'gate disagrees': [401, async (lang) => {
    const visitor = await openPage(chromium.browser);
    await signIn(visitor.page, lang);
    await untilState(visitor.page, 'error');
    return visitor;
  }],
  'not allowed': [403, async (lang) => {
    const visitor = await openPage(chromium.browser, signedIn.context);
    await visitor.page.goto(at(lang));
    await offered(visitor.page);
    return visitor;
  }],
};

for (const [state, [status, enter]] of Object.entries(states)) {
  describe(state, () => {
    for (const lang of languages) {
      test(`nothing is wrong with it (${lang})`, async () => {
        front.check = async () => status;
        const {page} = await enter(lang);
        assert.equal(await page.$eval('html', ({lang: chosen}) => chosen), lang);
        const found = [];
        for (const [size, viewport] of Object.entries(sizes)) {
          for (const scheme of schemes) {
            await page.setViewport(viewport);
            await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
            await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
            found.push(...(await findings(page)).map((line) => `${size}, ${scheme}: ${line}`));
            found.push(...(await page.evaluate(sticksOut)).map((line) => `${size}, ${scheme}: sticks out: ${line}`));
            if (size !== '400 %') await shoot(page, `gate-${state}-${lang}-${size}-${scheme}`.replaceAll(' ', '-'));
          }
        }
        await page.close();
        assert.deepEqual(found, []);
      });
    }
  });
}

test('the button of who is not let in has its name, and hands the focus on to the one that signs in', async () => {
  front.check = async () => 401;
  const {page} = await states['sign in again'][1]('en');
  const again = await page.waitForSelector('github-sign-in >>> [part~=again]', {visible: true});
  await again.focus();
  const heard = await page.accessibility.snapshot();
  assert.ok(heard.children.some(({role, name, focused}) => role === 'button' && name === 'Sign in again' && focused));
  await page.$eval('github-sign-in', (element) => element.signOut());
  await page.waitForFunction(() => document.querySelector('github-sign-in').shadowRoot.activeElement?.part.value === 'button');
  await page.close();
});
