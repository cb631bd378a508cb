// The first script of a page: which addresses it changes, and to what. The rest of the page is the browser tests'.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../../web/portero.js', import.meta.url), 'utf8');

/** Runs the script at `href`: the address after it, the callbacks handed over, the modules asked for, the window. */
async function visit(href, {times = 1, src = 'https://page.example/app/web/portero.js', dataset = {}} = {}) {
  const seen = {href, kept: null, imports: [], received: [], window: {}};
  const context = vm.createContext({
    window: seen.window, URL, URLSearchParams, Symbol,
    location: {href},
    document: {currentScript: {src, dataset}},
    history: {
      state: {kept: 1},
      replaceState(state, _, url) {
        seen.kept = state;
        seen.href = String(url);
      },
    },
    async load(specifier) {
      seen.imports.push(specifier);
      return {define: (query) => seen.received.push(query)};
    },
  });
  assert.equal(source.split('import(').length, 2); // node runs no import() here without a flag
  for (let time = 0; time < times; time++) vm.runInContext(source.replace('import(', 'load('), context);
  await new Promise(setImmediate);
  return seen;
}

const page = 'https://page.example/app/';
const scrubbed = [
  ['a code', '?code=c&state=portero.s', ''],
  ['an iss', '?code=c&state=portero.s&iss=https%3A%2F%2Fgithub.com', ''],
  ['a refusal', '?error=access_denied&error_description=no&error_uri=u&state=portero.s', ''],
  ['a popup’s', '?code=c&state=portero-popup.s', ''],
  ['others before, between and behind', '?a=%41+b&code=c&b=%20&&state=portero.s&c#h', '?a=%41+b&b=%20&&c#h'],
  ['a name like ours', '?codex=1&code=c&state=portero.s&mystate=2', '?codex=1&mystate=2'],
  ['an escaped name', '?c%6Fde=c&state=portero.s', ''],
  ['a doubled code', '?code=c&code=d&state=portero.s', ''],
  ['a doubled state', '?code=c&state=x&state=portero.s', ''],
  ['a doubled question mark', '??x=1&code=c&state=portero.s', '??x=1'],
  ['an empty code', '?code=&state=portero.s', ''],
];
for (const [what, before, after] of scrubbed) {
  test(`A callback with ${what} leaves ${after || 'a clean address'}`, async () => {
    const {href, received, kept} = await visit(page + before);
    assert.equal(href, page + after);
    assert.deepEqual(received, [before.replace(/#.*/, '')]);
    assert.deepEqual(kept, {kept: 1});
  });
}

const untouched = [
  '', '?code=c', '?code=c&state=other', '?code=c&state=xportero.s', '?code=c&state=porteros', '?state=portero.s', '?error=e&state=s',
  '#code=c&state=portero.s', '?q=code=c%26state=portero.s'
];
for (const query of untouched) {
  test(`The address ${query || 'without a query'} is left alone`, async () => {
    const {href, received, kept} = await visit(page + query);
    assert.equal(href, page + query);
    assert.deepEqual(received, ['']);
    assert.equal(kept, null);
  });
}

test('The modules are found beside the script, wherever the page lies', async () => {
  const {imports} = await visit('https://page.example/deep/er/', {src: 'https://cdn.example/p/portero.js?v=1'});
  assert.deepEqual(imports, ['https://cdn.example/p/index.js']);
});

test('Included twice it hands over once', async () => {
  const {received, imports} = await visit(`${page}?code=c&state=portero.s`, {times: 2});
  assert.deepEqual(received, ['?code=c&state=portero.s']);
  assert.equal(imports.length, 1);
});

test('No global holds the callback', async () => {
  const {window} = await visit(`${page}?code=SECRET&state=portero.s`);
  const values = Reflect.ownKeys(window).map((key) => String(window[key]));
  assert.ok(!values.join().includes('SECRET'));
});

test('Scripts that cannot import() find what it imports at the window, under a symbol', async () => {
  const {window} = await visit(`${page}?code=c&state=portero.s`, {times: 2});
  assert.equal(typeof (await window[Symbol.for('portero')]).define, 'function');
});

test('With data-wait it imports nothing, and keeps the callback for one taker', async () => {
  const {href, imports, received, window} = await visit(`${page}?a=1&code=c&state=portero.s`, {dataset: {wait: ''}});
  assert.equal(href, `${page}?a=1`);
  assert.deepEqual([imports, received], [[], []]);
  const {take} = window[Symbol.for('portero')];
  assert.deepEqual([take(), take()], ['?a=1&code=c&state=portero.s', '']);
});

test('With data-wait and no callback there is nothing to take', async () => {
  const {window} = await visit(page, {dataset: {wait: ''}, times: 2});
  assert.equal(window[Symbol.for('portero')].take(), '');
});
