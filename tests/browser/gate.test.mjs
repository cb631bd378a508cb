// gate.html and denied.html, where a web server shows them: in place of the page that somebody asked for. Whoever signs in there is
// at that page, once and with its query and fragment, and nobody goes round in circles. The tag: then="reload".
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, before, beforeEach, describe, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {sleep, until} from '../programs.mjs';
import {keysOf, seal} from '../attacks/sealing.mjs';
import {askCheck, startFront} from './front.mjs';
import {press, shoot, shown, startBrowser, untilState, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
const deployment = new Deployment();
const deep = '/docs/a%20b?q=1&r=%2F#part-2';
let github;
let front;
let chromium;
let origin;
let settings;

before(async () => {
  front = await startFront();
  origin = `http://127.0.0.1:${front.port}`;
  github = await deployment.github('--redirect-uri', `${origin}/gate.html`);
  front.headers = {'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
      `connect-src 'self'; img-src 'self' ${github.url}; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; ` +
      "trusted-types 'none'"};
  settings = deployment.settings(github, {
    origins: {[origin]: {redirect_uri: `${origin}/gate.html`}},
    internal_listen: `unix:${front.internal = deployment.path('internal.sock')}`,
    policies: {
      members: {origin, allow: 'signed-in'},
      staff: {origin, allow: 'signed-in', max_age: '10m'},
      nameless: {origin, allow: {users: [1]}},
    },
  });
  front.proxy = (await deployment.serve(settings)).port;
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await front?.stop();
  await deployment.close();
});

let usual;
beforeEach(() => {
  usual ??= {...front};
  Object.assign(front, usual, {asked: []});
});

const visit = (path = deep, context = undefined) => openVisitor(chromium.browser, context, origin + path);
const code = (page) => page.$eval('github-sign-in', (element) => element.error?.code);
const isMember = (page) => page.waitForFunction(() => document.title === 'For members');
const untilOffered = (page) => page.waitForFunction(
    () => document.querySelector('github-sign-in')?.shadowRoot?.querySelector('[part~=again]:not([aria-disabled=true])'));
/** How often the web server was asked for that page, and what it said: [401, 200]. */
const statuses = (path = deep) => front.asked.filter((one) => one.path === path.replace(/#.*/, '')).map(({status}) => status);

/** Agrees at GitHub's consent page, as that person. */
async function authorize(page, user) {
  await page.waitForSelector('#authorize');
  if (user) await page.click(`input[name=user][value="${user}"]`);
  await page.click('#authorize').catch(() => {}); // a window may close under the click
}

async function signIn(page, part = 'button', user = undefined) {
  const there = await page.waitForSelector(`github-sign-in >>> [part~="${part}"]:not([hidden], [aria-disabled=true])`, {visible: true});
  await Promise.all([page.waitForNavigation(), there.click()]);
  await authorize(page, user);
}

/** What the last click asked GitHub for. */
const askedOfGithub = ({requests}) =>
  requests.map(({url}) => new URL(url).searchParams).findLast((asked) => asked.has('code_challenge'));

/** The visitor signed in an hour ago, which is good for one policy of the two, and too old for /staff/. */
async function signedInLongAgo(page) {
  front.policies = {'/staff/': 'staff', '/': 'members'};
  const now = Math.floor(Date.now() / 1000);
  const user = {id: 583231, login: 'ada-page', name: 'Ada Page', avatar_url: null, html_url: null, email: null};
  const value = seal({iss: `${github.url}/login/oauth`, sub: '583231', aud: origin, sid: 'x'.repeat(22), auth_time: now - 3600,
    iat: now - 3600, exp: now + 3600, user}, keysOf(deployment.path('keys.json'))[0]);
  const name = `portero-dev-${createHash('sha256').update(origin).digest('base64url').slice(0, 8)}`;
  await page.setCookie({name, value, url: origin, httpOnly: true, sameSite: 'Lax'});
}

describe('Signed out', () => {
  test('the page comes at the visitor’s own address, and a sign-in leads there, once, with query and fragment', async () => {
    const {page, record} = await visit();
    await untilState(page, 'signed-out');
    assert.equal(page.url(), origin + deep);
    await signIn(page);
    await isMember(page);
    assert.equal(page.url(), origin + deep);
    assert.deepEqual(statuses(), [401, 200]);
    assert.deepEqual(record.violations, []);
    assert.deepEqual(record.console.filter((line) => !/status of 401/.test(line)), []);
  });

  test('a script’s fetch of a member’s page gets 401, and 200 once its visitor is signed in', async () => {
    const {page} = await visit('/gate.html');
    await untilState(page, 'signed-out');
    const ask = () => page.evaluate(async (path) => (await fetch(path)).status, '/data.json');
    assert.equal(await ask(), 401);
    await signIn(page);
    await isMember(page);
    assert.equal(await ask(), 200);
  });

  test('who signs in at the public page itself goes on to the folder it lies in', async () => {
    const {page} = await visit('/gate.html');
    await signIn(page);
    await isMember(page);
    assert.equal(page.url(), `${origin}/`);
    assert.deepEqual(statuses('/'), [200]);
  });

  test('an address that no return_to may be is kept all the same', async () => {
    for (const path of ['/a//b', '/%5Cx', `/long?${'x'.repeat(3000)}`]) {
      const {page} = await visit(path);
      await signIn(page);
      await isMember(page);
      assert.equal(page.url(), origin + path);
    }
  });

  test('who cancels at GitHub is told so at the own address, where a reload is harmless and the next sign-in leads', async () => {
    const {page} = await visit();
    await untilState(page, 'signed-out');
    await Promise.all([page.waitForNavigation(), press(page, 'button')]);
    await Promise.all([page.waitForNavigation(), page.click('#cancel')]);
    await untilState(page, 'error');
    assert.equal(await code(page), 'access_denied');
    await page.waitForFunction((url) => location.href === url, {}, origin + deep);
    await page.reload();
    await untilState(page, 'signed-out');
    await signIn(page);
    await isMember(page);
    assert.equal(page.url(), origin + deep);
  });

  test('in Spanish', async () => {
    const visitor = await openVisitor(chromium.browser);
    await visitor.page.goto(`${origin}/docs/?lang=es#fin`);
    await untilState(visitor.page, 'signed-out');
    assert.equal(await visitor.page.title(), 'Entra para ver esta página');
    await signIn(visitor.page);
    await isMember(visitor.page);
    assert.equal(visitor.page.url(), `${origin}/docs/?lang=es#fin`);
  });
});

describe('In a popup', () => {
  beforeEach(() => {
    front.page = (html) => html.replace('<github-sign-in', '$& mode="popup"');
  });

  async function openPopup({page, context}) {
    await untilState(page, 'signed-out');
    const arrives = new Promise((resolve) => context.once('targetcreated', resolve));
    await press(page, 'button');
    return (await arrives).page();
  }

  test('the address stays, and is loaded once when the window is done', async () => {
    const visitor = await visit();
    const popup = await openPopup(visitor);
    await authorize(popup);
    await isMember(visitor.page);
    assert.equal(visitor.page.url(), origin + deep);
    assert.deepEqual(statuses(), [401, 200]);
    if (!popup.isClosed()) await new Promise((resolve) => popup.once('close', resolve));
  });

  test('a cancelled one loads nothing', async () => {
    const visitor = await visit();
    const popup = await openPopup(visitor);
    await popup.waitForSelector('#authorize');
    await press(visitor.page, 'cancel');
    await untilState(visitor.page, 'signed-out');
    assert.deepEqual(statuses(), [401]);
  });
});

describe('Signed in, and the web server says no', () => {
  test('a session too old for one policy of two: one click signs in again, as the same person, and leads there', async () => {
    const {page, record} = await visit('/gate.html');
    await signedInLongAgo(page);
    await page.goto(`${origin}/docs/`);
    await isMember(page);
    await page.goto(`${origin}/staff/#x`);
    await untilState(page, 'signed-in');
    assert.match(await shown(page), /Sign in again/);
    assert.match(await shown(page), /To open this page, sign in again/);
    assert.deepEqual(statuses('/staff/'), [401], 'nothing is loaded before somebody has signed in');
    await signIn(page, 'again');
    await isMember(page);
    assert.equal(page.url(), `${origin}/staff/#x`);
    assert.deepEqual(statuses('/staff/'), [401, 200]);
    assert.equal(askedOfGithub(record).get('login'), 'ada-page');
    await page.goto(`${origin}/docs/`);
    await isMember(page);
  });

  test('who cancels then is where they were, and may try again', async () => {
    const {page} = await visit('/gate.html');
    await signedInLongAgo(page);
    await page.goto(`${origin}/staff/#x`);
    await untilOffered(page);
    await Promise.all([page.waitForNavigation(), press(page, 'again')]);
    await Promise.all([page.waitForNavigation(), page.click('#cancel')]);
    await untilState(page, 'signed-in');
    await page.waitForFunction((url) => location.href === url, {}, `${origin}/staff/#x`);
    assert.deepEqual(statuses('/staff/'), [401]);
    await signIn(page, 'again');
    await isMember(page);
  });

  /** The web server asks a proxy with another key file: it knows nobody. */
  let stranger;
  const otherKeys = async () => {
    if (!stranger) {
      deployment.keygen('other.json');
      stranger = deployment.path('stranger.sock');
      await deployment.serve({...settings, session_keys_file: deployment.path('other.json'), internal_listen: `unix:${stranger}`});
    }
    front.check = ({headers}) => askCheck(stranger, 'members', headers);
  };

  test('the web server and the proxy have different keys: gate_disagrees, once, and no circle', async () => {
    await otherKeys();
    const {page, record} = await visit();
    await signIn(page);
    await untilState(page, 'error');
    assert.equal(await code(page), 'gate_disagrees');
    assert.equal(page.url(), origin + deep);
    assert.match(await shown(page), /You are signed in, but this site’s server does not accept it\. Please tell/);
    assert.doesNotMatch(await shown(page), /Sign in again/);
    assert.ok(record.console.some((line) => /^error: portero: .*same key file/.test(line)), record.console.join());
    await sleep(400);
    assert.deepEqual(statuses(), [401, 401]);
    await shoot(page, 'gate-disagrees');
    await page.reload();
    await untilState(page, 'signed-in');
    assert.match(await shown(page), /Sign in again/, 'by hand it can be tried again');
    await sleep(400);
    assert.deepEqual(statuses(), [401, 401, 401]);
  });

  test('and so in two tabs: each is loaded once', async () => {
    await otherKeys();
    const one = await visit('/one');
    await untilState(one.page, 'signed-out');
    const two = await visit('/two', one.context);
    await signIn(two.page);
    for (const {page} of [two, one]) {
      await page.bringToFront();
      await untilState(page, 'error');
      assert.equal(await code(page), 'gate_disagrees');
      await sleep(400);
    }
    assert.deepEqual([statuses('/one'), statuses('/two')], [[401, 401], [401, 401]]);
  });

  test('a cache in front that obeys keeps nobody out; one that keeps what it may not is gate_disagrees, without a circle', async () => {
    front.cache = true;
    const {page} = await visit('/cached');
    await signIn(page);
    await isMember(page);
    assert.deepEqual(statuses('/cached'), [401, 200]);
    front.cache = 'rude';
    const other = await visit('/kept');
    await signIn(other.page);
    await untilState(other.page, 'error');
    assert.equal(await code(other.page), 'gate_disagrees');
    assert.deepEqual(statuses('/kept'), [401]);
  });
});

describe('Two tabs', () => {
  test('one signs in, and the other is at its own address, too, loaded once', async () => {
    const one = await visit('/one?a=b#c');
    await untilState(one.page, 'signed-out');
    const two = await visit('/two', one.context);
    await signIn(two.page);
    await isMember(two.page);
    await one.page.bringToFront();
    await isMember(one.page);
    assert.equal(one.page.url(), `${origin}/one?a=b#c`);
    assert.deepEqual([statuses('/one?a=b'), statuses('/two')], [[401, 200], [401, 200]]);
  });

  test('a session too old: the other tab’s sign-in opens this one; its sign-out loads nothing', async () => {
    const one = await visit('/gate.html');
    await signedInLongAgo(one.page);
    await one.page.goto(`${origin}/staff/`);
    await untilState(one.page, 'signed-in');
    const two = await visit('/gate.html', one.context);
    await untilState(two.page, 'signed-in');
    await press(two.page, 'sign-out');
    await untilState(two.page, 'signed-out');
    await one.page.bringToFront();
    await untilState(one.page, 'signed-out');
    assert.deepEqual(statuses('/staff/'), [401]);
    await two.page.bringToFront();
    await signIn(two.page);
    await isMember(two.page);
    await one.page.bringToFront();
    await isMember(one.page);
    assert.deepEqual(statuses('/staff/'), [401, 200]);
  });
});

describe('Signed out again', () => {
  test('Back, and a reload, is the sign-in page at the same address, with no word of a gate that disagrees', async () => {
    const {page, context} = await visit();
    await signIn(page);
    await isMember(page);
    await page.goto(`${origin}/gate.html`);
    await untilState(page, 'signed-in');
    await press(page, 'sign-out');
    await untilState(page, 'signed-out');
    await page.goBack({timeout: 2000}).catch(() => {}); // nothing may load: browsers show a page as it was left
    assert.equal(page.url(), origin + deep);
    await page.reload();
    await untilState(page, 'signed-out');
    assert.equal(await code(page), undefined);
    await signIn(page);
    await isMember(page);
    assert.equal(page.url(), origin + deep);
    assert.equal((await context.pages()).length, 1);
  });
});

describe('Not allowed', () => {
  const nameless = '1'; // the id of the only one whom the policy names
  beforeEach(() => {
    front.policies = {'/': 'nameless'};
  });

  test('denied.html says who it is and offers another account, which leads in', async () => {
    const {page, record} = await visit();
    await signIn(page);
    await page.waitForFunction(() => document.title === 'This account has no access');
    await untilState(page, 'signed-in');
    assert.match(await shown(page), /@ada-page/);
    assert.equal(page.url(), origin + deep);
    await sleep(400);
    assert.deepEqual(statuses(), [401, 403]);
    await signIn(page, 'again', nameless);
    assert.equal(askedOfGithub(record).get('prompt'), 'select_account');
    await isMember(page);
    assert.equal(page.url(), origin + deep);
    assert.deepEqual(statuses(), [401, 403, 200]);
  });

  test('an account that may not either gets the same page, and no word of a gate that disagrees', async () => {
    const {page} = await visit();
    await signIn(page);
    await untilOffered(page);
    await signIn(page, 'again');
    await until(() => statuses().length === 3, 'it is loaded again');
    await untilOffered(page);
    await sleep(400);
    assert.equal(await code(page), undefined);
    assert.deepEqual(statuses(), [401, 403, 403]);
  });

  test('the link to the app leads to GitHub’s own host', async () => {
    const {page} = await visit();
    await signIn(page);
    const link = await page.waitForSelector('section:lang(en) a[data-manage]');  // of the page that comes after the sign-in
    await page.waitForFunction(() => document.querySelector('github-sign-in')?.client?.manage);
    await link.hover();
    assert.equal(await link.evaluate((one) => one.href), `${github.url}/settings/connections/applications/stand-in-client`);
  });
});
