// A C++ program with no HTML of its own signs people in: the package is installed, the example in docs/ is built
// against it as anybody would, and a browser clicks on what it paints.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {join, resolve} from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {openPage, shoot, startBrowser, startDemo} from './harness.mjs';

const place = resolve('build/cpp-client');
const site = join(place, 'canvas/page');
const cmakeFiles = join(place, 'package/lib/cmake/portero');
const toolchain = '/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake';

function run(command, ...args) {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', env: {...process.env, NODE_PATH: '/usr/share/nodejs'}});
  return {status, said: stdout + stderr};
}

function succeed(command, ...args) {
  const {status, said} = run(command, ...args);
  assert.equal(status, 0, `${command} ${args.join(' ')}:\n${said}`);
  return said;
}

function buildCanvas(folder, ...more) {
  const build = join(place, folder);
  succeed('cmake', '-G', 'Ninja', '-S', 'docs/examples/canvas', '-B', build,
      `-DCMAKE_TOOLCHAIN_FILE=${toolchain}`, `-Dportero_DIR=${cmakeFiles}`, ...more);
  succeed('cmake', '--build', build);
}

const types = {html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', svg: 'image/svg+xml'};

/** A static host: what `find` gives for a path, as its type says. */
async function host(find, headers = {}) {
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://host').pathname.slice(1) || 'index.html';
    const body = find(name);
    response.writeHead(body ? 200 : 404, {'content-type': types[name.split('.').pop()] ?? 'text/plain', ...headers}).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return {port: server.address().port, stop: () => (server.closeAllConnections(), server.close())};
}

const filesOf = (folder) => (name) => existsSync(join(folder, name)) && readFileSync(join(folder, name));

let demo;
let chromium;
let opened = [];

before(async () => {
  rmSync(place, {recursive: true, force: true});
  succeed('cmake', '--install', 'build/wasm', '--component', 'client', '--prefix', join(place, 'package'));
  buildCanvas('canvas');
  demo = await startDemo('--site', site);
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
});
afterEach(async () => {
  for (const {page, context} of opened) {
    await page.close().catch(() => {});
    await context.close().catch(() => {});
  }
  opened = [];
});

async function visit({url = demo.url, context, prepare = () => {}} = {}) {
  const visitor = await openPage(chromium.browser, context);
  opened.push(visitor);
  await prepare(visitor.page);
  await visitor.page.goto(url);
  return visitor;
}

/** What the program says of its picture. */
const said = (page) => page.$eval('#canvas', (canvas) => canvas.getAttribute('aria-label'));

async function untilSaid(page, words) {
  await page.waitForFunction((wanted) => document.querySelector('#canvas')?.getAttribute('aria-label')?.includes(wanted), {timeout: 20000}, words)
      .catch(async () => assert.fail(`"${words}" was never said, but "${await said(page)}"`));
}

const axe = readFileSync('tests/node_modules/axe-core/axe.min.js', 'utf8');

async function assertAccessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map(({id, help}) => `${id}: ${help}`));
  assert.deepEqual(found, []);
}

/** Clicks where the picture shows the button, on 1000 x 800 pixels. */
const clickButton = (page) => page.mouse.click(500, 657);

async function decide(page, text, {githubUrl} = demo) {
  await page.waitForFunction((origin) => location.origin === origin, {}, new URL(githubUrl).origin);
  for (const button of await page.$$('button')) {
    if ((await button.evaluate((element) => element.textContent.trim())).startsWith(text)) {
      await Promise.all([page.waitForNavigation(), button.click()]);
      return;
    }
  }
  assert.fail(`the consent page has no button ${text}`);
}

async function signIn(page, at = demo) {
  await untilSaid(page, 'Press Enter to sign in');
  await Promise.all([page.waitForNavigation(), clickButton(page)]);
  await decide(page, 'Authorize', at);
  await untilSaid(page, 'Welcome');
}

function assertQuiet({violations, console}) {
  assert.deepEqual(violations, []);
  assert.deepEqual(console, []);
}

test('A click on the canvas signs in, a reload keeps it, another click signs out', async () => {
  const {page, record} = await visit();
  await untilSaid(page, 'Press Enter to sign in');
  await shoot(page, 'cpp-signed-out');
  await assertAccessible(page);
  await signIn(page);
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
  await decide(page, 'Cancel');
  await untilSaid(page, 'Press Enter to try again');
  await shoot(page, 'cpp-refused');
  await page.keyboard.press('Tab');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await decide(page, 'Authorize');
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
  await signIn(second.page);
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
  await signIn(page);
  const {code, code_verifier} = JSON.parse(bodies[0]);
  const holds = (text) => page.evaluate((wanted) => new TextDecoder('latin1').decode(window.Module.HEAPU8).includes(wanted), text);
  assert.equal(await holds('Welcome, '), true, 'the memory can be read');
  assert.equal(await holds(code), false);
  assert.equal(await holds(code_verifier), false);
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

test('On another site than its proxy, with threads and growing memory, the program signs in as well', async () => {
  const isolated = {'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp'};
  const files = await host((name) => filesOf(join(place, 'far/page'))(name), isolated);
  const url = `http://localhost:${files.port}/`; // another site than 127.0.0.1
  const proxy = await startDemo('--site', site, '--origin', url.slice(0, -1));
  try {
    buildCanvas('far', `-DPROXY=${proxy.url.slice(0, -1)}`, '-DCMAKE_CXX_FLAGS=-pthread', '-DCMAKE_EXE_LINKER_FLAGS=-sALLOW_MEMORY_GROWTH');
    const {page, record} = await visit({url});
    assert.equal(await page.evaluate(() => window.Module.HEAPU8.buffer instanceof SharedArrayBuffer), true);
    await signIn(page, proxy);
    assert.equal(page.url(), url);
    await page.reload();
    await untilSaid(page, 'Welcome');
    assertQuiet(record);
  } finally {
    files.stop();
    await proxy.stop();
  }
});

test('The page of the package is valid HTML', () => {
  succeed('java', '-jar', 'tests/node_modules/vnu-jar/build/dist/vnu.jar', join(site, 'index.html'));
});

test('The package is found by version, and not by a native compiler', () => {
  const find = (version, ...more) => run('cmake', '-S', 'tests/browser/find_portero', '-B', join(place, 'find'), '--fresh',
      '-G', 'Ninja', `-Dportero_DIR=${cmakeFiles}`, `-DVERSION=${version}`, ...more).said;
  assert.match(find('0.1', '-DEMSCRIPTEN=1'), /^found: 0\.1\.0/m);
  assert.match(find('0.2', '-DEMSCRIPTEN=1'), /^not found/m);
  assert.match(find('0.1'), /^not found: .*Emscripten/m);
});

test('Nothing of this tree is needed once the package is installed', () => {
  const texts = readdirSync(join(place, 'package'), {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile() && /\.(cmake|h|js|in|css)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.path, entry.name), 'utf8'));
  assert.ok(texts.length > 10);
  for (const text of texts) assert.ok(!text.includes(resolve('.')));
});
