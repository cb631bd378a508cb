// A C++ program with no HTML of its own signs people in: a browser clicks on what the example paints.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {assertQuiet, clickButton, decide, example, filesOf, host, preparePlace, said, signIn, untilSaid} from './cpp_program.mjs';
import {startDemo} from '../deployment.mjs';
import {shoot, startBrowser, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
let site;
let demo;
let chromium;

before(async () => {
  site = preparePlace('client').build(example, 'canvas');
  demo = await startDemo('--site', site);
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
});

async function visit({url = demo.url, context, prepare = () => {}, wait = 'load'} = {}) {
  const visitor = await openVisitor(chromium.browser, context);
  await prepare(visitor.page);
  await visitor.page.goto(url, {waitUntil: wait});
  return visitor;
}

const axe = readFileSync('tests/node_modules/axe-core/axe.min.js', 'utf8');

async function assertAccessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map(({id, help}) => `${id}: ${help}`));
  assert.deepEqual(found, []);
}

test('A click on the canvas signs in, a reload keeps it, another click signs out', async () => {
  const {page, record} = await visit();
  await untilSaid(page, 'Press Enter to sign in');
  await shoot(page, 'cpp-signed-out');
  await assertAccessible(page);
  await signIn(page, demo);
  assert.equal(page.url(), demo.url);
  assert.match(await said(page), /^Welcome, ada/);
  await shoot(page, 'cpp-signed-in');
  await assertAccessible(page);
  await page.reload();
  await untilSaid(page, 'Welcome');
  await clickButton(page);
  await untilSaid(page, 'The door is closed');
  await page.reload();
  await untilSaid(page, 'The door is closed');
  assertQuiet(record);
});

test('The keyboard alone will do, and who does not agree at GitHub is told and can try again', async () => {
  const {page, record} = await visit();
  await untilSaid(page, 'Press Enter to sign in');
  await page.keyboard.press('Tab');
  await shoot(page, 'cpp-focused');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await decide(page, 'Cancel', demo);
  await untilSaid(page, 'Press Enter to try again');
  await shoot(page, 'cpp-refused');
  await page.keyboard.press('Tab');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await decide(page, 'Authorize', demo);
  await untilSaid(page, 'Welcome');
  assertQuiet(record);
});

test('In a window of its own the sign-in leaves the program running, and can be cancelled', async () => {
  const {page, context, record} = await visit();
  await untilSaid(page, 'Press Enter to sign in');
  await page.evaluate(() => (window.untouched = true));
  await page.keyboard.press('Tab');
  let earlier;
  const openWindow = async () => {
    const opens = context.waitForTarget((target) => target !== page.target() && target.type() === 'page' && target !== earlier);
    await page.keyboard.down('Shift');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Shift');
    earlier = await opens;
    const popup = await earlier.page();
    await popup.waitForSelector('#authorize');
    await untilSaid(page, 'Press Enter to cancel');
    return popup;
  };
  const first = await openWindow();
  await first.close();
  await page.bringToFront();
  await shoot(page, 'cpp-window');
  await page.keyboard.press('Enter');
  await untilSaid(page, 'The door is closed');
  const second = await openWindow();
  await second.click('#authorize').catch(() => {}); // it closes under the click
  await untilSaid(page, 'Welcome');
  assert.equal(await page.evaluate(() => window.untouched), true);
  assertQuiet(record);
});

test('A click beside the button does nothing', async () => {
  const {page, record} = await visit();
  await untilSaid(page, 'Press Enter to sign in');
  await page.mouse.click(200, 200);
  await untilSaid(page, 'Press Enter to sign in');
  assert.ok(record.requests.every(({url}) => url.startsWith(demo.url)));
});

test('The program learns of a sign-in and a sign-out in another tab', async () => {
  const first = await visit();
  await untilSaid(first.page, 'Press Enter to sign in');
  const second = await visit({context: first.context});
  await signIn(second.page, demo);
  await first.page.bringToFront();
  await untilSaid(first.page, 'Welcome');
  await clickButton(first.page);
  await untilSaid(first.page, 'The door is closed');
  await second.page.bringToFront();
  await untilSaid(second.page, 'The door is closed');
});

test('The program’s memory never holds the code or the verifier', async () => {
  const {page} = await visit();
  const bodies = [];
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/v1/session') && bodies.push(request.postData()));
  await signIn(page, demo);
  const {code, code_verifier} = JSON.parse(bodies[0]);
  const holds = (text) => page.evaluate((wanted) => new TextDecoder('latin1').decode(window.Module.HEAPU8).includes(wanted), text);
  assert.equal(await holds('Welcome, '), true, 'the memory can be read');
  assert.equal(await holds(code), false);
  assert.equal(await holds(code_verifier), false);
});

test('A key pressed before the page’s scripts are there counts when they are', async () => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const {page, record} = await visit({prepare: async (page) => {
    await page.setRequestInterception(true);
    page.on('request', async (request) => {
      if (request.url().endsWith('/web/index.js')) await released;
      request.continue();
    });
  }, wait: 'domcontentloaded'});
  await page.waitForFunction(() => window.Module?.calledRun);
  await page.focus('#canvas');
  await page.keyboard.press('Enter');
  const leaves = page.waitForNavigation();
  release();
  await leaves;
  assert.ok(page.url().startsWith(demo.githubUrl), page.url());
  assertQuiet(record);
});

test('A page that lacks a file of the package is told so in the program', async () => {
  const {page} = await visit({prepare: async (page) => {
    await page.setRequestInterception(true);
    page.on('request', (request) => (request.url().endsWith('/web/index.js') ? request.abort() : request.continue()));
  }});
  await untilSaid(page, 'Press Enter to try again');
});

test('In another site’s frame a click opens the page on its own', async () => {
  const inner = await host(filesOf(site));
  const inside = `http://localhost:${inner.port}/`;
  const outer = await host(() => '<!doctype html><title>other</title><link rel=icon href="data:,">' +
    `<iframe src="${inside}" width="1000" height="800" style="border:0;position:absolute;inset:0"></iframe>`);
  try {
    const {page, context} = await visit({url: `http://127.0.0.1:${outer.port}/`});
    await untilSaid(page.frames().find((frame) => frame.url() === inside), 'Press Enter to sign in');
    const opens = context.waitForTarget((target) => target.type() === 'page' && target.url() === inside);
    await clickButton(page);
    await opens;
  } finally {
    inner.stop();
    outer.stop();
  }
});
