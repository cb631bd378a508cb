// Two pages made of the npm package, as its README tells one to make them, each signed into: an app bundled by Vite,
// and a plain page with a script tag. Both under the proxy's own policy, which neither may violate.
import assert from 'node:assert/strict';
import {copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {build, createLogger, createServer} from 'vite';
import spanish from '../../web/es.js';
import {sri} from '../../web/npm/sri.mjs';
import {blocksOf, installPackage, run} from '../packed.mjs';
import {startDemo} from '../deployment.mjs';
import {freePort} from '../programs.mjs';
import {openPage, press, shoot, signIn, startBrowser, untilState} from './harness.mjs';

const proxyInReadme = 'https://auth.example.com';
let packed;
let readme;
let chromium;

before(async () => {
  packed = installPackage();
  readme = blocksOf(join(packed.installed, 'README.md'));
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  packed?.remove();
});

const bodyOf = (block) => /<body>[^]*<\/body>/.exec(block)[0];
const html = (inside, {language = 'en', proxy = ''} = {}) =>
  `<!doctype html><html lang="${language}">\n${inside.replaceAll(proxyInReadme, proxy)}</html>\n`;

// The two ways of the README to bundle an app; each has its blocks of it.
const ways = {
  'by Vite with the plugin': {page: 0, config: 0, base: './'},
  'by Vite without it, as by any bundler': {page: 1, command: 1},
};

/** Makes the app of that way, as its README says, for a proxy ('' is the one that serves it). Gives its directory. */
function makeApp(way, proxy = '') {
  const root = join(packed.app, 'app');
  rmSync(root, {recursive: true, force: true});
  for (const folder of ['public', 'es']) mkdirSync(join(root, folder), {recursive: true});
  cpSync(join(packed.app, 'node_modules'), join(root, 'node_modules'), {recursive: true});
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  const page = readme.html[way.page].includes('<body>') ? readme.html[way.page] : readme.html[way.page] + bodyOf(readme.html[0]);
  writeFileSync(join(root, 'index.html'), html(page, {proxy}));
  writeFileSync(join(root, 'es/index.html'), html(page, {proxy, language: 'es'}));
  writeFileSync(join(root, 'first.js'), 'window.addressOfTheBundle = location.href;\n');
  writeFileSync(
      join(root, 'main.js'), `import './first.js';\n${readme.js[1].replaceAll(proxyInReadme, proxy)}\nwindow.portero = portero;\n`);
  copyFileSync('web/icon.svg', join(root, 'public/favicon.ico'));
  if (way.command !== undefined) run(root, 'sh', '-c', readme.sh[way.command]);
  if (way.config !== undefined) writeFileSync(join(root, 'vite.config.js'), readme.js[way.config]);
  return root;
}

/** Bundles the app of that way into `dist`. Gives what Vite warned of. */
async function bundle(way, dist) {
  const root = makeApp(way);
  const warnings = [];
  const logger = createLogger('warn');
  logger.warn = logger.warnOnce = (text) => warnings.push(text);
  await build({root, base: way.base, configFile: way.config !== undefined ? undefined : false, customLogger: logger,
    build: {outDir: dist, emptyOutDir: true, rollupOptions: {input: ['index.html', 'es/index.html'].map((name) => join(root, name))},
      ...way.config === undefined && {assetsInlineLimit: 0}}});
  return warnings;
}

async function withSite(site, use) {
  const demo = await startDemo('--site', site);
  const visitor = await openPage(chromium.browser);
  try {
    await visitor.page.goto(demo.url);
    await use(visitor, demo);
  } finally {
    await visitor.context.close();
    await demo.stop();
  }
}

/** No complaint of the browser, and the code in the address of the page alone: no request after it, no Referer. */
function assertClean(record) {
  assert.deepEqual([...record.console, ...record.violations], []);
  const callbacks = record.requests.filter(({url}) => new URL(url).searchParams.has('code'));
  assert.deepEqual(callbacks.map(({document}) => document), [true]);
  for (const {url, headers} of record.requests) assert.ok(!headers.referer?.includes('code='), url);
}

for (const [name, way] of Object.entries(ways)) {
  describe(`an app bundled ${name}`, () => {
    let dist;
    before(async () => {
      dist = join(packed.app, `dist-${way.page}`);
      assert.deepEqual(await bundle(way, dist), []);
    });

    test('signs in; the bundle never sees the code in the address', async () => {
      await withSite(dist, async ({page, record}, demo) => {
        await signIn(page);
        await shoot(page, `package-bundled-${way.page}`);
        assertClean(record);
        assert.equal(await page.evaluate(() => window.addressOfTheBundle), demo.url);
        assert.match(await page.evaluate(() => document.referrer), /^http:\/\/127\.0\.0\.1:\d+\/$/, 'GitHub, and no more of it');
        // The tag and the app's own code share one sign-in.
        const [tag, code] = await page.evaluate(() => [document.querySelector('github-sign-in').user.login, window.portero.user.login]);
        assert.equal(tag, code);
        // Nothing is left for a second taker.
        assert.equal(await page.evaluate(() => window[Symbol.for('portero')].take()), '');
        assert.ok(!record.requests.some(({url}) => url.startsWith('data:')));
      });
    });

    test('finds what is loaded only where it is needed', async () => {
      await withSite(dist, async ({page, record}, demo) => {
        await page.goto(`${demo.url}es/`);
        await untilState(page, 'signed-out');
        await page.waitForFunction((label) => document.querySelector('github-sign-in').shadowRoot.textContent.includes(label), {},
            spanish.signIn);
        // A popup, too.
        await page.goto(demo.url);
        await untilState(page, 'signed-out');
        await page.$eval('github-sign-in', (element) => (element.mode = 'popup'));
        const opened = new Promise((resolve) => page.once('popup', resolve));
        await press(page, 'button');
        const popup = await opened;
        await popup.waitForSelector('#authorize');
        await popup.click('#authorize').catch(() => {}); // it closes by itself
        await untilState(page, 'signed-in');
        assert.deepEqual([...record.console, ...record.violations], []);
      });
    });

    test('signs in without portero.js, too: late, and the console says so', async () => {
      const bare = `${dist}-bare`;
      cpSync(dist, bare, {recursive: true});
      const path = join(bare, 'index.html');
      const page = readFileSync(path, 'utf8');
      const without = page.replace(/<script src="[^"]*portero.js" data-wait[^>]*><\/script>/, '');
      assert.notEqual(without, page);
      writeFileSync(path, without);
      await withSite(bare, async ({page: tab, record}, demo) => {
        await signIn(tab);
        assert.equal(tab.url(), demo.url);
        assert.deepEqual(record.violations, []);
        assert.equal(record.console.length, 2); // once a load
        const missing = /portero: <script src="…\/portero.js" data-wait>.* must come first in <head>/;
        for (const line of record.console) assert.match(line, missing);
      });
    });

    test('carries the module along as it was released, and checks it', () => {
      const {files} = JSON.parse(readFileSync(join(packed.installed, 'integrity.json'), 'utf8'));
      const assets = readdirSync(join(dist, 'assets'));
      const wasm = assets.find((file) => file.endsWith('.wasm'));
      assert.equal(sri(join(dist, 'assets', wasm), 'sha256'), files['portero.wasm']);
      const scripts = assets.filter((file) => file.endsWith('.js')).map((file) => readFileSync(join(dist, 'assets', file), 'utf8'));
      assert.ok(scripts.some((text) => text.includes(files['portero.wasm'])));
      assert.ok(readFileSync(join(dist, 'portero.js')).equals(readFileSync(join(packed.installed, 'web/portero.js'))));
    });
  });
}

test('Vite\'s development server, with the plugin, serves a page that signs in', async () => {
  const port = await freePort();
  const demo = await startDemo('--origin', `http://127.0.0.1:${port}`);
  const root = makeApp(ways['by Vite with the plugin'], demo.url.replace(/\/$/, ''));
  const server = await createServer({root, logLevel: 'error', server: {host: '127.0.0.1', port, strictPort: true}});
  const visitor = await openPage(chromium.browser);
  try {
    await server.listen();
    await visitor.page.goto(`http://127.0.0.1:${port}/`);
    await signIn(visitor.page);
    assertClean(visitor.record);
  } finally {
    await visitor.context.close();
    await server.close();
    await demo.stop();
  }
});

test('a plain page with the package\'s files beside it signs in', async () => {
  const site = join(packed.app, 'plain');
  mkdirSync(site);
  cpSync(join(packed.installed, 'web'), join(site, 'web'), {recursive: true});
  copyFileSync(join(packed.installed, 'portero.wasm'), join(site, 'portero.wasm'));
  copyFileSync('web/icon.svg', join(site, 'favicon.ico'));
  writeFileSync(join(site, 'index.html'), html(readme.html[2]));
  await withSite(site, async ({page, record}) => {
    await signIn(page);
    await shoot(page, 'package-plain');
    assertClean(record);
  });
});
