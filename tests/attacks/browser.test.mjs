// Attacks that need a browser: other pages, other tabs, other windows and a visitor who clicks.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, afterEach, before, describe, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {goToConsent, hostSite, signIn, startBrowser, untilState, useVisitors} from '../browser/harness.mjs';

const openVisitor = useVisitors();
let demo;
let chromium;
let evil;  // another site, with a page for each attack
let lured = [];

before(async () => {
  demo = await startDemo();
  chromium = await startBrowser('--host-resolver-rules=MAP evil.test 127.0.0.1');
  const server = createServer((request, response) => {
    lured.push({url: request.url, referer: request.headers.referer ?? ''});
    response.writeHead(200, {'content-type': 'text/html', 'access-control-allow-origin': '*'});
    response.end('<!doctype html><meta charset=utf-8><link rel=icon href="data:,"><title>a lure</title><body>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  evil = {url: `http://evil.test:${server.address().port}/`, local: `http://127.0.0.1:${server.address().port}/`, server};
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
  evil?.server.close();
  evil?.server.closeAllConnections?.();
});
afterEach(() => {
  lured = [];
});

const visit = (url = demo.url, context = undefined) => openVisitor(chromium.browser, context, url);

const errorCode = (page) => page.$eval('github-sign-in', (element) => element.error?.code);
const posts = ({requests}) => requests.filter(({method, url}) => method === 'POST' && url.includes('/v1/session')).length;
const state = (letter) => `portero.${letter.repeat(43)}`;
const tokenCalls = async () => (await demo.github('state')).hits.token ?? 0;

describe('login CSRF: a callback that nobody here asked for',
    () => {
  test('a fresh browser that is sent to a callback sends nothing to the proxy, and the address is clean', async () => {
    const {page, record} = await visit(`${demo.url}?code=abcdefabcdefabcdefab&state=${state('A')}`);
    await untilState(page, 'error');
    assert.deepEqual([await errorCode(page), page.url(), posts(record)], ['state_unknown', demo.url, 0]);
  });

  test('the callback of one tab, delivered to another tab of the same browser, is refused', async () => {
    const first = await visit();
    await goToConsent(first.page);
    const second = await visit(demo.url, first.context);
    await second.page.bringToFront();
    await untilState(second.page, 'signed-out');
    const begun = first.record.requests.map(({url}) => new URL(url).searchParams.get('state')).find((one) => one?.startsWith('portero.'));
    await second.page.goto(`${demo.url}?code=abcdefabcdefabcdefab&state=${begun}`);
    await untilState(second.page, 'error');
    assert.deepEqual([await errorCode(second.page), posts(second.record)], ['state_unknown', 0]);
  });

  test('login CSRF, double submit: a used callback that comes again makes no second exchange', async () => {
    const calls = await tokenCalls();
    const {page, record} = await visit();
    await signIn(page);
    const callback = record.requests.find(({url}) => url.startsWith(demo.url) && url.includes('code=')).url;
    await page.goto(callback);
    await untilState(page, 'signed-in');  // as before: who is signed in is not troubled by it
    assert.deepEqual([page.url(), posts(record)], [demo.url, 1]);
    assert.equal((await demo.github('state')).hits.token, calls + 1);
  });
});

test('code left behind: the code is in no request but the exchange, and in no Referer, later address, history or storage', async () => {
  const site = await hostSite({
    page: (html) => html.replace('</head>', `<img src="${evil.local}img"><script src="${evil.local}js"></script></head>`)
        .replace('<github-sign-in proxy=""', `<github-sign-in proxy="${beside.url}"`)
  });
  const beside = await startDemo('--origin', `http://127.0.0.1:${site.port}`);
  try {
    const at = `http://127.0.0.1:${site.port}/`;
    const {page, record} = await visit(at);
    await signIn(page);
    for (const query of [
      `code=abcdefabcdefabcdefab&state=${state('B')}`, `error=access_denied&state=${state('C')}`,
      `code=abcdefabcdefabcdefab&state=${state('D')}&iss=x`
    ]) {
      await page.goto(`${at}?${query}`);
      await untilState(page, 'signed-in');
      assert.equal(page.url(), at);
    }
    await page.evaluate((url) => { location.href = url; }, `${evil.local}next`);
    await page.waitForFunction((url) => location.href === url, {}, `${evil.local}next`);
    assert.doesNotMatch(await page.evaluate(() => document.referrer + JSON.stringify(history.state)), /code|state=/);
    assert.ok(lured.length >= 5, 'the other origin was asked');
    for (const {url, referer} of lured) assert.ok(!/code|state=/.test(url + referer), `${url} ${referer}`);
    const github = new URL(record.requests.find(({url}) => url.includes('/login/oauth/authorize?')).url).origin;
    // What GitHub's page fetches from GitHub has that page's own address in its Referer.
    const later = record.requests.filter(({document, url}) => !document && !url.startsWith(github));
    assert.ok(later.length > 0);
    for (const {url, headers} of later) assert.doesNotMatch(url + (headers.referer ?? ''), /[?&](code|state)=/);
  } finally {
    await beside.stop();
    await site.stop();
  }
});

test('CSRF: a page of another site can neither read nor end the session, by any way a browser has', async () => {
  const {page, context} = await visit();
  await signIn(page);
  const calls = await tokenCalls();
  const attacker = await visit(evil.url, context);
  const session = new URL('/v1/session', demo.url).href;
  const outcomes = await attacker.page.evaluate(async (url) => {
    const tried = async (init) =>
        fetch(url, {credentials: 'include', ...init}).then((answer) => (answer.type === 'opaque' ? 'opaque' : 'read'), () => 'refused');
    const image = new Image();
    image.src = url;
    navigator.sendBeacon(url, '{"v":1}');
    const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), {name: 'target'}));
    const form = document.body.appendChild(
        Object.assign(document.createElement('form'), {method: 'post', action: url, target: 'target', enctype: 'text/plain'}));
    form.submit();
    await new Promise((resolve) => (frame.onload = resolve));
    return Promise.all([
      tried({}), tried({mode: 'no-cors'}), tried({mode: 'no-cors', method: 'POST', body: '{}'}), tried({headers: {'X-Portero': '1'}}),
      tried({method: 'DELETE'}), tried({method: 'DELETE', headers: {'X-Portero': '1'}}),
      tried({method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})
    ]);
  }, session);
  assert.ok(!outcomes.includes('read'), outcomes.join());
  assert.equal(await tokenCalls(), calls);
  await page.bringToFront();
  await page.reload();
  await untilState(page, 'signed-in');
});

