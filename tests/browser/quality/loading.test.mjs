// How it arrives: nothing moves, nothing waits for what it does not need, and a click is never too early.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {until} from '../../programs.mjs';
import {codes, languages, useVisitorPages} from './visitor_page.mjs';
import {ada, states} from './states.mjs';

const pages = useVisitorPages();
let visitor;

/** Waits until these were asked for; says which were not. */
async function untilAsked(...names) {
  const missing = () => names.filter((name) => !visitor.asked.includes(name));
  await until(() => missing().length === 0, 'all are asked for')
      .catch(() => assert.fail(`${missing()} waited for another; asked: ${visitor.asked}`));
}

/** But for the picture, which is the tab's and the header's. */
function askedOnce() {
  const ours = visitor.asked.filter((name) => name !== 'web/icon.svg');
  assert.equal(new Set(ours).size, ours.length, ours.join());
}

describe('Requests', () => {
  test('the two calls are made side by side, and nothing else before the button is live', async () => {
    visitor = await pages.open();
    visitor.hold('config', 'session');
    await visitor.visit();
    await untilAsked('config', 'session');
    visitor.release('config');
    visitor.release('session');
    await visitor.until('signed-out');
    assert.deepEqual(visitor.asked.filter((name) => ['config', 'session'].includes(name)).sort(), ['config', 'session']);
    assert.equal(visitor.record.requests.filter(({url}) => url.includes('/v1/')).length, 2);
  });

  test('come in one wave after the scripts: style, module and both calls are asked for before any of them has come', async () => {
    visitor = await pages.open();
    const wave = ['portero.wasm', 'web/github-sign-in.css', 'config', 'session'];
    visitor.hold(...wave);
    await visitor.visit('domcontentloaded');
    await untilAsked('web/portero.js', 'web/index.js', ...wave);
  });

  test('the style and the module wait for no script but the first', async () => {
    visitor = await pages.open();
    visitor.hold('web/index.js');
    await visitor.visit('domcontentloaded');
    await untilAsked('web/index.js', 'portero.wasm', 'web/github-sign-in.css');
  });

  test('cookie mode asks for two scripts of ours, and for nothing twice', async () => {
    visitor = await pages.open();
    await states['signed-out'](visitor);
    const scripts = visitor.asked.filter((name) => /^web\/.*\.js$/.test(name) && name !== 'web/page.js').sort();
    assert.deepEqual(scripts, ['web/index.js', 'web/portero.js']);
    askedOnce();
  });

  // A preload that the parser reaches after its use is a second request; so they stand before the first script.
  for (const name of ['web/page.js', 'web/page.css']) {
    test(`a page that waits for ${name} while the scripts go on asks for nothing twice either`, async () => {
      visitor = await pages.open();
      visitor.hold(name);
      const arrived = visitor.visit();
      await untilAsked('web/index.js', 'web/github-sign-in.css', 'portero.wasm');
      await visitor.page.waitForFunction(() => customElements.get('github-sign-in'), {polling: 50});  // nothing is drawn yet
      visitor.release(name);
      await arrived;
      await visitor.until('signed-out');
      askedOnce();
    });
  }
});

describe('The style', () => {
  test('is waited for by what is seen alone: until it has come the element takes its room, unseen', async () => {
    visitor = await pages.open();
    visitor.hold('web/github-sign-in.css');
    await visitor.visit();
    await visitor.until('signed-out');
    const look = () => visitor.element((element) => [getComputedStyle(element).visibility, element.offsetHeight > 100]);
    assert.deepEqual(await look(), ['hidden', true]);
    visitor.release('web/github-sign-in.css');
    await visitor.part('button');
    assert.deepEqual(await look(), ['visible', true]);
  });

  const without = {
    'does not come': (visit) => visit.answer('web/github-sign-in.css', 404, {}),
    'cannot be made by the browser': (visit) => visit.page.evaluateOnNewDocument(() => delete CSSStyleSheet.prototype.replaceSync),
  };
  for (const [why, prepare] of Object.entries(without)) {
    test(`${why}: the element works without`, async () => {
      visitor = await pages.open();
      await prepare(visitor);
      await visitor.visit();
      await visitor.until('signed-out');
      await visitor.goThroughGitHub();
      await visitor.until('signed-in');
    });
  }
});

describe('A click', () => {
  test('before the module has come goes on to GitHub when it has', async () => {
    visitor = await pages.open();
    visitor.hold('portero.wasm');
    await visitor.visit();
    await untilAsked('portero.wasm', 'session');
    await visitor.press('button');
    await visitor.until('busy');
    const left = visitor.page.waitForNavigation();
    visitor.release('portero.wasm');
    await left;
    assert.ok(visitor.page.url().startsWith(visitor.demo.githubUrl), visitor.page.url());
    await Promise.all([visitor.page.waitForNavigation(), visitor.page.click('#authorize')]);
    await visitor.until('signed-in');
  });
});

describe('Nothing shifts', () => {
  const watch = (page) => page.evaluateOnNewDocument(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const {value, sources} of list.getEntries()) {
        const box = ({x, y, width, height}) => [x, y, width, height].map(Math.round).join();
        window.shifts.push(`${value.toFixed(5)} ${sources.map(({node, previousRect, currentRect}) =>
          `${node?.nodeName ?? 'inside'} ${box(previousRect)} to ${box(currentRect)}`).join(' ')}`);
      }
    }).observe({type: 'layout-shift', buffered: true});
  });
  /** Two frames later all that was drawn has been measured. */
  const shifts = (page) => page.evaluate(() => new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(window.shifts))))));

  for (const size of ['desktop', '320 px']) {
    for (const user of [null, ada]) {
      test(`while it loads, then ${user ? 'signed in' : 'signed out'}, then on to an error and back (${size})`, async () => {
        visitor = await pages.open();
        await visitor.dress({size});
        await watch(visitor.page);
        visitor.answer('session', 200, {user});
        visitor.hold('web/github-sign-in.css', 'config', 'session', 'portero.wasm');
        await visitor.visit('domcontentloaded');
        await shifts(visitor.page);
        visitor.release('web/github-sign-in.css');
        await shifts(visitor.page);
        for (const name of ['config', 'session', 'portero.wasm']) visitor.release(name);
        await visitor.until(user ? 'signed-in' : 'signed-out');
        await shifts(visitor.page);
        if (!user) {
          await visitor.fail('state_unknown');
          await shifts(visitor.page);
        }
        visitor.answer('session', 200, {user: user ? null : ada});
        await visitor.lookAgain();
        await visitor.until(user ? 'signed-out' : 'signed-in');
        assert.deepEqual(await shifts(visitor.page), []);
      });
    }
  }

  for (const lang of languages) {
    test(`whatever the error, its sentence has room (${lang})`, async () => {
      visitor = await pages.open({lang});
      await states['signed-out'](visitor);
      const height = () => visitor.element(({offsetHeight}) => offsetHeight);
      const grown = [];
      for (const size of ['desktop', '320 px']) {
        await visitor.dress({size});
        const before = await height();
        for (const code of codes) {
          await visitor.fail(code, {retry_after: 30});
          if (await height() !== before) grown.push(`${size}: ${code}: ${before} to ${await height()}`);
        }
      }
      assert.deepEqual(grown, []);
    });
  }
});
