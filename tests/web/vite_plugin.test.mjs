// The Vite plugin where a generator writes the HTML and nobody asks the plugin for a head: the build fails and says what to
// write. Where no pages are made, or a failure has another cause, it keeps out of the way. Generators are played by a plugin
// that is named as theirs: script/frameworks has the real ones.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {after, before, test} from 'node:test';
import {build, createBuilder, createServer} from 'vite';
import {installPackage} from '../packed.mjs';

let packed;
let portero;
let root;

before(async () => {
  packed = installPackage();
  ({default: portero} = await import(pathToFileURL(join(packed.installed, 'web/vite.js'))));
  root = join(packed.app, 'site');
  mkdirSync(root);
  writeFileSync(join(root, 'entry.js'), 'export const here = 1;\nconsole.log(here);\n');
  writeFileSync(join(root, 'index.html'), '<!doctype html><html><head><title>t</title></head><body></body></html>');
});
after(() => packed?.remove());

const named = (name) => ({name});
const settings = (plugins, {build: more, ...rest} = {}) => ({
  root, configFile: false, logLevel: 'silent', plugins, ...rest,
  build: {rollupOptions: {input: join(root, 'entry.js')}, emptyOutDir: true, ...more},
});
const lines = /no page's HTML came through Vite[^]*Write these two lines/;

test('a page that comes through Vite has the two lines first', async () => {
  await build(settings([portero()], {build: {rollupOptions: {input: join(root, 'index.html')}}}));
  const html = readFileSync(join(root, 'dist/index.html'), 'utf8');
  assert.match(html, /<head>\s*<meta name="referrer" content="no-referrer">\s*<script src="\/portero.js" data-wait><\/script>/);
});

for (const [name, plugin, ...says] of [
  ['an unknown generator', 'other', 'first in <head> of every page', '<script src="/app/portero.js" data-wait></script>'],
  ['Astro', 'astro:build', 'Astro writes it', 'src/layouts/*.astro', '<script is:inline src="/app/portero.js" data-wait></script>'],
  ['SvelteKit', 'vite-plugin-sveltekit-setup', 'src/app.html', '<script src="%sveltekit.assets%/portero.js" data-wait></script>'],
  ['VitePress', 'vitepress', '.vitepress/config', "['script', {src: '/app/portero.js', 'data-wait': ''}]"],
]) {
  test(`where none does, the build fails with the lines to write: ${name}`, async () => {
    await assert.rejects(build(settings([named(plugin), portero()], {base: '/app/'})), ({message}) => {
      assert.match(message, lines);
      for (const words of ['portero({head: false})', 'no-referrer', ...says]) assert.ok(message.includes(words), message);
      return true;
    });
  });
}

test('with head: false it passes, has portero.js, and has no hook for pages that a generator could warn of', async () => {
  const plugin = portero({head: false});
  assert.ok(!plugin.transformIndexHtml);
  await build(settings([plugin]));
  assert.ok(readFileSync(join(root, 'dist/portero.js')).equals(readFileSync(join(packed.installed, 'web/portero.js'))));
});

test('what a server runs, a library and the development server have no pages, so nothing fails', async () => {
  await build(settings([portero()], {build: {ssr: true}}));
  await build(settings([portero()], {build: {lib: {entry: join(root, 'entry.js'), formats: ['es']}}}));
  const server = await createServer({...settings([portero()]), server: {middlewareMode: true}, appType: 'custom'});
  await server.close();
});

test('one plugin for the server\'s part and the pages\', one after the other or side by side: the pages\' counts', async () => {
  const one = portero();
  const server = () => build(settings([one], {build: {ssr: true, outDir: 'server'}}));
  const pages = () => build(settings([one], {build: {outDir: 'pages'}}));
  await server();
  await assert.rejects(pages(), lines);
  const both = portero();
  const results = await Promise.allSettled([
    build(settings([both], {build: {outDir: 'pages'}})), build(settings([both], {build: {ssr: true, outDir: 'server'}})),
  ]);
  assert.match(`${results[0].reason}`, lines);
});

test('environments of one build: that of the pages counts', async () => {
  const builder = await createBuilder(settings([portero()], {
    environments: {ssr: {build: {ssr: true, outDir: 'server', rollupOptions: {input: join(root, 'entry.js')}}}},
    builder: {sharedPlugins: true},
  }));
  await builder.build(builder.environments.ssr);
  await assert.rejects(builder.build(builder.environments.client), lines);
});

test('a build that fails says its own error', async () => {
  const broken = {name: 'broken', generateBundle() {
    throw new Error('of another plugin');
  }};
  await assert.rejects(build(settings([portero(), broken])), /of another plugin/);
  writeFileSync(join(root, 'wrong.js'), 'import "./nowhere.js";');
  await assert.rejects(build(settings([portero()], {build: {rollupOptions: {input: join(root, 'wrong.js')}}})), /nowhere/);
});
