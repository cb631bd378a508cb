// How it arrives: nothing moves, nothing waits for what it does not need, and a click is never too early.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {until} from '../../programs.mjs';
import {codes, languages, useStages} from './stage.mjs';
import {ada, states} from './states.mjs';

const stages = useStages();
let stage;

/** Waits until these were asked for; says which were not. */
async function untilAsked(...names) {
  const missing = () => names.filter((name) => !stage.asked.includes(name));
  await until(() => missing().length === 0, 'all are asked for')
      .catch(() => assert.fail(`${missing()} waited for another; asked: ${stage.asked}`));
}

/** But for the picture, which is the tab's and the header's. */
function askedOnce() {
  const ours = stage.asked.filter((name) => name !== 'web/icon.svg');
  assert.equal(new Set(ours).size, ours.length, ours.join());
}

describe('Requests', () => {
  test('the two calls are made side by side, and nothing else before the button is live', async () => {
    stage = await stages.open();
    stage.hold('config', 'session');
    await stage.visit();
    await untilAsked('config', 'session');
    stage.release('config');
    stage.release('session');
    await stage.until('signed-out');
    assert.deepEqual(stage.asked.filter((name) => ['config', 'session'].includes(name)).sort(), ['config', 'session']);
    assert.equal(stage.record.requests.filter(({url}) => url.includes('/v1/')).length, 2);
  });

  test('come in one wave after the scripts: style, module and both calls are asked for before any of them has come', async () => {
    stage = await stages.open();
    const wave = ['portero.wasm', 'web/github-sign-in.css', 'config', 'session'];
    stage.hold(...wave);
    await stage.visit('domcontentloaded');
    await untilAsked('web/portero.js', 'web/index.js', ...wave);
  });

  test('the style and the module wait for no script but the first', async () => {
    stage = await stages.open();
    stage.hold('web/index.js');
    await stage.visit('domcontentloaded');
    await untilAsked('web/index.js', 'portero.wasm', 'web/github-sign-in.css');
  });

  test('cookie mode asks for two scripts of ours, and for nothing twice', async () => {
    stage = await stages.open();
    await states['signed-out'](stage);
    const scripts = stage.asked.filter((name) => /^web\/.*\.js$/.test(name) && name !== 'web/page.js').sort();
    assert.deepEqual(scripts, ['web/index.js', 'web/portero.js']);
    askedOnce();
  });

  // A preload that the parser reaches after its use is a second request; so they stand before the first script.
  for (const name of ['web/page.js', 'web/page.css']) {
    test(`a page that waits for ${name} while the scripts go on asks for nothing twice either`, async () => {
      stage = await stages.open();
      stage.hold(name);
      const arrived = stage.visit();
      await untilAsked('web/index.js', 'web/github-sign-in.css', 'portero.wasm');
      await stage.page.waitForFunction(() => customElements.get('github-sign-in'), {polling: 50});  // nothing is drawn yet
      stage.release(name);
      await arrived;
      await stage.until('signed-out');
      askedOnce();
    });
  }
});

describe('The style', () => {
  test('is waited for by what is seen alone: until it has come the element takes its room, unseen', async () => {
    stage = await stages.open();
    stage.hold('web/github-sign-in.css');
    await stage.visit();
    await stage.until('signed-out');
    const look = () => stage.element((element) => [getComputedStyle(element).visibility, element.offsetHeight > 100]);
    assert.deepEqual(await look(), ['hidden', true]);
    stage.release('web/github-sign-in.css');
    await stage.part('button');
    assert.deepEqual(await look(), ['visible', true]);
  });

  const without = {
    'does not come': (visit) => visit.answer('web/github-sign-in.css', 404, {}),
    'cannot be made by the browser': (visit) => visit.page.evaluateOnNewDocument(() => delete CSSStyleSheet.prototype.replaceSync),
  };
  for (const [why, prepare] of Object.entries(without)) {
    test(`${why}: the element works without`, async () => {
      stage = await stages.open();
      await prepare(stage);
      await stage.visit();
      await stage.until('signed-out');
      await stage.goThroughGitHub();
      await stage.until('signed-in');
    });
  }
});

describe('A click', () => {
  test('before the module has come goes on to GitHub when it has', async () => {
    stage = await stages.open();
    stage.hold('portero.wasm');
    await stage.visit();
    await untilAsked('portero.wasm', 'session');
    await stage.press('button');
    await stage.until('busy');
    const left = stage.page.waitForNavigation();
    stage.release('portero.wasm');
    await left;
    assert.ok(stage.page.url().startsWith(stage.demo.githubUrl), stage.page.url());
    await Promise.all([stage.page.waitForNavigation(), stage.page.click('#authorize')]);
    await stage.until('signed-in');
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
        stage = await stages.open();
        await stage.dress({size});
        await watch(stage.page);
        stage.answer('session', 200, {user});
        stage.hold('web/github-sign-in.css', 'config', 'session', 'portero.wasm');
        await stage.visit('domcontentloaded');
        await shifts(stage.page);
        stage.release('web/github-sign-in.css');
        await shifts(stage.page);
        for (const name of ['config', 'session', 'portero.wasm']) stage.release(name);
        await stage.until(user ? 'signed-in' : 'signed-out');
        await shifts(stage.page);
        if (!user) {
          await stage.fail('state_unknown');
          await shifts(stage.page);
        }
        stage.answer('session', 200, {user: user ? null : ada});
        await stage.lookAgain();
        await stage.until(user ? 'signed-out' : 'signed-in');
        assert.deepEqual(await shifts(stage.page), []);
      });
    }
  }

  for (const lang of languages) {
    test(`whatever the error, its sentence has room (${lang})`, async () => {
      stage = await stages.open({lang});
      await states['signed-out'](stage);
      const height = () => stage.element(({offsetHeight}) => offsetHeight);
      const grown = [];
      for (const size of ['desktop', '320 px']) {
        await stage.dress({size});
        const before = await height();
        for (const code of codes) {
          await stage.fail(code, {retry_after: 30});
          if (await height() !== before) grown.push(`${size}: ${code}: ${before} to ${await height()}`);
        }
      }
      assert.deepEqual(grown, []);
    });
  }
});
