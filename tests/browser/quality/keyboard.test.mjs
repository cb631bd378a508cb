// Everything works from the keyboard, and the focus is never lost: after each act it is on a part of the element.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {useVisitorPages} from './visitor_page.mjs';
import {states} from './states.mjs';

const pages = useVisitorPages();
let visitor;

async function begin(state, options) {
  visitor = await pages.open(options);
  await states[state](visitor);
}

/** The part that has the focus; "body" when it is lost, else the name of a tag outside the element. */
const focused = () => visitor.page.evaluate(() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.getAttribute('part')?.split(' ').at(-1) ?? node.localName;
});

/** Waits until the focus is on the part: what follows an answer follows a moment later. */
async function untilFocused(part) {
  await visitor.page.waitForFunction((wanted) => {
    const node = document.querySelector('github-sign-in').shadowRoot.activeElement;
    return node?.getAttribute('part')?.split(' ').includes(wanted);
  }, {}, part).catch(async () => assert.fail(`the focus is on ${await focused()}, not on ${part}`));
}

async function press(...keys) {
  for (const key of keys) await visitor.page.keyboard.press(key);
}

/** Tab, until the focus is on the part. */
async function tabTo(part) {
  for (let presses = 0; presses < 10; presses += 1) {
    await press('Tab');
    if (await focused() === part) return;
  }
  assert.fail(`ten presses of Tab do not reach ${part}`);
}

const expanded = async () => (await visitor.part('user')).evaluate((button) => button.getAttribute('aria-expanded'));

describe('Signing in from the keyboard', () => {
  for (const key of ['Enter', 'Space']) {
    test(`Tab reaches the button, ${key} goes to GitHub, and back it is signed in`, async () => {
      await begin('signed-out');
      await tabTo('button');
      await Promise.all([visitor.page.waitForNavigation(), press(key)]);
      assert.ok(visitor.page.url().startsWith(visitor.demo.githubUrl));
      await visitor.page.focus('#authorize');
      await Promise.all([visitor.page.waitForNavigation(), press('Enter')]);
      await visitor.until('signed-in');
      await tabTo('user');
      await press('Enter');
      await visitor.part('menu');
    });
  }

  test('the consent page is left by its keyboard too: Tab, arrows, Enter', async () => {
    await begin('signed-out');
    await Promise.all([visitor.page.waitForNavigation(), visitor.press('button')]);
    const on = () => visitor.page.evaluate(() => document.activeElement.id || document.activeElement.name);
    await press('Tab');
    assert.equal(await on(), 'user');
    await press('ArrowDown', 'Tab');
    assert.equal(await on(), 'authorize');
    await press('Tab');
    assert.equal(await on(), 'cancel');
    await Promise.all([visitor.page.waitForNavigation(), press('Enter')]);
    await visitor.until('error', 'access_denied');
  });

  test('a click on a button that is not live yet keeps the focus on it', async () => {
    visitor = await pages.open();
    await states.starting(visitor);
    await tabTo('button');
    await press('Enter');
    assert.equal(await focused(), 'button');
  });

  test('an error leaves the focus on the button that tries again', async () => {
    await begin('signed-out');
    visitor.answer('config', 503, {code: 'overloaded'});
    visitor.answer('session', 503, {code: 'overloaded'});
    await tabTo('button');
    await visitor.lookAgain();
    await visitor.until('error');
    assert.equal(await focused(), 'button');
    await press('Enter');
    await visitor.until('error');
    await untilFocused('button');
    visitor.answer('config');
    visitor.answer('session');
    await press('Enter');
    await visitor.until('signed-out');
    await untilFocused('button');
  });
});

describe('A popup from the keyboard', () => {
  const open = async () => {
    await begin('signed-out');
    await visitor.element((element) => element.setAttribute('mode', 'popup'));
    await tabTo('button');
    const opened = new Promise((resolve) => visitor.page.once('popup', resolve));
    await press('Enter');
    await visitor.until('busy');
    return opened;
  };

  test('the focus stays while it is open, Cancel is one Tab away and hands it back to the button', async () => {
    await open();
    await visitor.page.bringToFront();
    await visitor.part('cancel');
    assert.equal(await focused(), 'button');
    await press('Tab');
    assert.equal(await focused(), 'cancel');
    await press('Enter');
    await visitor.until('signed-out');
    await untilFocused('button');
  });

  test('after it has signed in, the focus is on the user', async () => {
    const popup = await open();
    await popup.waitForSelector('#authorize');
    await popup.focus('#authorize');
    await popup.keyboard.press('Enter');
    await visitor.page.bringToFront();
    await visitor.until('signed-in');
    await untilFocused('user');
  });
});

