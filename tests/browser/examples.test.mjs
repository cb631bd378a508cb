// The examples of docs/embedding.md, put together as one page, which portero itself serves under the policy of docs/hosting.md.
import assert from 'node:assert/strict';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {press, shoot, signIn, startBrowser, untilState, useVisitors} from './harness.mjs';

const text = readFileSync('docs/embedding.md', 'utf8');
const examples = (language) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, code]) => code);
const openVisitor = useVisitors();
const site = mkdtempSync(join(tmpdir(), 'portero-examples-'));
let demo;
let chromium;

before(async () => {
  const [greeting] = examples('js').filter((code) => code.includes('#greeting'));
  const [tag] = examples('html').filter((code) => code.includes('slot="label"'));
  cpSync('build/site', site, {recursive: true});
  writeFileSync(join(site, 'example.css'), examples('css').join('\n'));
  writeFileSync(join(site, 'example.js'), greeting);
  writeFileSync(join(site, 'door.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  rmSync(join(site, 'index.html.br'), {force: true});
  writeFileSync(join(site, 'index.html'), `<!doctype html><html lang="en"><head><title>examples</title>
<script src="web/portero.js"></script><link rel="icon" href="door.svg"><link rel="stylesheet" href="example.css"></head>
<body><p id="greeting"></p>${tag}<p class="for-members" hidden>members</p></body></html>`);
  demo = await startDemo('--site', site);
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
  rmSync(site, {recursive: true, force: true});
});

test('they work, and the policy of the page has nothing against them', async () => {
  const {page, record} = await openVisitor(chromium.browser, undefined, demo.url);
  await untilState(page, 'signed-out');
  const colour = await page.$eval('github-sign-in', ({shadowRoot}) =>
    getComputedStyle(shadowRoot.querySelector('[part~=button]')).backgroundColor);
  assert.equal(colour, 'rgb(26, 127, 55)');
  await shoot(page, 'examples');
  await signIn(page);
  assert.deepEqual([record.console, record.violations], [[], []]);
});

test('a script that comes late greets who is there, and forgets who signs out', async () => {
  const {page, record} = await openVisitor(chromium.browser, undefined, demo.url);
  await signIn(page);
  const greeting = () => page.$eval('#greeting', (one) => one.textContent);
  await page.evaluate(() => import('/example.js'));
  assert.match(await greeting(), /^Hello, \S+$/);
  await press(page, 'sign-out');
  await untilState(page, 'signed-out');
  assert.equal(await greeting(), '');
  assert.deepEqual([record.console, record.violations], [[], []]);
});
