// Tampered files. A site pastes what integrity.txt says; then a host changes one byte of one file. Whatever was changed does not
// run, in two engines; and the check itself cannot be switched off by forgetting its hash in the policy.
import assert from 'node:assert/strict';
import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {after, before, describe, test} from 'node:test';
import puppeteer from 'puppeteer-core';
import {digest} from '../../web/npm/sri.mjs';
import {Deployment, startDemo} from '../deployment.mjs';
import {startBrowser, untilState} from './harness.mjs';

const {files, importMap, importMapHash} = JSON.parse(readFileSync('build/site/integrity.json', 'utf8'));
const text = readFileSync('build/site/integrity.txt', 'utf8');
const names = Object.keys(files);
const modules = names.filter((name) => name.endsWith('.js') && name !== 'web/portero.js');
const bytes = Object.fromEntries(names.map((name) => [name, readFileSync(`build/site/${name}`)]));

/** A copy with the byte at that place (a share of its length) changed. */
function changed(name, share) {
  const copy = Buffer.from(bytes[name]);
  copy[Math.min(copy.length - 1, Math.floor(share * copy.length))] ^= 1;
  return copy;
}

// What the test's pages ask: did a script load, did a module run? A wrong hash is a TypeError; a file that was let
// through and makes no sense would be a SyntaxError.
const probe = `
  const scripts = {};
  const note = ({type, target}) => target.src && (scripts[new URL(target.src).pathname] = type);
  for (const type of ['load', 'error']) document.addEventListener(type, note, true);
  window.asked = {
    scripts,
    module: (url) => import(url).then(() => 'ran', (error) => error.name),
    file: (url, integrity) => fetch(url, {integrity}).then(() => 'ran', (error) => error.name),
  };`;

