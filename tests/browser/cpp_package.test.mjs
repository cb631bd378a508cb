// The C++ client as a package: found, complete, for any hosting and other flags, and as docs/cpp.md says.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {assertQuiet, decide, example, filesOf, host, preparePlace, run, signIn, succeed, untilSaid} from './cpp_program.mjs';
import {openPage, startBrowser} from './harness.mjs';

let place;
let chromium;

before(async () => {
  place = preparePlace('package');
  chromium = await startBrowser();
});
after(async () => chromium?.stop());

/** A static host for a program yet to be built, and a proxy that knows it: {url, proxy, stop()}. */
async function elsewhere(name, hostname, headers) {
  const files = await host((file) => filesOf(join(place.path, name, 'page'))(file), headers);
  const url = `http://${hostname}:${files.port}/`;
  const proxy = await startDemo('--site', place.path, '--origin', url.slice(0, -1));
  const stop = async () => {
    files.stop();
    await proxy.stop();
  };
  return {url, proxy, address: proxy.url.slice(0, -1), stop};
}

test('On another site than its proxy, with threads and growing memory, a program signs in as well', async () => {
  const isolated = {'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp'};
  const {url, proxy, address, stop} = await elsewhere('far', 'localhost', isolated); // the proxy is at 127.0.0.1
  try {
    place.build(example, 'far', `-DPROXY=${address}`, '-DCMAKE_CXX_FLAGS=-pthread', '-DCMAKE_EXE_LINKER_FLAGS=-sALLOW_MEMORY_GROWTH');
    const {page, record} = await openPage(chromium.browser);
    await page.goto(url);
    assert.equal(await page.evaluate(() => window.Module.HEAPU8.buffer instanceof SharedArrayBuffer), true);
    await signIn(page, proxy);
    assert.equal(page.url(), url);
    await page.reload();
    await untilSaid(page, 'Welcome');
    assertQuiet(record);
  } finally {
    await stop();
  }
});

test('The smallest program of docs/cpp.md, built as it is printed, greets who comes', async () => {
  const {url, proxy, address, stop} = await elsewhere('game', '127.0.0.1');
  try {
    const text = readFileSync('docs/cpp.md', 'utf8').replaceAll('https://auth.example.com', address);
    const block = (kind) => new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'm').exec(text)[1];
    const source = join(place.path, 'printed');
    mkdirSync(source);
    writeFileSync(join(source, 'CMakeLists.txt'), block('cmake'));
    writeFileSync(join(source, 'main.cpp'), block('cpp'));
    const folder = place.build(source, 'game');
    succeed('java', '-jar', 'tests/node_modules/vnu-jar/build/dist/vnu.jar', join(folder, 'index.html'));
    const {page, record} = await openPage(chromium.browser);
    const lines = [];
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(url);
    await until(() => lines.includes('Hello, stranger'), 'a greeting');
    await Promise.all([page.waitForNavigation(), page.mouse.click(500, 400)]);
    await decide(page, 'Authorize', proxy);
    await until(() => lines.some((line) => line.startsWith('Hello, ada')), 'a greeting by name');
    assertQuiet(record);
  } finally {
    await stop();
  }
});

test('The package is found by version, and not by a native compiler', () => {
  const find = (version, ...more) => run('cmake', '-S', 'tests/browser/find_portero', '-B', join(place.path, 'find'), '--fresh',
      '-G', 'Ninja', place.portero, `-DVERSION=${version}`, ...more).said;
  assert.match(find('0.1', '-DEMSCRIPTEN=1'), /^found: 0\.1\.0/m);
  assert.match(find('0.2', '-DEMSCRIPTEN=1'), /^not found/m);
  assert.match(find('0.1'), /^not found: .*Emscripten/m);
});

test('Nothing of this tree is needed once the package is installed', () => {
  const texts = readdirSync(place.installed, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.(cmake|h|js|in|css)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.path, entry.name), 'utf8'));
  assert.ok(texts.length > 10);
  for (const text of texts) assert.ok(!text.includes(resolve('.')));
});
