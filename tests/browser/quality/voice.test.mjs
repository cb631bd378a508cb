// What a screen reader is told: names and roles as the browser computes them, and each state announced once.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {languages, useVisitorPages} from './visitor_page.mjs';
import {ada, states} from './states.mjs';

const pages = useVisitorPages();
let visitor;

/** Everything in the accessibility tree of the element: {role, name, ...}, in order. */
async function heard() {
  const root = await visitor.page.$('github-sign-in');
  const tree = await visitor.page.accessibility.snapshot({root, interestingOnly: false});
  const list = [];
  const walk = (node) => {
    list.push(node);
    for (const child of node.children ?? []) walk(child);
  };
  walk(tree);
  return list;
}

const named = (list, role) => list.filter((node) => node.role === role).map(({name}) => name);

/** Starts to write down what is announced: each text that the status takes. */
const listen = () => visitor.element((element) => {
  const status = element.shadowRoot.querySelector('[role=status]');
  window.announced = [];
  new MutationObserver((changes) => window.announced.push(...changes.map(() => status.textContent)))
      .observe(status, {childList: true, characterData: true, subtree: true});
});
const announced = () => visitor.page.evaluate(() => window.announced);

describe('Names and roles', () => {
  for (const lang of languages) {
    test(`one button to sign in, and a status that says what happens (${lang})`, async () => {
      visitor = await pages.open({lang});
      await states['signed-out'](visitor);
      const list = await heard();
      assert.equal(named(list, 'button').length, 1);
      assert.match(named(list, 'button')[0], /GitHub/);
      assert.equal(named(list, 'status').length, 1);
      assert.deepEqual(list.filter(({role, name}) => role === 'image' && name), [], 'the picture of the button is silent');
    });
  }

  test('signed in: a menu button named by the login, closed', async () => {
    visitor = await pages.open();
    await states['signed-in'](visitor);
    const buttons = (await heard()).filter(({role}) => role === 'button');
    assert.equal(buttons.length, 1);
    const [{name, expanded, haspopup}] = buttons;
    assert.ok(name.includes(ada.login), name);
    assert.ok(!expanded);
    assert.equal(haspopup, 'menu');
  });

  test('the menu: four items, each with its name', async () => {
    visitor = await pages.open();
    await states['menu open'](visitor);
    const list = await heard();
    assert.equal(list.find(({role}) => role === 'button').expanded, true);
    assert.equal(named(list, 'menu').length, 1);
    const items = named(list, 'menuitem');
    assert.equal(items.length, 4);
    assert.ok(items.every(Boolean) && new Set(items).size === 4, items.join());
  });

  test('busy: the button says that it cannot be pressed', async () => {
    visitor = await pages.open();
    await states.busy(visitor);
    assert.equal((await heard()).find(({role}) => role === 'button').disabled, true);
  });

  test('a popup is open: the one button left is Cancel', async () => {
    visitor = await pages.open();
    await states['busy with a popup'](visitor);
    const buttons = (await heard()).filter(({role, disabled}) => role === 'button' && !disabled);
    assert.deepEqual(buttons.map(({name}) => name), ['Cancel']);
  });

  for (const dir of ['ltr', 'rtl']) {
    test(`a name and a login each keep their own direction, on the page's side (${dir})`, async () => {
      visitor = await pages.open({dir});
      visitor.answer('session', 200, {user: {...ada, name: 'ليلى بنت يوسف'}});
      await visitor.visit();
      await visitor.until('signed-in');
      const seen = await visitor.element((element, side) => Object.fromEntries(['name', 'login'].map((part) => {
        const node = element.shadowRoot.querySelector(`[part=${part}]`);
        const place = (at) => {
          const range = document.createRange();
          range.setStart(node.firstChild, at);
          range.setEnd(node.firstChild, at + 1);
          return range.getBoundingClientRect().left;
        };
        const reads = place(0) < place(node.firstChild.length - 1) ? 'ltr' : 'rtl';
        const [own, all] = [node, node.parentElement].map((one) => one.getBoundingClientRect()[side]);
        return [part, [reads, Math.round(own - all)]];
      })), dir === 'ltr' ? 'left' : 'right');
      assert.deepEqual(seen, {name: ['rtl', 0], login: ['ltr', 0]});
    });
  }
});

describe('Each state is announced once', () => {
  test('from signed out through an error to signed in', async () => {
    visitor = await pages.open();
    await states['signed-out'](visitor);
    await listen();
    await visitor.fail('access_denied');
    await visitor.fail('access_denied');
    await visitor.fail('overloaded');
    visitor.answer('session', 200, {user: ada});
    await visitor.lookAgain();
    await visitor.until('signed-in');
    await visitor.lookAgain();
    await visitor.lookAgain();
    const texts = await announced();
    assert.equal(texts.length, 3, texts.join(' | '));
    assert.equal(new Set(texts).size, 3);
  });

  test('through a whole sign-out', async () => {
    visitor = await pages.open();
    await states['menu open'](visitor);
    await listen();
    visitor.answer('session', 200, {user: null});
    await visitor.press('sign-out');
    await visitor.until('signed-out');
    const texts = await announced();
    assert.equal(texts.length, 2, texts.join(' | ')); // one moment; then what one can do now
    assert.ok(texts.every((text) => text.trim()));
  });

  test('from the first words on: the status is there, and empty of them, before it speaks', async () => {
    visitor = await pages.open();
    await states.starting(visitor);
    await listen();
    visitor.release('config');
    visitor.release('session');
    await visitor.until('signed-out');
    assert.equal((await announced()).length, 1);
  });
});
