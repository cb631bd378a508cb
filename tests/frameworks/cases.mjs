// What script/frameworks does, in order: a site, where its build leaves the files, how it switches pages, in which browsers.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {until} from '../programs.mjs';
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

/** Turbo fetches the page again and morphs what is there into it: the tag's state is not in what the server sends. */
async function refreshByMorphing({tab}) {
  await tab.evaluate(() => {
    globalThis.mark = 2;
    document.querySelector('h1').textContent = 'before';
    globalThis.Turbo.session.refresh(location.href);
  });
  await until(() => tab.evaluate(() => document.querySelector('h1').textContent === 'second'), 'the page was morphed');
  await tab.untilState('signed-in');
  assert.equal(await tab.evaluate(() => globalThis.mark), 2, 'the document stays');
}

/** The site's own modules run, whatever portero.js does before their map. */
const ranModule = ({tab}) => until(
    () => tab.evaluate(() => document.querySelector('#module').textContent === 'the module ran'), 'the site\'s module ran');

export const cases = [
  {name: 'Astro', site: 'astro', out: 'dist', browsers: chromium},
  {name: 'Astro, ClientRouter', site: 'astro', out: 'dist', first: '/router/', second: '/router/second/', soft: true, browsers: both},
  refused('astro', 'astro.config.mjs', 'Astro', 'src/layouts/*.astro', '<script is:inline src="/portero.js" data-wait></script>'),
  {name: 'VitePress', site: 'vitepress', out: '.vitepress/dist', second: html, soft: true, headers, browsers: chromium},
  refused('vitepress', '.vitepress/config.mjs', 'VitePress', '.vitepress/config', "['script', {src: '/portero.js', 'data-wait': ''}]"),
  {name: 'SvelteKit', site: 'sveltekit', out: 'build', second: '/second', soft: true, browsers: chromium},
  refused('sveltekit', 'vite.config.js', 'SvelteKit', 'src/app.html', '<script src="%sveltekit.assets%/portero.js" data-wait></script>'),
  {name: 'Next, exported', site: 'next', out: 'out', second: '/second', soft: true, headers, browsers: chromium},
  {name: 'Docusaurus', site: 'docusaurus', out: 'build', second: '/second/', soft: true, browsers: chromium},
  {name: 'Turbo', site: 'turbo', out: 'public', second: html, soft: true, browsers: both, then: refreshByMorphing},
  {name: 'htmx', site: 'htmx', out: 'public', second: html, soft: true, browsers: chromium},
  {name: 'import map behind portero.js', site: 'importmap', out: 'public', second: html, browsers: both, then: ranModule},
  checks('the package, publint', 'publint', '--strict', 'node_modules/portero'),
  checks('the package, are the types wrong', 'attw', 'TARBALL', '--profile',
    'esm-only', '--exclude-entrypoints', 'portero.js', 'portero.wasm'),
  ...['React', 'Preact', 'Solid'].map((name) => checks(`${name}'s types`, 'tsc', '-p', name.toLowerCase())),
  checks('Vue\'s types', 'vue-tsc', '-p', 'vue'),
  checks('Svelte\'s types', 'svelte-check', '--workspace', 'svelte', '--tsconfig', './tsconfig.json', '--fail-on-warnings'),
  checks('Angular\'s template', 'ngc', '-p', 'angular'),
];
