// Where a page can lie, as docs/hosting.md says, seen by a browser: with nginx or Caddy on one host with its proxy, and on a
// host like GitHub Pages, which sends no header of ours, with the meta policy copied from there and the proxy elsewhere.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import {extname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {openPage, press, shoot, shown, startBrowser, untilState} from '../browser/harness.mjs';
import {Deployment} from '../deployment.mjs';
import {fronts, login, makeCertificates, page as pageHost} from './front.mjs';

const site = join(process.cwd(), 'build/site');
const pages = 'name.github.io';
const pictures = 'https://avatars.githubusercontent.com';

/** A visitor signs in, comes back, and signs out; nothing is said on the console, nothing violates the policy. */
async function visit({browser}, address, name, pictures) {
  const {page, record, context} = await openPage(browser);
  await page.goto(address);
  await untilState(page, 'signed-out');
  await press(page, 'button');
  await page.waitForSelector('#authorize');
  await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
  await untilState(page, 'signed-in');
  assert.equal(page.url(), address, 'the code is gone, and the page is where the click was');
  assert.match(await shown(page), /Ada Page/);
  await shoot(page, `hosting-${name}`);
  await page.reload();
  await untilState(page, 'signed-in');
  await press(page, 'sign-out');
  await untilState(page, 'signed-out');
  // The stand-in's pictures come over plain http, as GitHub's do not.
  const said = record.console.filter((line) => !(line.includes('Mixed Content') && line.includes(`${pictures}/`)));
  assert.deepEqual([record.violations, said], [[], []]);
  const codes = record.requests.filter(({url, document}) => /[?&]code=/.test(url) && !document);
  assert.deepEqual(codes, []);
  await context.close();
  return record;
}

describe('a page', {timeout: 120000}, () => {
  const deployment = new Deployment();
  let github;
  let other;      // the host without headers
  let browser;
  const ports = new Map();

  before(async () => {
    const addresses = [`https://${pageHost}/`, `https://${pages}/app/`];
    github = await deployment.github(...addresses.flatMap((address) => ['--redirect-uri', address]));
    const proxy = await deployment.serve(deployment.settings(github, {public_url: `https://${login}`,
      origins: Object.fromEntries(addresses.map((address) => [new URL(address).origin, {redirect_uri: address}]))}));
    const ours = {upstream: proxy.port, site, edit: (text) => text.replaceAll(pictures, github.url)};
    for (const front of fronts) ports.set(front.name, (await front.start(deployment, ours)).port);
    other = await startPages();
    ports.set(pages, other.address().port);
    const rules = (front) => `--host-resolver-rules=MAP ${pageHost}:443 127.0.0.1:${ports.get(front)},` +
      `MAP ${login}:443 127.0.0.1:${ports.get(front)},MAP ${pages}:443 127.0.0.1:${ports.get(pages)}`;
    browser = new Map();
    for (const {name} of fronts) browser.set(name, await startBrowser('--ignore-certificate-errors', rules(name)));
  });
  after(async () => {
    other?.closeAllConnections?.();
    other?.close();
    for (const one of browser?.values() ?? []) await one.stop();
    await deployment.close();
  });

  /** Like GitHub Pages: below a folder, types by name, kept for ten minutes, and not one header of ours. */
  async function startPages() {
    const snippet = /```html\n(<meta name="referrer"[^]*?)```/.exec(readFileSync('docs/hosting.md', 'utf8'))[1];
    const html =
        `<!doctype html>\n<html lang="en">\n<head>\n${snippet.replace(pictures, github.url)}<meta charset="utf-8"><title>Notes</title>
      <link rel="icon" href="web/icon.svg"></head>\n<body><github-sign-in proxy="https://${login}"></github-sign-in></body></html>`;
    const types = {
      '.js': 'application/javascript; charset=utf-8',
      '.wasm': 'application/wasm',
      '.css': 'text/css; charset=utf-8',
      '.svg': 'image/svg+xml'
    };
    const live = join(makeCertificates(deployment, [pages]), pages);
    const [key, cert] = ['privkey.pem', 'fullchain.pem'].map((name) => readFileSync(join(live, name)));
    const server = createServer({key, cert}, (request, answer) => {
      const {pathname} = new URL(request.url, `https://${pages}`);
      const kept = {'cache-control': 'max-age=600', 'access-control-allow-origin': '*'};
      if (pathname === '/app/') return void answer.writeHead(200, {'content-type': 'text/html; charset=utf-8', ...kept}).end(html);
      const [, name] = /^\/app\/((?:web\/)?[\w-]+\.\w+)$/.exec(pathname) ?? [];
      if (!name || !existsSync(join(site, name))) return void answer.writeHead(404).end();
      answer.writeHead(200, {'content-type': types[extname(name)], ...kept}).end(readFileSync(join(site, name)));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  for (const {name} of fronts) {
    test(`on one host with its proxy behind ${name}: a cookie`, async () => {
      const record = await visit(browser.get(name), `https://${pageHost}/`, `one-host-${name}`, github.url);
      assert.ok(record.responses.some(({headers}) => headers['content-encoding'] === 'br'));
      assert.ok(!record.requests.some(({headers}) => headers.dpop));
    });

    test(`on GitHub Pages, the proxy elsewhere behind ${name}: a key, and no cookie`, async () => {
      const record = await visit(browser.get(name), `https://${pages}/app/`, `github-pages-${name}`, github.url);
      const toProxy = record.requests.filter(({url}) => url.startsWith(`https://${login}/`));
      assert.ok(toProxy.some(({method, headers}) => method === 'POST' && headers.dpop));
      assert.ok(!record.responses.some(({headers}) => headers['set-cookie']));
    });
  }
});
