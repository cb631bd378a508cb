// The first script of a page: which addresses it changes, and to what. The rest of the page is the browser tests'.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../../web/portero.js', import.meta.url), 'utf8');

/** Runs the script at `href`: the address after it, the callbacks handed over, the modules asked for, the window. */
async function visit(href,
    {times = 1, src = 'https://page.example/app/web/portero.js', dataset = {}, script = {src, dataset}, loads = true, document} = {}) {
  const seen = {href, kept: null, imports: [], received: [], window: {}, logged: []};
  const context = vm.createContext({
    window: seen.window, URL, URLSearchParams, Symbol,
    location: {href},
    document: {readyState: 'complete', currentScript: script, ...document},
    console: {error: (...texts) => seen.logged.push(texts.join(' '))},
    history: {
      state: {kept: 1},
      replaceState(state, _, url) {
        seen.kept = state;
        seen.href = String(url);
      },
    },
    async load(specifier) {
      seen.imports.push(specifier);
      if (!loads) throw new TypeError(`no ${specifier}`);
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

const installed = [
  ['a code', '?code=c&installation_id=1&setup_action=install', ''],
  ['a code and no action', '?code=c&installation_id=1', ''],
  ['an update without a code', '?installation_id=1&setup_action=update', ''],
  ['a request to the owners', '?setup_action=request', ''],
  ['a request and a code', '?code=c&setup_action=request', ''],
  ['others around it', '?a=%41+b&code=c&installation_id=1&b=%20#h', '?a=%41+b&b=%20#h'],
  ['escaped names', '?c%6Fde=c&installation%5Fid=1', ''],
  ['what an answer to us has, too', '?code=c&installation_id=1&iss=i&error_uri=u', '?iss=i&error_uri=u'],
];
for (const [what, before, after] of installed) {
  test(`GitHub’s return from an installation with ${what} leaves ${after || 'a clean address'}, and is handed over`, async () => {
    const {href, received, kept} = await visit(page + before);
    assert.equal(href, page + after);
    assert.deepEqual(received, [before.replace(/#.*/, '')]);
    assert.deepEqual(kept, {kept: 1});
  });
}

test('An answer to us that names an installation of the page’s own keeps that', async () => {
  const {href} = await visit(`${page}?code=c&state=portero.s&installation_id=1&setup_action=x`);
  assert.equal(href, `${page}?installation_id=1&setup_action=x`);
});

for (const [how, script] of [['a module, or evaluated', null], ['inlined', {src: '', dataset: {}}], ['in an SVG', {dataset: {}}]]) {
  test(`As ${how} it says what to write, keeps the callback for a bundle, and throws nothing`, async () => {
    const {href, logged, imports, window} = await visit(`${page}?code=c&state=portero.s`, {script});
    assert.equal(href, page);
    assert.deepEqual([logged.length, imports], [1, []]);
    assert.match(logged[0], /<script src="web\/portero\.js"><\/script>.*first in <head>/);
    assert.equal(window[Symbol.for('portero')].take(), '?code=c&state=portero.s');
  });
}

test('Evaluated by another script it says what to write, and why, once; who waits for its modules learns of it', async () => {
  const {logged, window} = await visit(page, {src: 'https://page.example/app/bundle.js', loads: false});
  assert.equal(logged.length, 1);
  assert.match(logged[0], /<script src="web\/portero\.js"><\/script>.*no https:\/\/page\.example\/app\/index\.js/);
  await assert.rejects(window[Symbol.for('portero')]);
});

test('Inlined with data-wait it has all it needs', async () => {
  const {logged, imports, window} = await visit(`${page}?code=c&state=portero.s`, {src: '', dataset: {wait: ''}});
  assert.deepEqual([logged, imports], [[], []]);
  assert.equal(window[Symbol.for('portero')].take(), '?code=c&state=portero.s');
});

const untouched = [
  '?code=c&installation_id=1&state=mine', '?setup_action=install&state=', '?installation_id=1', '?code=c&setup_actions=install',
  '#code=c&installation_id=1', '?q=code=c%26setup_action=request',
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

// Firefox takes no import map after the first module. A map that may still come is waited for, and nothing else.
for (const [when, readyState, found, waits] of [
  ['while the page is parsed', 'loading', null, true],
  ['when it has been', 'interactive', null, false],
  ['after an import map, or a modulepreload, which Firefox takes for a module', 'loading', {}, false],
]) {
  test(`${when} the modules are asked for ${waits ? 'once no import map can come any more' : 'at once'}`, async () => {
    const document = Object.assign(new EventTarget(), {readyState, querySelector: () => found});
    document.addEventListener = document.addEventListener.bind(document);
    const seen = await visit(`${page}?code=c&state=portero.s`, {document});
    assert.deepEqual([seen.href, seen.imports.length], [page, waits ? 0 : 1]);
    document.dispatchEvent(new Event('readystatechange'));
    await new Promise(setImmediate);
    assert.deepEqual([seen.imports.length, seen.received], [1, ['?code=c&state=portero.s']]);
    document.dispatchEvent(new Event('readystatechange'));
    await new Promise(setImmediate);
    assert.equal(seen.imports.length, 1);
    assert.equal(typeof (await seen.window[Symbol.for('portero')]).define, 'function');
  });
}

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

test('What a bundle takes where this script is missing is what it takes, to the letter', async (t) => {
  const {takeLate} = await import('../../web/npm/late.js');
  t.after(() => ['location', 'history'].forEach((name) => delete globalThis[name]));
  const both = '?code=c&state=portero.s&installation_id=1&setup_action=x';
  const queries = [...scrubbed, ...installed].map(([, before]) => before).concat(untouched, both);
  for (const query of queries) {
    const late = {href: page + query, kept: null};
    globalThis.location = {href: page + query};
    globalThis.history = {state: {kept: 1}, replaceState: (kept, _, url) => Object.assign(late, {kept, href: `${url}`})};
    const taken = takeLate();
    const {href, received, kept} = await visit(page + query);
    assert.deepEqual({...late, taken}, {href, kept, taken: received[0]}, query);
  }
});
