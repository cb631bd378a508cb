// Two pages made of the npm package, as its README tells one to make them, each signed into: an app bundled by Vite,
// and a plain page with a script tag. Both under the proxy's own policy, which neither may violate.
import assert from 'node:assert/strict';
import {copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {build, createLogger} from 'vite';
import {blocksOf, installPackage, run} from '../packed.mjs';
import {openPage, press, shoot, startBrowser, startDemo, untilState} from './harness.mjs';

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

const html = (inside, language = 'en') => `<!doctype html><html lang="${language}">\n${inside.replaceAll(proxyInReadme, '')}</html>\n`;

/** The app of the README: its files, its one command, its bundle. Gives what Vite warned of. */
async function bundle() {
  const source = join(packed.app, 'src');
  mkdirSync(source);
  mkdirSync(join(packed.app, 'public'));
  const copy = readme.sh[0].split('\n').find((line) => line.startsWith('cp '));
  run(packed.app, 'sh', '-c', copy);
  copyFileSync('web/icon.svg', join(packed.app, 'public/favicon.ico'));
  const [page] = readme.html;
  writeFileSync(join(packed.app, 'index.html'), html(page));
  writeFileSync(join(packed.app, 'es.html'), html(page, 'es'));
  writeFileSync(join(source, 'first.js'), 'window.addressOfTheBundle = location.href;\n');
  writeFileSync(join(source, 'main.js'), `import './first.js';\n${readme.js[0].replaceAll(proxyInReadme, '')}\nwindow.portero = portero;\n`);
  const warnings = [];
  const logger = createLogger('warn');
  logger.warn = logger.warnOnce = (text) => warnings.push(text);
  await build({root: packed.app, configFile: false, customLogger: logger,
    build: {rollupOptions: {input: ['index.html', 'es.html'].map((name) => join(packed.app, name))}}});
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

async function signIn(page) {
  await untilState(page, 'signed-out');
  await Promise.all([page.waitForNavigation(), press(page, 'button')]);
  await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
  await untilState(page, 'signed-in');
}

/** No complaint of the browser, and the code in the address of the page alone: no request after it, no Referer. */
function assertClean(record) {
  assert.deepEqual([...record.console, ...record.violations], []);
  const callbacks = record.requests.filter(({url}) => new URL(url).searchParams.has('code'));
  assert.deepEqual(callbacks.map(({document}) => document), [true]);
  for (const {url, headers} of record.requests) assert.ok(!headers.referer?.includes('code='), url);
}

test('an app bundled by Vite signs in; the bundle never sees the code in the address', async () => {
  assert.deepEqual(await bundle(), []);
  await withSite(join(packed.app, 'dist'), async ({page, record}, demo) => {
    await signIn(page);
    await shoot(page, 'package-bundled');
    assertClean(record);
    assert.equal(await page.evaluate(() => window.addressOfTheBundle), demo.url);
    assert.equal(await page.evaluate(() => document.referrer), '');
    // The tag and the app's own code share one sign-in.
    const [tag, code] = await page.evaluate(() => [document.querySelector('github-sign-in').user.login, window.portero.user.login]);
    assert.equal(tag, code);
    // Nothing is left for a second taker.
    assert.equal(await page.evaluate(() => window[Symbol.for('portero')].take()), '');
    assert.ok(!record.requests.some(({url}) => url.startsWith('data:')));
  });
});

test('the module that the bundle carries along is checked like any other', async () => {
  const {files} = JSON.parse(readFileSync(join(packed.installed, 'integrity.json'), 'utf8'));
  const scripts = run(join(packed.app, 'dist/assets'), 'sh', '-c', 'cat *.js');
  assert.ok(scripts.includes(files['portero.wasm']));
});

test('a part that is loaded only where it is needed is found from the bundle', async () => {
  const demo = await startDemo('--site', join(packed.app, 'dist'));
  const visitor = await openPage(chromium.browser);
  try {
    await visitor.page.goto(`${demo.url}es.html`);
    await untilState(visitor.page, 'signed-out');
    await visitor.page.waitForSelector('github-sign-in >>> ::-p-text(Iniciar sesión con GitHub)', {timeout: 10000});
    assert.deepEqual([...visitor.record.console, ...visitor.record.violations], []);
  } finally {
    await visitor.context.close();
    await demo.stop();
  }
});

test('a plain page with the package\'s files beside it signs in', async () => {
  const site = join(packed.app, 'plain');
  mkdirSync(site);
  cpSync(join(packed.installed, 'web'), join(site, 'web'), {recursive: true});
  copyFileSync(join(packed.installed, 'portero.wasm'), join(site, 'portero.wasm'));
  copyFileSync('web/icon.svg', join(site, 'favicon.ico'));
  writeFileSync(join(site, 'index.html'), html(`<head>${readme.html[1]}<title>Plain</title></head><body><github-sign-in></github-sign-in></body>`));
  await withSite(site, async ({page, record}) => {
    await signIn(page);
    await shoot(page, 'package-plain');
    assertClean(record);
  });
});