describe('The menu from the keyboard', () => {
  const items = ['profile', 'manage', 'other-account', 'sign-out'];

  const opens = [['Enter', 0], ['Space', 0], ['ArrowDown', 0], ['ArrowUp', -1]];
  for (const [key, at] of opens) {
    test(`${key} opens it, on the ${at ? 'last' : 'first'} item`, async () => {
      await begin('signed-in');
      await tabTo('user');
      assert.equal(await expanded(), 'false');
      await press(key);
      await visitor.part('menu');
      assert.equal(await expanded(), 'true');
      await untilFocused(items.at(at));
    });
  }

  test('arrows go round, Home and End to its ends; Escape closes it and gives the focus back', async () => {
    await begin('signed-in');
    await tabTo('user');
    await press('ArrowDown');
    await untilFocused(items[0]);
    const walk =
        [['ArrowDown', 1], ['ArrowDown', 2], ['ArrowDown', 3], ['ArrowDown', 0], ['ArrowUp', 3], ['Home', 0], ['End', 3], ['ArrowUp', 2]];
    for (const [key, at] of walk) {
      await press(key);
      assert.equal(await focused(), items[at], key);
    }
    await press('Escape');
    assert.equal(await expanded(), 'false');
    assert.equal(await focused(), 'user');
  });

  for (const key of ['Enter', 'Space']) {
    test(`${key} follows a link of it into a window of its own, and the menu closes`, async () => {
      await begin('signed-in');
      await tabTo('user');
      await press('ArrowDown', 'ArrowDown');
      await untilFocused('manage');
      const opened = new Promise((resolve) => pages.ground.chromium.browser.once('targetcreated', resolve));
      await press(key);
      const page = await (await opened).page();
      await page.waitForFunction(() => location.href !== 'about:blank');
      assert.ok(page.url().startsWith(visitor.demo.githubUrl), page.url());
      await page.close();
      await visitor.page.bringToFront();
      assert.equal(await expanded(), 'false');
      assert.equal(await focused(), 'user');
    });
  }

  test('a click opens it and a second one closes it; the focus stays on the button, where arrows lead into it', async () => {
    await begin('signed-in');
    await visitor.press('user');
    assert.equal(await focused(), 'user');
    assert.equal(await visitor.element(({shadowRoot}) => shadowRoot.activeElement.matches(':focus-visible')), false, 'no ring');
    await press('ArrowDown');
    assert.equal(await focused(), items[0]);
    await visitor.press('user');
    assert.equal(await expanded(), 'false');
    assert.equal(await focused(), 'user');
    await visitor.press('user');
    await visitor.page.mouse.click(5, 5);
    assert.equal(await expanded(), 'false');
  });

  test('Tab leaves it, and it closes behind', async () => {
    await begin('signed-in');
    await tabTo('user');
    await press('ArrowDown');
    await visitor.part('menu');
    await press('Tab');
    await visitor.part('menu', {hidden: true});
    assert.equal(await expanded(), 'false');
    assert.notEqual(await focused(), 'body');
  });

  test('signing out ends on the button that signs in', async () => {
    visitor = await pages.open();
    await states['signed-out'](visitor);
    await visitor.goThroughGitHub();
    await visitor.until('signed-in');
    await tabTo('user');
    await press('Enter', 'ArrowUp', 'Enter'); // what ends something comes last
    await visitor.until('signed-out');
    await untilFocused('button');
  });

  test('a sign-out that fails leaves the focus on what can be done about it', async () => {
    await begin('signed-in');
    visitor.answer('session', 503, {code: 'overloaded'});
    await tabTo('user');
    await press('Enter', 'ArrowUp', 'Enter'); // what ends something comes last
    await visitor.until('error', 'overloaded');
    assert.notEqual(await focused(), 'body');
  });
});