test('hostile opener: a hostile opener may send what it likes: the page listens to no message and posts none',
    async () => {
  const attacker = await visit(evil.url);
  const target = new Promise((resolve) => attacker.context.once('targetcreated', resolve));
  await attacker.page.evaluate((url) => {
    window.heard = [];
    addEventListener('message', (event) => window.heard.push(String(event.data)));
    window.victim = open(url);
  }, demo.url);
  const page = await (await target).page();
  await untilState(page, 'signed-out');
  await attacker.page.evaluate(() => {
    const shapes = [
      'authorizing:github', 'authorization:github:success:{"token":"x"}', {type: 'portero', state: 'signed-in'},
      {code: 'a'.repeat(20), state: `portero.${'A'.repeat(43)}`}, null, 1, [], {user: {id: 1}}
    ];
    for (let i = 0; i < 100; i += 1) window.victim?.postMessage(shapes[i % shapes.length], '*');
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  assert.equal(await page.$eval('github-sign-in', (element) => element.getAttribute('state')), 'signed-out');
  assert.deepEqual(await attacker.page.evaluate(() => window.heard), []);
});

test('script injection: a name that is markup is shown as text, and no script of the page can read the session', async () => {
  const {page, record} = await visit();
  await goToConsent(page);
  await page.click('input[value="77000042"]');
  await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
  await untilState(page, 'signed-in');
  const seen = await page.$eval('github-sign-in', (element) => ({
    text: element.shadowRoot.textContent,
    markup: element.shadowRoot.querySelectorAll('[onerror]').length,
    kept: document.cookie + JSON.stringify({...localStorage, ...sessionStorage}),
  }));
  assert.ok(seen.text.includes('<img src=x onerror=alert(1)>'));
  assert.equal(seen.markup, 0);
  assert.equal(seen.kept, '{}');
  assert.deepEqual(record.violations, []);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.textContent = 'window.ran = true';
      document.body.append(script);
    } catch { /* Trusted Types */ }
    return window.ran ?? false;
  });
  assert.equal(ran, false, 'an inline script ran');
});

test('click-jacking: the page does not show in a frame of another site', async () => {
  const {page} = await visit(evil.url);
  await page.evaluate((url) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.onload = resolve;
    frame.src = url;
    document.body.append(frame);
  }), demo.url);
  const frames = page.frames().filter((frame) => frame !== page.mainFrame());
  assert.equal(frames.length, 1);
  assert.ok(!frames[0].url().startsWith(demo.url), frames[0].url());
});

test('rogue service worker: no service worker is registered, signed out or signed in', async () => {
  const {page} = await visit();
  await signIn(page);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test('link previews: link previews and crawlers that fetch a callback spend nothing', async () => {
  const calls = await tokenCalls();
  for (const agent of [
    'Slackbot-LinkExpanding 1.0', 'facebookexternalhit/1.1', 'Twitterbot/1.0', 'WhatsApp/2.0', 'TelegramBot', 'Discordbot/2.0',
    'Googlebot/2.1', 'SkypeUriPreview', 'bingbot/2.0', 'Applebot/0.1'
  ]) {
    const answer = await fetch(
        `${demo.url}?code=abcdefabcdefabcdefab&state=${state('E')}`,
        {headers: {'User-Agent': agent, 'Purpose': 'prefetch', 'Sec-Purpose': 'prefetch'}});
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  }
  assert.equal(await tokenCalls(), calls);
});
