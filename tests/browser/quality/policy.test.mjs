// The page runs under the strictest Content-Security-Policy it can: nothing but what it needs, and no violation in
// a whole visit, all of it the demo's own answers.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {until} from '../../programs.mjs';
import {openPage, press, untilState} from '../harness.mjs';
import {raise} from './visitor_page.mjs';

let ground;
before(async () => (ground = await raise()));
after(() => ground?.stop());

test('the header allows what the page needs and nothing else', async () => {
  const reply = await fetch(ground.demo.url);
  const policy = Object.fromEntries(reply.headers.get('content-security-policy').split('; ')
      .map((directive) => directive.split(' ')).map(([name, ...sources]) => [name, sources.join(' ')]));
  assert.deepEqual(policy, {
    'default-src': '\'none\'',
    'script-src': '\'self\' \'wasm-unsafe-eval\'',
    'style-src': '\'self\'',
    'connect-src': '\'self\'',
    'font-src': '\'self\'',
    'media-src': '\'self\'',
    'manifest-src': '\'self\'',
    'img-src': `'self' ${ground.demo.githubUrl}`,
    'base-uri': '\'none\'',
    'form-action': '\'none\'',
    'frame-ancestors': '\'none\'',
    'require-trusted-types-for': '\'script\'',
    'trusted-types': '\'none\'',
  });
});

/** A visit that writes down every violation and every word of the console. */
async function visit(use) {
  const {page, record, context} = await openPage(ground.chromium.browser);
  await page.goto(ground.demo.url);
  await untilState(page, 'signed-out');
  await use(page);
  await context.close();
  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.console, []);
}

test('signing in, the menu, signing out: no violation', async () => {
  await visit(async (page) => {
    await Promise.all([page.waitForNavigation(), press(page, 'button')]);
    await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
    await untilState(page, 'signed-in');
    await page.waitForSelector('github-sign-in >>> [part~=avatar] img', {visible: true});
    await press(page, 'sign-out'); // by way of the menu
    await untilState(page, 'signed-out');
  });
});

test('by a popup: no violation, in neither window', async () => {
  await visit(async (page) => {
    await page.$eval('github-sign-in', (element) => element.setAttribute('mode', 'popup'));
    const opened = new Promise((resolve) => page.once('popup', resolve));
    await press(page, 'button');
    const popup = await opened;
    const said = [];
    popup.on('console', (message) => said.push(message.text()));
    await popup.waitForSelector('#authorize');
    await popup.click('#authorize').catch(() => {}); // it may be gone before the click is answered
    await page.bringToFront();
    await untilState(page, 'signed-in');
    assert.deepEqual(said, []);
  });
});

test('a violation would be seen', async () => {
  const {page, record, context} = await openPage(ground.chromium.browser);
  await page.goto(ground.demo.url);
  await page.evaluate(() => {
    const link = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: 'https://elsewhere.invalid/a.css'});
    document.head.append(link);
  });
  await until(() => record.violations.length > 0, 'the violation is told');
  await context.close();
  assert.match(record.violations.join(), /style-src/);
});
