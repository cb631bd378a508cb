// One person, one browser, the whole way: click, GitHub's consent page, back, signed in; and every way it can go wrong.
import assert from 'node:assert/strict';
import {get} from 'node:http';
import {after, before, describe, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {goToConsent, press, shoot, shown, startBrowser, untilState, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
let demo;
let chromium;

before(async () => {
  demo = await startDemo();
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
});

const visit = (url = demo.url, context = undefined) => openVisitor(chromium.browser, context, url);

async function goToGithub(page) {
  await goToConsent(page);
  assert.ok(page.url().startsWith(demo.githubUrl), page.url());
}

/** Presses the consent page's button whose text starts so. */
async function decide(page, text) {
  const buttons = await page.$$('button');
  for (const button of buttons) {
    if ((await button.evaluate((element) => element.textContent.trim())).startsWith(text)) {
      await Promise.all([page.waitForNavigation(), button.click()]);
      return;
    }
  }
  assert.fail(`the consent page has no button ${text}`);
}

async function signIn(page) {
  await goToGithub(page);
  await decide(page, 'Authorize');
  await untilState(page, 'signed-in');
}

/** Fails unless the browser had nothing to complain of; `expected` are messages a scenario makes on purpose. */
function assertQuiet(record, expected = []) {
  assert.deepEqual(record.violations, []);
  const surprising = record.console.filter((line) => !expected.some((pattern) => pattern.test(line)));
  assert.deepEqual(surprising, []);
}

const errorCode = (page) => page.$eval('github-sign-in', (element) => element.error?.code ?? element.getAttribute('error'));

describe('Signing in', () => {
  test('takes one click, shows the user by name and leaves the URL clean', async () => {
    const {page, record} = await visit();
    await untilState(page, 'signed-out');
    await shoot(page, 'signed-out');
    await signIn(page);
    const text = await shown(page);
    const user = await page.$eval('github-sign-in', (element) => element.user);
    assert.ok(user.login && text.includes(user.login), text);
    if (user.name) assert.ok(text.includes(user.name), text);
    assert.equal(page.url(), demo.url);
    await shoot(page, 'signed-in');
    assertQuiet(record);
  });

  test('keeps secrets out of every answer, every header, the storage and the log', async () => {
    const {page, record} = await visit();
    await signIn(page);
    const callback = record.requests.find(({url}) => url.includes('code=') && url.startsWith(demo.url));
    const code = new URL(callback.url).searchParams.get('code');
    assert.ok(code.length > 8);
    const exchange = record.responses.find(({url, status}) => url.endsWith('/v1/session') && status === 201);
    assert.ok(exchange, 'the exchange was seen');
    const answers = record.responses.filter(({url}) => url.startsWith(`${demo.url}v1/`));
    assert.ok(answers.length >= 3);
    for (const {url, headers, body} of answers) {
      const text = JSON.stringify(headers) + body;
      assert.ok(!text.includes(code), `${url} holds the code`);
      assert.doesNotMatch(text, /gh[oprsu]_\w/, `${url} holds a token`);
      assert.doesNotMatch(body, /client_secret|code_verifier|"token|session"/, url);
    }
    const later = record.requests.filter((request) => request !== callback);
    for (const {url, headers} of later) {
      assert.ok(!url.includes(code), url);
      assert.ok(!(headers.referer ?? '').includes('code='), headers.referer);
    }
    const kept = await page.evaluate(() => JSON.stringify([{...sessionStorage}, {...localStorage}, history.state, location.href,
      document.referrer, document.cookie]));
    assert.ok(!kept.includes(code) && !/gh[oprsu]_|portero\.[\w-]{43}/.test(kept), 'nothing is left in the page');
    const log = demo.output();
    assert.ok(!log.includes(code) && !/gh[oprsu]_\w/.test(log), 'nothing is in the log');
    let state = await demo.github('state');
    for (let tries = 0; state.live_tokens > 0 && tries < 50; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      state = await demo.github('state');
    }
    assert.equal(state.live_tokens, 0);
    assert.ok(state.revoked_tokens > 0, 'the token was revoked');
  });

  test('says that it is busy while the proxy asks GitHub, and takes no second click', async () => {
    const {page, record} = await visit();
    await goToGithub(page);
    let go;
    const released = new Promise((resolve) => (go = resolve));
    await page.setRequestInterception(true);
    page.on('request', async (request) => {
      if (request.method() === 'POST' && request.url().includes('/v1/session')) await released;
      request.continue();
    });
    await decide(page, 'Authorize');
    await untilState(page, 'busy');
    await shoot(page, 'busy');
    await press(page, 'button');
    assert.equal(await page.$eval('github-sign-in', (element) => element.getAttribute('state')), 'busy');
    go();
    await untilState(page, 'signed-in');
    assert.equal(page.url(), demo.url);
    assertQuiet(record);
  });

  test('survives a reload, and signing out ends it', async () => {
    const {page, record} = await visit();
    await signIn(page);
    await page.reload();
    await untilState(page, 'signed-in');
    await press(page, 'sign-out');
    await untilState(page, 'signed-out');
    await page.reload();
    await untilState(page, 'signed-out');
    assertQuiet(record);
  });

  test('is told to the other tabs, and so is signing out', async () => {
    const first = await visit();
    await untilState(first.page, 'signed-out');
    const second = await visit(demo.url, first.context);
    await signIn(second.page);
    await first.page.bringToFront();
    await untilState(first.page, 'signed-in');
    await press(first.page, 'sign-out');
    await untilState(first.page, 'signed-out');
    await second.page.bringToFront();
    await untilState(second.page, 'signed-out');
  });

  test('lets the site\'s own server learn who it is from the visitor\'s cookie, as README says', async () => {
    const {page} = await visit();
    await signIn(page);
    const cookie = (await page.cookies()).map(({name, value}) => `${name}=${value}`).join('; ');
    const ask = (headers) => new Promise((resolve, reject) => {
      get(new URL('/v1/session', demo.url), {headers: {'X-Portero': '1', 'Origin': new URL(demo.url).origin,
        'Sec-Fetch-Site': 'same-origin', ...headers}}, async (answer) => {
        let body = '';
        for await (const chunk of answer) body += chunk;
        resolve(JSON.parse(body));
      }).on('error', reject);
    });
    const {login} = await page.$eval('github-sign-in', (element) => element.user);
    assert.equal((await ask({Cookie: cookie})).user.login, login);
    assert.equal((await ask({Cookie: cookie.slice(0, -1)})).user, null);
    const [, value] = cookie.split('=');
    assert.equal((await ask({Cookie: `a=%3B${cookie}`})).user, null, 'a percent-encoded cookie is not ours');
    assert.equal((await ask({Cookie: `theirs=%7B%22a%22%3A1%7D%3B; ${cookie}; x=%3D`})).user.login, login, 'others do no harm');
    assert.equal((await ask({Cookie: `${cookie}; ${cookie.split('=')[0]}=${value}`})).user, null, 'two copies are none');
  });

  test('works in two tabs at once', async () => {
    const first = await visit();
    const second = await visit(demo.url, first.context);
    await first.page.bringToFront();
    await goToGithub(first.page);
    await second.page.bringToFront();
    await goToGithub(second.page);
    await decide(second.page, 'Authorize');
    await untilState(second.page, 'signed-in');
    await first.page.bringToFront();
    await decide(first.page, 'Authorize');
    await untilState(first.page, 'signed-in');
  });

  test('comes back to the deep link and fragment it was started from', async () => {
    const deep = `${demo.url}?page=2&q=a%20b#part`;
    const {page} = await visit(deep);
    await page.$eval('github-sign-in', (element) => element.setAttribute('return-to', '/?page=2&q=a%20b#part'));
    await goToGithub(page);
    await decide(page, 'Authorize');
    await untilState(page, 'signed-in');
    await page.waitForFunction((wanted) => location.href === wanted, {timeout: 5000}, deep);
  });
});

describe('What goes wrong', () => {
  test('a person who cancels is told so and may try again', async () => {
    const {page, record} = await visit();
    await goToGithub(page);
    await decide(page, 'Cancel');
    await untilState(page, 'error');
    assert.equal(await errorCode(page), 'access_denied');
    assert.equal(page.url(), demo.url);
    await shoot(page, 'error-access-denied');
    assertQuiet(record);
  });

  test('a callback that nobody here asked for is scrubbed and sends nothing', async () => {
    const state = `portero.${'A'.repeat(43)}`;
    const {page, record} = await visit(`${demo.url}?keep=1&code=abcdefabcdef&state=${state}#here`);
    await untilState(page, 'error');
    assert.equal(await errorCode(page), 'state_unknown');
    assert.equal(page.url(), `${demo.url}?keep=1#here`);
    assert.ok(!record.requests.some(({method, url}) => method === 'POST' && url.includes('/v1/')));
    await shoot(page, 'error-state-unknown');
    assertQuiet(record);
  });

  test('a callback of another program is left alone', async () => {
    const url = `${demo.url}?code=abc&state=somebody-else`;
    const {page} = await visit(url);
    await untilState(page, 'signed-out');
    assert.equal(page.url(), url);
  });

  test('a state altered on the way is refused', async () => {
    const {page, record} = await visit();
    await goToGithub(page);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (request.isNavigationRequest() && url.searchParams.has('code') && !url.searchParams.get('state').endsWith('x')) {
        url.searchParams.set('state', `portero.${'B'.repeat(42)}x`);
        request.respond({status: 302, headers: {location: url.href}});
      } else {
        request.continue();
      }
    });
    await decide(page, 'Authorize');
    await untilState(page, 'error');
    assert.match(await errorCode(page), /^state_(unknown|mismatch)$/);
    assert.ok(!record.requests.some(({method, url}) => method === 'POST' && url.includes('/v1/')));
  });

  test('a code that GitHub no longer takes is a sentence, not a riddle', async () => {
    const {page, record} = await visit();
    await goToGithub(page);
    await page.setRequestInterception(true);
    page.on('request', async (request) => {
      if (request.method() === 'POST' && request.url().includes('/v1/session')) await demo.github('clock', {advance_seconds: 700});
      request.continue();
    });
    await decide(page, 'Authorize');
    await untilState(page, 'error');
    assert.equal(await errorCode(page), 'code_rejected');
    await shoot(page, 'error-code-rejected');
    assertQuiet(record, [/400/]);
  });

  test('Back to a used callback spends no code twice', async () => {
    const {page, record} = await visit();
    await signIn(page);
    await page.goBack().catch(() => {});
    await page.goForward().catch(() => {});
    await untilState(page, 'signed-in');
    assert.equal(record.requests.filter(({method, url}) => method === 'POST' && url.includes('/v1/session')).length, 1);
  });

  test('a dead proxy is named, and its return is noticed', async () => {
    const mortal = await startDemo();
    try {
      const {page, record} = await visit(mortal.url);
      await untilState(page, 'signed-out');
      await mortal.stop();
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})));
      await untilState(page, 'error');
      assert.equal(await errorCode(page), 'proxy_unreachable');
      await shoot(page, 'error-proxy-unreachable');
      assertQuiet(record, [/ERR_CONNECTION_REFUSED/, /portero: Nobody answers at /]);
    } finally {
      await mortal.stop();
    }
  });
});

describe('Looks', () => {
  const sizes = {desktop: {width: 1000, height: 1400}, phone: {width: 320, height: 900, isMobile: true, hasTouch: true}};
  for (const scheme of ['light', 'dark']) {
    for (const [device, viewport] of Object.entries(sizes)) {
      test(`the page fits a ${device} in ${scheme}, signed out and signed in`, async () => {
        const {page} = await visit();
        await page.setViewport(viewport);
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await untilState(page, 'signed-out');
        await shoot(page, `signed-out-${scheme}-${device}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
        await signIn(page);
        await shoot(page, `signed-in-${scheme}-${device}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      });
    }
  }
});
