// A C++ program on a page: installs the package, builds against it as anybody would, hosts what came out, and reads
// what the program says of its picture.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {join, resolve} from 'node:path';

const toolchain = '/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake';

export const example = 'docs/examples/canvas';

export function run(command, ...args) {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', env: {...process.env, NODE_PATH: '/usr/share/nodejs'}});
  return {status, said: stdout + stderr};
}

export function succeed(command, ...args) {
  const {status, said} = run(command, ...args);
  assert.equal(status, 0, `${command} ${args.join(' ')}:\n${said}`);
  return said;
}

/** A folder of its own for a test file, with the package in it: {path, package, build(source, name, ...settings)}. */
export function preparePlace(name) {
  const path = resolve('build/cpp', name);
  rmSync(path, {recursive: true, force: true});
  const installed = join(path, 'package');
  const portero = `-Dportero_DIR=${join(installed, 'lib/cmake/portero')}`;
  succeed('cmake', '--install', 'build/wasm', '--component', 'client', '--prefix', installed);
  return {
    path,
    installed,
    portero,
    /** The folder to upload. */
    build(source, folder, ...settings) {
      const build = join(path, folder);
      succeed('cmake', '-G', 'Ninja', '-S', source, '-B', build, `-DCMAKE_TOOLCHAIN_FILE=${toolchain}`, portero, ...settings);
      succeed('cmake', '--build', build);
      return join(build, 'page');
    },
  };
}

const types = {html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', svg: 'image/svg+xml'};

/** A static host: what `find` gives for a path, as its type says. */
export async function host(find, headers = {}) {
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://host').pathname.slice(1) || 'index.html';
    const body = find(name);
    response.writeHead(body ? 200 : 404, {'content-type': types[name.split('.').pop()] ?? 'text/plain', ...headers}).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return {port: server.address().port, stop: () => (server.closeAllConnections(), server.close())};
}

export const filesOf = (folder) => (name) => existsSync(join(folder, name)) && readFileSync(join(folder, name));

/** What the program says of its picture. */
export const said = (page) => page.$eval('#canvas', (canvas) => canvas.getAttribute('aria-label'));

export async function untilSaid(page, words) {
  await page
      .waitForFunction(
          (wanted) => document.querySelector('#canvas')?.getAttribute('aria-label')?.includes(wanted), {timeout: 20000}, words)
      .catch(async () => assert.fail(`"${words}" was never said, but "${await said(page)}"`));
}

/** Clicks where the picture shows the button, on 1000 x 800 pixels. */
export const clickButton = (page) => page.mouse.click(500, 657);

export async function decide(page, text, {githubUrl}) {
  await page.waitForFunction((origin) => location.origin === origin, {}, new URL(githubUrl).origin);
  for (const button of await page.$$('button')) {
    if ((await button.evaluate((element) => element.textContent.trim())).startsWith(text)) {
      await Promise.all([page.waitForNavigation(), button.click()]);
      return;
    }
  }
  assert.fail(`the consent page has no button ${text}`);
}

export async function signIn(page, demo) {
  await untilSaid(page, 'Press Enter to sign in');
  await Promise.all([page.waitForNavigation(), clickButton(page)]);
  await decide(page, 'Authorize', demo);
  await untilSaid(page, 'Welcome');
}

export function assertQuiet({violations, console}) {
  assert.deepEqual(violations, []);
  assert.deepEqual(console, []);
}
