// axe-core finds nothing: in no state, no error's sentence, no scheme, no size, no language.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {openPage} from '../harness.mjs';
import {findings} from './axe.mjs';
import {codes, languages, schemes, useVisitorPages} from './visitor_page.mjs';
import {frame, states} from './states.mjs';

const pages = useVisitorPages();
let visitor;

const dresses = schemes.flatMap((scheme) => ['desktop', '320 px'].map((size) => ({scheme, size})));
const say = ({scheme, size}, found) => found.map((line) => `${scheme}, ${size}: ${line}`);

for (const lang of languages) {
  describe(`axe-core finds nothing (${lang})`, () => {
    for (const [name, enter] of Object.entries(states)) {
      test(name, async () => {
        visitor = await pages.open({lang});
        await enter(visitor);
        const found = [];
        for (const dress of dresses) {
          await visitor.dress(dress);
          await visitor.settle();
          found.push(...say(dress, await findings(visitor.page)));
        }
        assert.deepEqual(found, []);
      });
    }

    test(`each of the ${codes.length} errors`, async () => {
      visitor = await pages.open({lang});
      await states['signed-out'](visitor);
      const found = [];
      const said = new Set();
      for (const code of codes) {
        await visitor.fail(code, code === 'rate_limited' ? {retry_after: 30} : {});
        const sentence = await (await visitor.part('message')).evaluate((message) => message.textContent);
        if (said.has(sentence)) continue; // nothing looks different
        said.add(sentence);
        for (const dress of dresses) {
          await visitor.dress(dress);
          found.push(...say(dress, await findings(visitor.page, 'github-sign-in')).map((line) => `${code}: ${line}`));
        }
      }
      assert.deepEqual(found, []);
      assert.ok(said.size > 12, 'the sentences were there to be judged');
    });

    test('in a frame of another site', async () => {
      const framed = await frame(pages.ground, {lang});
      const found = [];
      for (const dress of dresses) {
        await framed.page.setViewport({width: dress.size === 'desktop' ? 1000 : 340, height: 800});
        await framed.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: dress.scheme}]);
        found.push(...say(dress, await findings(framed.frame, 'github-sign-in')));
      }
      await framed.stop();
      assert.deepEqual(found, []);
    });
  });
}

describe('axe-core finds nothing on the stand-in\'s pages', () => {
  const addresses = {
    'consent': async (visitor) => {
      await states['signed-out'](visitor);
      await Promise.all([visitor.page.waitForNavigation(), visitor.press('button')]);
      return visitor.page.url();
    },
    'what an unknown client gets': async (visitor) => `${visitor.demo.githubUrl}/login/oauth/authorize?client_id=unknown`,
  };
  for (const [name, find] of Object.entries(addresses)) {
    test(name, async () => {
      visitor = await pages.open();
      const url = await find(visitor);
      const {page, context} = await openPage(pages.ground.chromium.browser);
      const found = [];
      for (const lang of languages) {
        await page.setExtraHTTPHeaders({'Accept-Language': lang});
        await page.goto(url);
        for (const dress of dresses) {
          await page.setViewport({width: dress.size === 'desktop' ? 1000 : 320, height: 800});
          await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: dress.scheme}]);
          found.push(...say(dress, await findings(page)).map((line) => `${lang}, ${line}`));
        }
      }
      await context.close();
      assert.deepEqual(found, []);
    });
  }
});