const types = {js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', html: 'text/html'};
const deployment = new Deployment();
let demo;
let host;
let own;

const pixel = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const oddNames = ['logo@2x.svg', '[slug].svg', 'a b.svg', 'ü€😀.svg', '~$+!\'(),;=&:.svg', '"<>^`{}.svg'];

/** portero itself as the host: its page has the import map, and pictures under names as people have them. */
async function servePage() {
  const site = deployment.path('site');
  cpSync('build/site', site, {recursive: true});
  for (const name of [...oddNames, '100%.svg', 'what?#.svg']) writeFileSync(deployment.path(`site/${name}`), pixel);
  const addresses = [...oddNames.map((name) => name.replace('"', '&quot;')), '100%25.svg', 'what%3F%23.svg'];
  writeFileSync(deployment.path('site/own.html'), `<!doctype html><html lang="en"><head>${headPasted}<title>Own</title></head>
    <body><github-sign-in></github-sign-in>${addresses.map((name) => `<img alt="" src="${name}">`).join('')}</body></html>`);
  const {port} = await deployment.serve(deployment.settings(undefined, {static_dir: site}));
  return `http://127.0.0.1:${port}/own.html`;
}

/** A host on a port of its own; `host.serve({path: bytes, or what gives them}, headers)` says what it has from now on. */
async function startHost() {
  let has = {};
  let sent = {};
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const body = typeof has[request.url] === 'function' ? has[request.url]() : has[request.url];
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, {'content-type': types[request.url.split('.').pop()] ?? types.html, 'cache-control': 'no-store', ...sent})
        .end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    serve(what, headers) {
      has = what;
      sent = headers;
      asked.length = 0;
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

const policy = (hash) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${hash}; style-src 'self'; ` +
    `connect-src 'self' ${host.url.replace('127.0.0.1', 'localhost')} ${demo.url.replace(/\/$/, '')}; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'";
const probeTag = `<script src="probe.js" integrity="${digest('sha384', probe)}" crossorigin></script>`;
/** What integrity.txt has, for files at another address than beside the page; and the policy's hash of its map. */
function pasteFor(address) {
  const map = importMap.replaceAll('"./web/', `"${address}/web/`);
  return {
    head: headPasted.replace(importMap, map).replace('src="web/', `src="${address}/web/`),
    hash: `'${digest('sha256', map)}' ${address}`
  };
}

const headPasted = /^<meta name="referrer"[^]*?^<script src=.*$/m.exec(text)[0];

/** The page of a site that pasted it, on a host that has `other` bytes for some files. */
function serveSite(other = {}, {head = headPasted, hash = `'${importMapHash}'`, headers = {}} = {}) {
  const page = `<!doctype html><html lang="en"><head>${probeTag}${
      head}<link rel="preload" href="portero.wasm" as="fetch" crossorigin><title>A page</title></head>
    <body><github-sign-in proxy="${demo.url}"></github-sign-in></body></html>`;
  const here = Object.fromEntries(names.map((name) => [`/${name}`, other[name] ?? bytes[name]]));
  here['/web/github-sign-in.css'] = readFileSync('build/site/web/github-sign-in.css');
  host.serve({'/': page, '/probe.js': probe, ...here}, {'content-security-policy': policy(hash), ...headers});
}

before(async () => {
  host = await startHost();
  demo = await startDemo('--origin', host.url);
  own = await servePage();
});
after(async () => {
  await demo?.stop();
  await host?.stop();
  await deployment.close();
});

test('what is pasted names every script, and its hashes are those of the files', () => {
  for (const name of names) assert.equal(files[name], digest(name === 'portero.wasm' ? 'sha256' : 'sha384', bytes[name]), name);
  assert.deepEqual(JSON.parse(importMap), {integrity: Object.fromEntries(modules.map((name) => [`./${name}`, files[name]]))});
  assert.ok(headPasted.includes(`<script type="importmap">${importMap}</script>`));
  assert.ok(headPasted.includes(`src="web/portero.js" integrity="${files['web/portero.js']}"`));
  assert.equal(importMapHash, digest('sha256', importMap));
  assert.ok(text.includes(`'${importMapHash}'`));
});

test('every script of the site that can be loaded from another is in the import map', () => {
  for (const name of ['web/portero.js', ...modules]) {
    for (const [, called] of bytes[name].toString().matchAll(/\bimport\(?["']\.\/([\w.]+)["']/g)) {
      assert.ok(modules.includes(`web/${called}`), `${name}: ${called}`);
    }
  }
});

test('the module is fetched by its hash', () => {
  assert.ok(bytes['web/index.js'].includes(`"${files['portero.wasm']}"`));
});

const engines = {
  Chromium: () => startBrowser(),
  Firefox: async () => {
    const browser = await puppeteer.launch(
        {browser: 'firefox', executablePath: process.env.PORTERO_FIREFOX ?? '/usr/bin/firefox-esr', headless: true});
    return {browser, stop: () => browser.close()};
  },
};

for (const [engine, launch] of Object.entries(engines)) {
  describe(engine, () => {
    let started;
    let page;
    before(async () => {
      started = await launch();
      page = await started.browser.newPage();
    });
    after(() => started?.stop());

    const outcome = (name) => page.evaluate(async (wanted) => ({
      module: wanted ? await window.asked.module(`./${wanted}`) : undefined,
      script: window.asked.scripts['/web/portero.js'],
      defined: Boolean(customElements.get('github-sign-in')),
    }), name);

    test('what nobody changed runs', async () => {
      serveSite();
      await page.goto(host.url);
      await untilState(page, 'signed-out');
      for (const name of modules) assert.equal((await outcome(name)).module, 'ran', name);
    });

    for (const share of [0, 0.5, 1]) {
      const where = ['first', 'middle', 'last'][share * 2];
      test(`portero.js with its ${where} byte changed does not run, and loads nothing`, async () => {
        serveSite({'web/portero.js': changed('web/portero.js', share)});
        await page.goto(host.url);
        const {script, defined} = await outcome();
        assert.deepEqual({script, defined}, {script: 'error', defined: false});
        assert.ok(!host.asked.includes('/web/index.js'));
      });

      for (const name of modules) {
        test(`${name} with its ${where} byte changed does not run`, async () => {
          serveSite({[name]: changed(name, share)});
          await page.goto(host.url);
          assert.equal((await outcome(name)).module, 'TypeError');
          if (name === 'web/index.js') assert.equal((await outcome()).defined, false);
        });
      }

      test(`portero.wasm with its ${where} byte changed does not run: core_unavailable`, async () => {
        serveSite({'portero.wasm': changed('portero.wasm', share)});
        await page.goto(host.url);
        await untilState(page, 'error');
        assert.equal(await page.$eval('github-sign-in', (element) => element.error.code), 'core_unavailable');
      });
    }

    test('portero.wasm that is valid, and says one letter otherwise, does not run', async () => {
      const other = Buffer.from(bytes['portero.wasm'].toString('latin1').replace('state_unknown', 'state_unknowN'), 'latin1');
      assert.ok(!other.equals(bytes['portero.wasm']) && WebAssembly.validate(other));
      serveSite({'portero.wasm': other});
      await page.goto(host.url);
      await untilState(page, 'error');
      assert.equal(await page.$eval('github-sign-in', (element) => element.error.code), 'core_unavailable');
    });

    test('portero.wasm that the browser has kept from another release is fetched anew', async () => {
      const context = await started.browser.createBrowserContext(); // with a cache of its own
      const visitor = await context.newPage();
      let times = 0;
      const wasm = () => (times++ ? bytes['portero.wasm'] : changed('portero.wasm', 1));
      serveSite({'portero.wasm': wasm}, {headers: {'cache-control': 'max-age=600'}});
      await visitor.goto(host.url);
      await untilState(visitor, 'signed-out');
      assert.ok(times > 1);
      await context.close();
    });

    test('a thousand changed copies, a byte each, over the length of every file: not one runs', async () => {
      const each = Math.ceil(1000 / names.length);
      const copies = names.flatMap(
          (name) => Array.from({length: each}, (_, i) => ({name, path: `/${i}/${name}`, body: changed(name, i / (each - 1))})));
      const controls = names.map((name) => ({name, path: `/same/${name}`, body: bytes[name]}));
      const all = [...copies, ...controls];
      const isModule = ({name}) => modules.includes(name);
      const map = JSON.stringify({integrity: Object.fromEntries(all.filter(isModule).map(({name, path}) => [path, files[name]]))});
      const tags = all.filter(({name}) => name === 'web/portero.js')
          .map(({name, path}) => `<script src="${path}" integrity="${files[name]}" async></script>`);
      const html = `<!doctype html><html lang="en"><head>${probeTag}<script type="importmap">${
          map}</script><title>Copies</title></head><body>${tags.join('')}</body></html>`;
      host.serve({'/': html, '/probe.js': probe, ...Object.fromEntries(all.map(({path, body}) => [path, body]))},
          {'content-security-policy': policy(`'${digest('sha256', map)}'`)});
      await page.goto(host.url);
      const rest = all.filter(({name}) => name !== 'web/portero.js')
          .map((copy) => ({path: copy.path, integrity: isModule(copy) ? undefined : files[copy.name]}));
      const outcomes = await page.evaluate(async (asked) => ({
        ...window.asked.scripts,
        ...Object.fromEntries(await Promise.all(asked.map(async ({path, integrity}) =>
          [path, await (integrity ? window.asked.file(path, integrity) : window.asked.module(path))]))),
      }), rest);
      assert.ok(copies.length >= 1000);
      for (const {path, name} of copies) assert.equal(outcomes[path], name === 'web/portero.js' ? 'error' : 'TypeError', path);
      // The same page runs what was not changed, so it is the byte that is refused.
      for (const {path, name} of controls) assert.equal(outcomes[path], name === 'web/portero.js' ? 'load' : 'ran', path);
    });

    test('portero as the host lets the map of its own page run, and has each picture where the browser asks for it', async () => {
      const said = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(own, {waitUntil: 'load'});
      await page.waitForFunction(() => customElements.get('github-sign-in'));
      assert.deepEqual(said.filter((text) => /Content.Security.Policy|integrity/i.test(text)), []);
      assert.deepEqual(await page.$$eval('img', (all) => all.filter((one) => one.naturalWidth === 0).map((one) => one.src)), []);
      page.removeAllListeners('console');
    });

    test('from another origin, a CDN, all is the same', async () => {
      const cdn = host.url.replace('127.0.0.1', 'localhost');
      const paste = pasteFor(cdn);
      const headers = {'access-control-allow-origin': '*'};
      serveSite({}, {...paste, headers});
      await page.goto(host.url);
      await untilState(page, 'signed-out');
      for (const name of modules) assert.equal(await page.evaluate((url) => window.asked.module(url), `${cdn}/${name}`), 'ran', name);
      for (const name of modules) {
        serveSite({[name]: changed(name, 0.3)}, {...paste, headers});
        await page.goto(host.url);
        assert.equal(await page.evaluate((url) => window.asked.module(url), `${cdn}/${name}`), 'TypeError', name);
      }
      serveSite({'portero.wasm': changed('portero.wasm', 0.3)}, {...paste, headers});
      await page.goto(host.url);
      await untilState(page, 'error');
    });

    describe('a policy without the hash of the import map', () => {
      // A change that still makes sense, so that it runs wherever nobody checks.
      const victim = modules.find((name) => bytes[name].includes('Sign in with GitHub'));
      const evil = Buffer.from(bytes[victim].toString().replace('Sign in with GitHub', 'Sign in with GitHuB'));

      test('would make the check vanish: the changed script runs', async () => {
        serveSite({[victim]: evil}, {hash: ''});
        await page.goto(host.url);
        await untilState(page, 'signed-out');
        assert.equal(await page.$eval('github-sign-in', (element) => element.shadowRoot.textContent.includes('GitHuB')), true);
      });

      test('is not the one to paste: with that, the same script does not run', async () => {
        serveSite({[victim]: evil});
        await page.goto(host.url);
        const {module, defined} = await outcome(victim);
        assert.deepEqual({module, defined}, {module: 'TypeError', defined: false});
      });

      test('runs nothing at all beside the Integrity-Policy to paste', async () => {
        const [, integrityPolicy] = /^Integrity-Policy: (.*)$/m.exec(text);
        serveSite({}, {headers: {'integrity-policy': integrityPolicy}});
        await page.goto(host.url);
        await untilState(page, 'signed-out'); // with the hash all is as before
        for (const other of [{}, {[victim]: evil}]) {
          serveSite(other, {hash: '', headers: {'integrity-policy': integrityPolicy}});
          await page.goto(host.url);
          const {script, module, defined} = await outcome(victim);
          assert.deepEqual({script, module, defined}, {script: 'load', module: 'TypeError', defined: false});
        }
      });
    });
  });
}
