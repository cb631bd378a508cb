// What a real browser knows of what went wrong on the way, and what the visitor and the site's owner then read: a page that is
// not listed, a policy that forbids the call, a host that drops GitHub's answer, a tag or a script written in another way.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {goToConsent, press, shoot, shown, startBrowser, untilState, useVisitors} from './harness.mjs';

const openVisitor = useVisitors();
const deployment = new Deployment();
const types = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml'};
let head = '';  // of the page, before the two lines
let body = '';
let headers = {};
let host;
let github;
let proxy;
let chromium;

/** The site below /app/, on a host that adds a missing slash and drops the query with it; any other file is a page, too. */
function serveSite(request, response) {
  const {pathname} = new URL(request.url, 'http://host');
  if (pathname === '/app') return response.writeHead(308, {location: '/app/'}).end();
  const file = join('build/site', pathname.replace(/^\/app\//, '/'));
  if (/^\/app\/(web\/[\w.-]+|portero\.wasm)$/.test(pathname) && existsSync(file)) {
    return response.writeHead(200, {'content-type': types[extname(file)] ?? 'application/wasm'}).end(readFileSync(file));
  }
  response.writeHead(200, {'content-type': 'text/html; charset=utf-8', ...headers});
  response.end(`<!doctype html><html lang="en"><head>${head}</head><link rel="icon" href="data:,"><title>page</title><body>${body}`);
}

before(async () => {
  const server = createServer(serveSite);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  host = {url: `http://127.0.0.1:${port}`, other: `http://localhost:${port}`, server};
  github = await deployment.github('--redirect-uri', `${host.url}/app`);
  proxy = await deployment.serve(deployment.settings(github, {origins: {[host.url]: {redirect_uri: `${host.url}/app`}}}));
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  host?.server.close();
  host?.server.closeAllConnections();
  await deployment.close();
});

const script = '<meta name="referrer" content="no-referrer"><script src="/app/web/portero.js"></script>';
const proxyUrl = () => `http://127.0.0.1:${proxy.port}`;

/** Opens `path` with a page of that head and body; `tag` has the proxy. */
async function visit(path, {first = '', scripts = script, tag = '', from = host.url, send = {}, context} = {}) {
  head = first + scripts;
  body = `<github-sign-in proxy="${proxyUrl()}" ${tag}></github-sign-in>`;
  headers = send;
  return openVisitor(chromium.browser, context, from + path);
}

const errorOf = (page) => page.$eval('github-sign-in', ({error}) => error && {code: error.code, hint: error.hint});
const ours = ({console: lines}) => lines.filter((line) => line.includes('portero: '));

async function expectError(page, code, hint) {
  await untilState(page, 'error');
  const error = await errorOf(page);
  assert.equal(error.code, code, error.hint);
  assert.match(error.hint, hint);
  await shoot(page, `error-${code.replaceAll('_', '-')}`);
}

/** A click, which leads to GitHub. */
const goToGithub = async (page) => {
  await Promise.all([page.waitForNavigation(), press(page, 'button')]);
  assert.ok(page.url().startsWith(github.url), page.url());
};

/** By Authorize back from the consent page. */
const authorize = (page) => Promise.all([page.waitForNavigation(), page.click('#authorize')]);

describe('A call that a browser does not let through', () => {
  test('a page that is not listed is told so, by a probe that no script can read: origin_refused', async () => {
    const {page, record} = await visit('/app/', {from: host.other});
    await expectError(page, 'origin_refused', new RegExp(`List that under "origins"`));
    assert.equal(ours(record).length, 1);
    assert.match(await shown(page), /not set up correctly/);
  });

  test('a policy that forbids the call is named, with what to add: call_blocked', async () => {
    const {page, record} = await visit('/app/', {send: {'content-security-policy': "connect-src 'self'"}});
    await expectError(page, 'call_blocked', new RegExp(`Add it to connect-src`));
    assert.equal(ours(record).length, 1);
  });

  test('a visitor who denied the local network is told what to allow: local_network_denied', async () => {
    const context = await chromium.browser.createBrowserContext();
    const {page} = await visit('/app/', {context});
    await untilState(page, 'signed-out');
    const cdp = await page.createCDPSession();
    await cdp.send('Browser.setPermission', {permission: {name: 'local-network-access'}, setting: 'denied', origin: host.url,
      browserContextId: context.id});
    await page.$eval('github-sign-in', (element) => (element.proxy = 'http://127.0.0.1:9'));
    await expectError(page, 'local_network_denied', /each visitor must allow it/);
  });
});

describe('GitHub’s answer that a host drops', () => {
  test('it is noticed on the page that it should have reached, once: callback_lost', async () => {
    const {page, record} = await visit('/app/');
    await goToConsent(page);
    await authorize(page);
    assert.equal(page.url(), `${host.url}/app/`);
    await expectError(page, 'callback_lost', new RegExp(`register ${host.url}/app/ at GitHub`));
    assert.match(await shown(page), /did not reach this page/);
    assert.equal(ours(record).length, 1);
    await page.reload();
    await untilState(page, 'signed-out');
  });

  test('nobody who comes back in another way hears of it: by Back, a reload, an address, another tab', async () => {
    const {page, record, context} = await visit('/app/');
    const away = async () => {
      await goToConsent(page);
      assert.ok(page.url().startsWith(github.url));
    };
    const isQuiet = async (tab) => {
      await untilState(tab, 'signed-out');
      assert.equal(await errorOf(tab), undefined);
    };
    await away();
    await page.goBack();
    await isQuiet(page);
    await page.reload();
    await isQuiet(page);
    await away();
    await page.goto(`${host.url}/app/`);
    await isQuiet(page);
    await away();
    const opened = new Promise((resolve) => context.once('targetcreated', resolve));
    await page.evaluate((url) => {
      const link = document.body.appendChild(document.createElement('a'));
      Object.assign(link, {href: url, target: '_blank', rel: 'opener', textContent: 'to the site'}).click();
    }, `${host.url}/app/`);
    const second = await (await opened).page();
    await isQuiet(second);
    await second.close();
    await authorize(page);
    await untilState(page, 'error');
    assert.equal((await errorOf(page)).code, 'callback_lost', 'and the one whose answer was lost does');
    assert.equal(ours(record).length, 1);
  });
});

test('back from a GitHub App’s installation the code is gone from the address, and the visitor knows what to do', async () => {
  const {page, record} = await visit('/app/?keep=1&code=abcdefabcdef&installation_id=7&setup_action=install#here');
  await untilState(page, 'signed-out');
  assert.equal(page.url(), `${host.url}/app/?keep=1#here`);
  assert.match(await shown(page), /Now sign in here/);
  await shoot(page, 'installed');
  assert.ok(record.requests.every(({method, url, document}) => method !== 'POST' && (document || !url.includes('code='))));
  assert.deepEqual(record.console, []);
});

describe('Addresses and options as people write them', () => {
  test('with a <base> of another host the visitor ends on the page’s own, at a return-to seen from it', async () => {
    const {page} = await visit('/page/b.html', {first: `<base href="${host.other}/elsewhere/">`, tag: 'return-to="notes.html?a=ü b#end"',
      scripts: script.replace('src="', `src="${host.url}`)});
    await goToConsent(page);
    await page.setRequestInterception(true);
    page.on('request', (request) => {  // this host would drop it
      const url = new URL(request.url());
      if (url.origin !== host.url || url.pathname !== '/app') return request.continue();
      request.respond({status: 302, headers: {location: `${host.url}/app/${url.search}`}});
    });
    await authorize(page);
    await page.waitForFunction((url) => location.href === url, {}, `${host.url}/page/notes.html?a=%C3%BC%20b#end`);
    await untilState(page, 'signed-in');
  });

  test('a return-to of another origin is named and goes nowhere: option_invalid', async () => {
    for (const address of [`${host.other}/app/`, 'javascript:alert(1)']) {
      const {page, record} = await visit('/app/', {tag: `return-to="${address}"`});
      await untilState(page, 'signed-out');
      await press(page, 'button');
      await expectError(page, 'option_invalid', /return-to/);
      assert.equal(page.url(), `${host.url}/app/`);
      assert.deepEqual(ours(record).length, 1);
      assert.match(ours(record)[0], /TypeError.*returnTo \(in the tag: return-to\)/);
      await page.$eval('github-sign-in', (element) => (element.returnTo = '#end'));
      await goToGithub(page);
    }
  });

  test('a list, true and false are properties, and reach GitHub; a bare allow-signup means true', async () => {
    const {page, record} = await visit('/app/', {tag: 'allow-signup="allow-signup"'});
    await untilState(page, 'signed-out');
    const seen = await page.$eval('github-sign-in', (element) => {
      const both = () => [element.getAttribute('scope'), element.getAttribute('allow-signup')];
      Object.assign(element, {scope: ['read:user', 'user:email'], allowSignup: true});
      const first = both();
      Object.assign(element, {returnTo: new URL('#there', location.href), scope: [], allowSignup: false});
      return [...first, ...both(), element.returnTo];
    });
    assert.deepEqual(seen, ['read:user,user:email', 'true', null, 'false', `${host.url}/app/#there`]);
    await goToGithub(page);
    const asked = new URL(record.requests.find(({url}) => url.includes('/login/oauth/authorize')).url).searchParams;
    assert.deepEqual([asked.get('scope'), asked.get('allow_signup')], [null, 'false']);
  });
});

describe('portero.js in another way than as a script of its own', () => {
  const text = () => readFileSync('build/site/web/portero.js', 'utf8');
  const ways = {
    'a module': () => '<script type="module" src="/app/web/portero.js"></script>',
    'inlined': () => `<script>${text()}</script>`,
    'evaluated': () => `<script>eval(${JSON.stringify(text()).replaceAll('</', '<\\/')})</script>`,
  };
  for (const [way, scripts] of Object.entries(ways)) {
    test(`${way}: one line in the console says what to write, and the code is not left in the address`, async () => {
      const {page, record} = await visit(`/app/?code=abcdefabcdef&state=portero.${'A'.repeat(43)}`, {scripts: scripts()});
      await page.waitForNetworkIdle({idleTime: 100});
      assert.equal(page.url(), `${host.url}/app/`);
      assert.equal(record.console.length, 1, record.console.join('\n'));
      assert.match(record.console[0], /^error: portero: .*<script src="web\/portero\.js"><\/script> first in <head>/);
    });
  }
});
