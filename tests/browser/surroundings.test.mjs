// Where the page cannot sign anyone in, whatever GitHub says: each is a sentence with its own code, and no console error.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {hostSite, openPage, press, setOnline, shoot, startBrowser, untilState} from './harness.mjs';

let demo;
let chromium;

before(async () => {
  demo = await startDemo();
  chromium = await startBrowser('--host-resolver-rules=MAP page.test 127.0.0.1');
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
});

async function withPage(url, use) {
  const visitor = await openPage(chromium.browser);
  try {
    await visitor.page.goto(url);
    await use(visitor.page, visitor.record);
  } finally {
    await visitor.context.close();
  }
}

const errorCode = (page, index = 0) =>
  page.evaluate((at) => document.querySelectorAll('github-sign-in')[at].error?.code, index);

async function expectError(page, code) {
  await untilState(page, 'error');
  assert.equal(await errorCode(page), code);
  await shoot(page, `error-${code.replaceAll('_', '-')}`);
}

test('a page on plain http beyond loopback is told so: insecure_page', async () => {
  await withPage(demo.url.replace('127.0.0.1', 'page.test'), async (page, record) => {
    await expectError(page, 'insecure_page');
    assert.deepEqual(record.console, []);
  });
});

test('a browser that keeps nothing for the page is told so: storage_blocked', async () => {
  const site = await hostSite({headers: {'content-security-policy': 'sandbox allow-scripts', 'access-control-allow-origin': '*'}});
  try {
    await withPage(`http://127.0.0.1:${site.port}/`, (page) => expectError(page, 'storage_blocked'));
  } finally {
    await site.stop();
  }
});

test('a browser without a network is told so, and the page notices its return: offline', async () => {
  await withPage(demo.url, async (page) => {
    await untilState(page, 'signed-out');
    await setOnline(page, false);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})));
    await expectError(page, 'offline');
    await setOnline(page, true);
    await untilState(page, 'signed-out');
  });
});

test('a page of another site than the proxy is told so where that is turned off, without a console error: cross_site_off', async () => {
  const site = await hostSite({page: (html) => html.replace('<github-sign-in proxy=""', `<github-sign-in proxy="${pairedDemo.url}"`)});
  let pairedDemo;
  try {
    pairedDemo = await startDemo('--origin', `http://localhost:${site.port}`, '--public-url', '');
    await withPage(`http://localhost:${site.port}/`, async (page, record) => {
      await expectError(page, 'cross_site_off');
      assert.deepEqual(record.console, []);
    });
  } finally {
    await pairedDemo?.stop();
    await site.stop();
  }
});

test('a page of the same site but another origin than the proxy signs in: the static host with a proxy beside it', async () => {
  let beside;
  const site = await hostSite({page: (html) => html.replace('<github-sign-in proxy=""', `<github-sign-in proxy="${beside.url}"`)});
  try {
    beside = await startDemo('--origin', `http://127.0.0.1:${site.port}`);
    await withPage(`http://127.0.0.1:${site.port}/`, async (page, record) => {
      await untilState(page, 'signed-out');
      await Promise.all([page.waitForNavigation(), press(page, 'button')]);
      await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
      await untilState(page, 'signed-in');
      await page.reload();
      await untilState(page, 'signed-in');
      await press(page, 'sign-out');
      await untilState(page, 'signed-out');
      assert.deepEqual([...record.console, ...record.violations], []);
    });
  } finally {
    await beside?.stop();
    await site.stop();
  }
});

test('a callback for a proxy that nothing on the page names is not sent anywhere: proxy_conflict', async () => {
  await withPage(demo.url, async (page, record) => {
    await untilState(page, 'signed-out');
    const state = `portero.${'C'.repeat(43)}`;
    await page.evaluate((key) => sessionStorage.setItem(key, JSON.stringify({
      state: key, code_verifier: 'v'.repeat(43), proxy: 'https://elsewhere.example', issuer: '', redirect_uri: location.href,
      return_to: '/', created: Math.floor(Date.now() / 1000)})), state);
    await page.goto(`${demo.url}?code=abcdefabcdefabcdefab&state=${state}`);
    await expectError(page, 'proxy_conflict');
    assert.ok(!record.requests.some(({method}) => method === 'POST'));
  });
});

test('an answer that names another issuer than the one asked is refused: issuer_mismatch', async () => {
  await withPage(demo.url, async (page, record) => {
    await untilState(page, 'signed-out');
    await Promise.all([page.waitForNavigation(), press(page, 'button')]);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (request.isNavigationRequest() && url.searchParams.has('iss') && !url.searchParams.get('iss').endsWith('/evil')) {
        url.searchParams.set('iss', `${url.searchParams.get('iss')}/evil`);
        request.respond({status: 302, headers: {location: url.href}});
      } else {
        request.continue();
      }
    });
    await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
    await expectError(page, 'issuer_mismatch');
    assert.ok(!record.requests.some(({method, url}) => method === 'POST' && url.includes('/v1/')));
  });
});
