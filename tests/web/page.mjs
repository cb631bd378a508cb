// A page's client without a browser: the scripts of web/ as one bundle, new for each visit, among globals that record what
// it asks, where it goes and what the console hears. What a browser does by itself is for the tests in tests/browser.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import './fakes/web_crypto.mjs';

const bundle = execFileSync('esbuild', ['--bundle', '--format=esm', '--target=es2022', '--log-level=error',
  '--define:import.meta.url="file:///web/index.js"', 'web/client.js'], {encoding: 'utf8'});
const wasm = readFileSync('build/wasm/wasm/portero.wasm');
const later = globalThis.setTimeout;
const timers = [];
let visits = 0;

export const config = {v: 1, client_id: 'Iv1.0', authorize_url: 'https://github.com/login/oauth/authorize',
  issuer: 'https://github.com/login/oauth', redirect_uri: 'https://page.example/app/', scope: '', carry: 'cookie'};
export const nobody = {v: 1, user: null, reason: 'none'};
export const ada = {v: 1, user: {id: 1, login: 'ada'}, expires_at: '2999-01-01T00:00:00Z'};

/** An answer of the proxy. Node 18 reads one with the global TextEncoder, which a test may take away; so this reads itself. */
export const json = (body, status = 200) => Object.assign(new Response(status === 204 ? null : JSON.stringify(body), {status}),
    {json: async () => structuredClone(body), clone: () => json(body, status)});

/** A fetch that answers each call by its `METHOD path`; a function decides by itself, and no answer is nobody there. */
export const answering = (answers, asked = []) => async (url, init = {}) => {
  if (`${url}`.startsWith('file:')) return new Response(wasm);
  const {pathname, origin} = new URL(url, 'null:///');
  asked.push({url: `${url}`, method: init.method ?? 'GET', mode: init.mode ?? 'cors', init});
  const answer = answers[`${init.method ?? 'GET'} ${pathname.replace(/^.*(?=\/v1\/)/, '')}`] ?? answers.else;
  const given = typeof answer === 'function' ? await answer({url: `${url}`, origin, ...init}) : answer;
  if (!given) throw new TypeError('Failed to fetch');
  return given.clone();
};

/** What a session's storage is to a script: its keys are its own, its methods are not. */
function makeStorage(entries) {
  return Object.assign(Object.create({
    getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; },
    setItem(key, value) { this[key] = `${value}`; },
    removeItem(key) { delete this[key]; },
  }), entries);
}

/**
 * Visits `href`, and hands over `query` as portero.js does. `globals` come instead of those below.
 * Gives, once that has settled or `until()` holds, the client of `proxy`, and lists that grow: what it asked, where it went, which
 * windows it opened, what it logged.
 */
export async function visit({href = 'https://page.example/app/', query = '', proxy = '', answers = {}, referrer = '', type = 'navigate',
  entries = 2, storage = {}, permissions = {}, globals = {}, without = [], until} = {}) {
  const seen = {asked: [], went: [], replaced: [], opened: [], logged: []};
  const url = new URL(href);
  const location = {href: url.href, origin: url.origin, protocol: url.protocol, pathname: url.pathname, search: url.search, hash: url.hash,
    assign: (to) => seen.went.push(`${to}`), replace: (to) => seen.replaced.push(`${to}`)};
  const document = Object.assign(new EventTarget(), {readyState: 'complete', hidden: false, referrer});
  const put = (name, value) => Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
  seen.storage = makeStorage(storage);
  const all = {
    location, document, top: {location}, isSecureContext: true, sessionStorage: seen.storage, history: {length: entries},
    addEventListener() {},
    navigator: {onLine: true, languages: ['en'], permissions: {query: async ({name}) => {
      if (!(name in permissions)) throw new TypeError(`no permission ${name}`);
      return {state: permissions[name]};
    }}},
    matchMedia: () => ({matches: false}),
    open: (...args) => (seen.opened.push(args), {close() {}, location: {}}),
    performance: {now: () => 0, getEntriesByType: () => [{type}]},
    BroadcastChannel: class { postMessage() {} addEventListener() {} close() {} },
    setTimeout: (...args) => timers[timers.push(later(...args)) - 1],
    fetch: answering({'GET /v1/config': json(config), 'GET /v1/session': json(nobody), 'POST /v1/session': json(ada, 201), ...answers},
        seen.asked),
    ...globals,
  };
  for (const [name, value] of Object.entries(all)) put(name, value);
  for (const name of without) put(name, undefined);
  for (const how of ['error', 'warn']) console[how] = (...args) => seen.logged.push(args.join(' '));
  visits += 1;
  const index = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(bundle)}//${visits}`);
  index.receive(query);
  seen.client = index.connect(proxy);
  await (until ? eventually(until) : settled(seen.client));
  return seen;
}

/** Waits until the client is neither starting nor busy. */
export const settled = (client) => new Promise((resolve) => {
  const look = () => !['starting', 'busy'].includes(client.state) && resolve();
  client.addEventListener('change', look);
  look();
});

/** Until `holds()` is true: a guard against hanging, not a measurement. */
export async function eventually(holds) {
  for (let tries = 0; !holds() && tries < 2000; tries += 1) await new Promise((resolve) => later(resolve, 5));
}

/** Ends what still waits, so that a file of tests ends with its last one. */
export const end = () => timers.forEach(clearTimeout);
