// What script/frameworks does, in order: a site, where its build leaves the files, how it switches pages, in which browsers.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {runIn, tarball} from './make.mjs';

const chromium = ['chromium'];
const both = ['chromium', 'firefox'];
// Generators that put tags of their own before ours: what those ask for has the code in its Referer, unless the server says this.
const headers = {'referrer-policy': 'no-referrer'};

/** The site with the plugin as it stands in the README: its build fails, and says what to write. */
const refused = (site, config, ...says) => ({
  name: `${site} without the two lines: its build fails`,
  run({layOut, proxy}) {
    const place = layOut(site, proxy);
    const path = join(place, config);
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes('portero({head: false})'));
    writeFileSync(path, text.replace('portero({head: false})', 'portero()'));
    const {status, said} = runIn(place, 'build');
    assert.notEqual(status, 0);
    for (const words of ['portero({head: false})', ...says]) assert.ok(said.includes(words), `${words} is not in:\n${said}`);
  },
});

/** A program of tests/frameworks/types over the package, or over a file there that uses it: it finds nothing. */
const checks = (name, program, ...args) => ({
  name,
  run({layOut, proxy}) {
    const {status, said} = runIn(layOut('types', proxy), program, ...args.map((one) => one.replace('TARBALL', tarball())));
    assert.equal(status, 0, said);
  },
});

const html = '/second.html';

export const cases = [
  {name: 'Astro', site: 'astro', out: 'dist', browsers: chromium},
  {name: 'Astro, ClientRouter', site: 'astro', out: 'dist', first: '/router/', second: '/router/second/', soft: true, browsers: both},
  refused('astro', 'astro.config.mjs', 'Astro', 'src/layouts/*.astro', '<script is:inline src="/portero.js" data-wait></script>'),
  {name: 'VitePress', site: 'vitepress', out: '.vitepress/dist', second: html, soft: true, headers, browsers: chromium},
  refused('vitepress', '.vitepress/config.mjs', 'VitePress', '.vitepress/config', "['script', {src: '/portero.js', 'data-wait': ''}]"),
  {name: 'SvelteKit', site: 'sveltekit', out: 'build', second: '/second', soft: true, browsers: chromium},
  refused('sveltekit', 'vite.config.js', 'SvelteKit', 'src/app.html', '<script src="%sveltekit.assets%/portero.js" data-wait></script>'),
  {name: 'Next, exported', site: 'next', out: 'out', second: '/second', soft: true, headers, browsers: chromium},
  {name: 'Turbo', site: 'turbo', out: 'public', second: html, soft: true, browsers: both},
  checks('the package, publint', 'publint', '--strict', 'node_modules/portero'),
  checks('the package, are the types wrong', 'attw', 'TARBALL', '--profile',
    'esm-only', '--exclude-entrypoints', 'portero.js', 'portero.wasm'),
];
