// Tabs that sleep, a proxy that never answers, an answer that comes too late, a storage that lies: in a real browser, what
// tests/web does with fakes (waits, sign_out, storage).
import assert from 'node:assert/strict';
import {createServer, request as ask} from 'node:http';
import {createServer as listen} from 'node:net';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {hostSite, press, signIn, startBrowser, untilState, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
const deployment = new Deployment();
let chromium;
let site;
let front;

/** What stands before two proxies: `other(request)` goes to the second; the next that `holds(request)` is answered late. */
async function startFront() {
  const made = {ports: [], other: () => false, holds: undefined};
  const server = createServer((request, response) => {
    const port = made.ports[made.other(request) ? 1 : 0];
    const further = ask({port, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers}, async (answer) => {
      if (made.holds?.(request)) {
        made.holds = undefined;
        made.reached();
        await made.go;
      }
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    further.on('error', () => response.destroy());
    request.pipe(further);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${server.address().port}`;
  /** Holds the answer of the next that matches; `held` settles when it is there, release() lets it go. */
  made.hold = (matches) => {
    made.holds = matches;
    made.held = new Promise((resolve) => (made.reached = resolve));
    made.go = new Promise((resolve) => (made.release = resolve));
  };
  made.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  });
  return made;
}

before(async () => {
  front = await startFront();
  site = await hostSite({page: (html) => html.replace('<github-sign-in proxy=""', `<github-sign-in proxy="${front.url}"`)});
  const pages = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${site.port}`);
  const github = await deployment.github(...pages.flatMap((page) => ['--redirect-uri', `${page}/`]));
  const settings = deployment.settings(github, {
    public_url: front.url, origins: Object.fromEntries(pages.map((page) => [page, {redirect_uri: `${page}/`}]))});
  front.ports = [(await deployment.serve(settings)).port, (await deployment.serve(settings)).port];
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await site?.stop();
  await front?.stop();
  await deployment.close();
});

/** The page of the proxy's site has a cookie, the other one a key. */
const pages = {cookie: '127.0.0.1', key: 'localhost'};
const visit = (carry, context) => openVisitor(chromium.browser, context, `http://${pages[carry]}:${site.port}/`);

/** A tab in which `prepare` runs before the page does. */
async function prepared(url, prepare, context) {
  const visitor = await openVisitor(chromium.browser, context);
  await visitor.page.evaluateOnNewDocument(prepare);
  await visitor.page.goto(url);
  return visitor;
}

test('a tab that shows an alert while its call is under way keeps no other waiting, and wakes up signed in', async () => {
  const sleeper = await openVisitor(chromium.browser);
  let dialog;
  const shows = new Promise((resolve) => sleeper.page.once('dialog', (shown) => resolve(dialog = shown)));
  front.hold(({method, url}) => method === 'GET' && url === '/v1/session');
  await sleeper.page.goto(`http://127.0.0.1:${site.port}/`);
  await front.held;
  await sleeper.page.evaluate(() => void setTimeout(() => alert('asleep')));
  await shows;
  const {page} = await visit('cookie', sleeper.context);
  await signIn(page);
  front.release();
  await dialog.accept();
  await sleeper.page.bringToFront();
  await untilState(sleeper.page, 'signed-in');
});

for (const carry of ['cookie', 'key']) {
  describe(`By ${carry}`, () => {
    test('a sign-out counts, though the answer to an older sign-in comes after it, from another proxy', async () => {
      const here = await visit(carry);
      await signIn(here.page);
      const there = await visit(carry, here.context);
      await untilState(there.page, 'signed-in');
      await Promise.all([there.page.waitForNavigation(), press(there.page, 'other-account')]);
      front.other = ({method}) => method === 'POST';
      front.hold(({method}) => method === 'POST');
      await Promise.all([there.page.waitForNavigation(), there.page.click('#authorize')]);
      await front.held;
      await here.page.bringToFront();
      await press(here.page, 'sign-out');
      await untilState(here.page, 'signed-out');
      front.release();
      await there.page.bringToFront();
      await untilState(there.page, 'signed-out');
      for (const other of [true, false]) {
        front.other = () => other;
        const {page} = await visit(carry, here.context);
        await untilState(page, 'signed-out');
      }
      await here.page.bringToFront();
      await signIn(here.page);
      await there.page.bringToFront();
      await untilState(there.page, 'signed-in');
    });
  });
}

test('a proxy that accepts and never answers is told to each of four tabs, and asked for its config once by each', async () => {
  const asked = [];
  const silent = listen((socket) => socket.on('error', () => {}).on('data', (bytes) => asked.push(`${bytes}`.split(' ')[1])));
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const lonely = await hostSite({page: (html) =>
    html.replace('<github-sign-in proxy=""', `<github-sign-in proxy="http://127.0.0.1:${silent.address().port}"`)});
  try {
    // A second of the page takes a tenth of one: on a slow machine, less would not let it find out what is wrong.
    const faster = () => {
      const later = setTimeout;
      window.setTimeout = (work, time, ...more) => later(work, time / 10, ...more);
      const now = performance.now.bind(performance);
      performance.now = () => now() * 10;
    };
    const url = `http://127.0.0.1:${lonely.port}/`;
    const first = await prepared(url, faster);
    const others = await Promise.all([1, 2, 3].map(() => prepared(url, faster, first.context)));
    for (const {page} of [first, ...others]) {
      await until(async () => await page.$eval('github-sign-in', ({error}) => error?.code) === 'proxy_timeout', 'the sentence');
    }
    assert.ok(asked.filter((path) => path === '/v1/config').length <= 4, asked.join());
  } finally {
    await lonely.stop();
    silent.close();
  }
});

describe('A storage that lies', () => {
  const home = () => `http://localhost:${site.port}/`;

  test('and refuses the key: who was led back from GitHub stays where the session is', async () => {
    const {page, record} = await prepared(home(), () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('no keys here', 'DataCloneError');
      };
    });
    await page.$eval('github-sign-in', (element) => element.setAttribute('return-to', '/?elsewhere'));
    await signIn(page);
    await page.evaluate(() => document.querySelector('github-sign-in').client.refresh());
    await untilState(page, 'signed-in');
    assert.equal(page.url(), home());
    assert.deepEqual(record.console, []);
    await press(page, 'sign-out');
    await untilState(page, 'signed-out');
  });

  test('and never opens: one can sign in all the same', async () => {
    const {page} = await prepared(home(), () => {
      indexedDB.open = () => ({});
    });
    await signIn(page);
    assert.equal(page.url(), home());
  });

  test('and gives back another thing than the key: signed out, and forgotten', async () => {
    const {page, context} = await visit('key');
    await signIn(page);
    const kept = (change) => page.evaluate((changes) => new Promise((resolve, reject) => {
      const opening = indexedDB.open('portero', 1);
      opening.onerror = reject;
      opening.onsuccess = () => {
        const store = opening.result.transaction('sessions', 'readwrite').objectStore('sessions');
        store.getAllKeys().onsuccess = ({target}) => {
          const key = target.result.find((one) => one.startsWith('http'));
          if (changes && key) store.put({key: {}, jwk: {}, session: 'sealed'}, key);
          resolve(key);
        };
      };
    }), change);
    assert.equal(await kept(true), front.url);
    const other = await visit('key', context);
    await untilState(other.page, 'signed-out');
    assert.equal(await kept(false), undefined);
    await signIn(other.page);
    assert.equal(await kept(false), front.url);
  });
});
