// mode="popup": the page stays as it is while a window of its own goes to GitHub and back, whether the page shares its
// browsing context group (no Cross-Origin-Opener-Policy) or is cut off from the window (`same-origin`). The pop-up
// blockers are the engines' own. Played like scenarios.mjs, where page and proxy are siblings.
import {strict as assert} from 'node:assert';

export const policies = ['no opener policy', 'same-origin'];

const run = {mark: 'run'};
const everywhere = {chromium: run, firefox: run, webkit: run};

/** A click on the button; the window that it opened, at GitHub's consent page. */
async function openWindow({hosting, visit}) {
  const {person, tab} = await visit();
  await tab.untilState('signed-out');
  await tab.evaluate(() => {
    document.querySelector('github-sign-in').setAttribute('mode', 'popup');
    window.untouched = true;
  });
  await tab.press('button');
  const popup = await person.popup();
  await popup.untilAt(hosting.github);
  await tab.untilState('busy');
  return {person, tab, popup};
}

export const popups = [
  {
    name: 'sign in',
    how: everywhere,
    async play(stage) {
      const {person, tab, popup} = await openWindow(stage);
      await tab.show();
      await tab.shoot(`${stage.engine.name}-busy`);
      await popup.show();
      await popup.click('#authorize');
      const {url} = await tab.untilState('signed-in');
      assert.equal(url, stage.hosting.page);
      assert.ok(await tab.evaluate(() => window.untouched), 'the page has not moved');
      await person.untilCount(1);
    },
  },
  {
    name: 'blocked: redirect',
    how: everywhere,
    async play({hosting, visit}) {
      // Nobody has clicked, so the engine's blocker refuses the window.
      const {person, tab} = await visit({script: `document.addEventListener('github-sign-in:signed-out', ({target}) => {
        target.setAttribute('mode', 'popup');
        target.signIn();
      }, {once: true});`});
      await tab.untilAt(hosting.github);
      assert.equal(await person.count(), 1);
      await tab.click('#authorize');
      await tab.untilState('signed-in');
    },
  },
  {
    name: 'cancel button',
    how: everywhere,
    async play(stage) {
      const {tab} = await openWindow(stage);
      await tab.show();
      await tab.press('cancel');
      await tab.untilState('signed-out');
      await tab.evaluate(() => document.querySelector('github-sign-in').removeAttribute('mode'));
      await tab.signIn(stage.hosting.github);
    },
    // Chromium says so when a page may not close the window, which is at GitHub.
    expected: [/Unsafe attempt to initiate navigation/],
  },
  {
    name: 'closed by hand',
    how: everywhere,
    async play(stage) {
      const {person, tab, popup} = await openWindow(stage);
      await popup.close();
      await person.untilCount(1);
      assert.equal((await tab.look()).state, 'busy', 'a closed window is no answer');
      await tab.show();
      await tab.press('cancel');
      await tab.untilState('signed-out');
    },
  },
];
