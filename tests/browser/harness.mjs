// A Chromium that writes down everything: what the console said, which rules were violated, every request and every
// answer. And what a visitor does in it. What it visits is the demo, or a deployment (tests/deployment.mjs).
import {existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {extname, join} from 'node:path';
import {afterEach} from 'node:test';
import puppeteer from 'puppeteer-core';

export const shots = 'build/screenshots';
mkdirSync(shots, {recursive: true});

/** What Chromium needs as root, without a graphics card, without a network. */
export const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

export async function startBrowser(...more) {
  const profile = mkdtempSync(join(tmpdir(), 'portero-chromium-'));
  const browser = await puppeteer.launch({
    executablePath: process.env.PORTERO_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    userDataDir: profile,
    args: [...chromiumFlags, ...more],
  });
  return {
    browser,
    async stop() {
      await browser.close();
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

/** A fresh browser profile's page that keeps a record of all it saw. */
export async function openPage(browser, context) {
  const inside = context ?? await browser.createBrowserContext();
  const page = await inside.newPage();
  const record = {console: [], violations: [], requests: [], responses: []};
  await page.exposeFunction('reportViolation', (text) => record.violations.push(text));
  await page.evaluateOnNewDocument(() => {
    // A machine without a network must not look offline to the page, which only speaks to loopback.
    let online = true;
    Object.defineProperty(Navigator.prototype, 'onLine', {get: () => online});
    addEventListener('online', () => (online = true), true);
    addEventListener('offline', () => (online = false), true);
    document.addEventListener('securitypolicyviolation',
        (event) => window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`));
  });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) record.console.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => record.console.push(`pageerror: ${error}`));
  page.on('request', (request) => record.requests.push({
    url: request.url(), method: request.method(), headers: request.headers(), document: request.isNavigationRequest()}));
  page.on('response', async (response) => {
    const entry = {url: response.url(), status: response.status(), headers: response.headers(), body: ''};
    record.responses.push(entry);
    entry.body = await response.text().catch(() => '');
  });
  await page.setViewport({width: 1000, height: 800});
  return {page, record, context: inside};
}

/** For a file of tests: openPage(), and on to `url` if one is given; pages and profiles are closed after the test. */
export function useVisitors() {
  let opened = [];
  afterEach(async () => {
    for (const {page, context} of opened) {
      await page.close().catch(() => {});
      await context.close().catch(() => {}); // two pages may share one
    }
    opened = [];
  });
  return async (browser, context, url) => {
    const visitor = await openPage(browser, context);
    opened.push(visitor);
    if (url) await visitor.page.goto(url);
    return visitor;
  };
}

/** Takes the page's network away, or gives it back, and tells the page as a browser does. */
export async function setOnline(page, online) {
  await page.setOfflineMode(!online);
  await page.evaluate((type) => dispatchEvent(new Event(type)), online ? 'online' : 'offline');
}

/** Waits until the element's `state` attribute is `state`. */
export async function untilState(page, state, timeout = 20000) {
  await page.waitForFunction((wanted) => document.querySelector('github-sign-in')?.getAttribute('state') === wanted,
      {timeout}, state);
}

/** Clicks the element's button of that part, as a person would: with the mouse, what is in the menu by way of the menu. */
export async function press(page, part) {
  if (['sign-out', 'other-account', 'profile', 'manage'].includes(part)) await press(page, 'user');
  const handle = await page.waitForSelector(`github-sign-in >>> [part~="${part}"]`, {visible: true});
  await handle.click();
}

/** From a signed-out page to GitHub's consent page. */
export async function goToConsent(page) {
  await untilState(page, 'signed-out');
  await Promise.all([page.waitForNavigation(), press(page, 'button')]);
}

/** From a signed-out page to GitHub, and signed in by Authorize. */
export async function signIn(page) {
  await goToConsent(page);
  await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
  await untilState(page, 'signed-in');
}

/** What the element shows, as text. */
export async function shown(page) {
  return page.$eval('github-sign-in', (element) => {
    const visible = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) visible.push(node.textContent);
      else if (node instanceof HTMLStyleElement || node.hidden) return;
      else for (const child of (node.shadowRoot ?? node).childNodes) walk(child);
    };
    walk(element);
    return visible.join(' ').replace(/\s+/g, ' ').trim();
  });
}

export async function shoot(page, name) {
  await page.screenshot({path: join(shots, `${name}.png`)});
}

const types = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm'};

/** The site on a static host of its own: `page` changes the HTML, `headers` go with every file, each when `before(name)` is done. */
export async function hostSite({page = (html) => html, headers = {}, before = () => {}} = {}) {
  const server = createServer(async (request, response) => {
    const {pathname} = new URL(request.url, 'http://host');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const path = join('build/site', name);
    if (!/^[\w./-]+$/.test(name) || name.includes('..') || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    await before(name);
    response.writeHead(200, {'content-type': types[extname(name)] ?? 'text/plain', ...headers});
    response.end(name === 'index.html' ? page(readFileSync(path, 'utf8')) : readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  });
  return {port: server.address().port, stop};
}
