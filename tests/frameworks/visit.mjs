// A visitor's way through a site of two pages, and what must hold on it: signed in from either page, the switch between
// them and Back keep it, the console has nothing to say, and the code is where GitHub put it and in the exchange alone.
import assert from 'node:assert/strict';
import {until} from '../programs.mjs';

/** In the page: all that it keeps or shows where a code could have stayed. */
const kept = async () => {
  const caches = [];
  for (const name of await globalThis.caches.keys()) {
    for (const {url} of await (await globalThis.caches.open(name)).keys()) caches.push(url);
  }
  return JSON.stringify([location.href, document.referrer, history.state, {...localStorage}, {...sessionStorage}, caches,
    performance.getEntriesByType('resource').map(({name}) => name), document.documentElement.outerHTML]);
};

const titled = (tab, title) => until(
    async () => (await tab.evaluate(() => document.querySelector('h1')?.textContent).catch(() => '')) === title, `the page "${title}"`);

/** By the page's own word: a driver may not hear of a page that comes back from the cache. */
const isAt = (tab, url) => tab.until((seen) => seen.url === url, `being at ${url}`);

/** In the page: whether nothing moves. A page that comes by a view transition takes no click before. */
const rests = () => !document.activeViewTransition && document.getAnimations().every(({playState}) => playState !== 'running');

async function assertSignedIn(tab, title) {
  await titled(tab, title);
  const {login} = await tab.untilState('signed-in');
  assert.ok(login);
  await tab.shoot(`frameworks-${title}`); // a browser without a window may hold a view transition until it has to paint
  await until(() => tab.evaluate(rests), 'the page rests');
}

/** The codes that GitHub gave, and that nothing but the callback and the exchange has them. */
async function assertNoCode(tab, asked, origin) {
  const hasCode = (url) => /[?&]code=/.test(url);
  const callbacks = tab.record.requests.filter(({url}) => url.startsWith(origin) && hasCode(url));
  const codes = callbacks.map(({url}) => new URL(url).searchParams.get('code'));
  assert.ok(codes.length > 0);
  assert.ok(callbacks.every((request) => request.document), `asked for with a code: ${callbacks.map(({url}) => url.split('?')[0])}`);
  const leaks = asked.filter(({url, mode, referer}) => codes.some((code) =>
    referer.includes(code) || (url.includes(code) && mode !== 'navigate')));
  assert.deepEqual(leaks.map(({url}) => url.split('?')[0]), [], 'no request has the code, but the navigation');
  for (const {headers, url} of tab.record.requests) {
    assert.ok(!codes.some((code) => headers.referer?.includes(code)), `the Referer of ${url.split('?')[0]} has the code`);
  }
  const here = await tab.evaluate(kept);
  assert.ok(!codes.some((code) => here.includes(code)), 'the page keeps the code');
}

/**
 * The whole way. `first` and `second` are addresses, and each page's #next leads to the other; with `soft` a switch
 * keeps the document. Gives the tab, signed in at `second`.
 */
export async function visit(person, {origin, first, second, soft, github, asked}) {
  const tab = await person.open(origin + first);
  await titled(tab, 'first');
  await tab.signIn(github);
  await isAt(tab, origin + first);
  await assertSignedIn(tab, 'first');
  await tab.evaluate(() => (globalThis.mark = 1));

  await tab.click('#next');
  await isAt(tab, origin + second);
  await assertSignedIn(tab, 'second');
  assert.equal(await tab.evaluate(() => globalThis.mark === 1), soft, soft ? 'the document stays' : 'a new document');
  await tab.back();
  await isAt(tab, origin + first);
  await assertSignedIn(tab, 'first');

  await tab.click('#next');
  await assertSignedIn(tab, 'second');
  await tab.signOut();
  await tab.signIn(github);
  await isAt(tab, origin + second);
  await assertSignedIn(tab, 'second');
  await assertNoCode(tab, asked, origin);
  return tab;
}
