// How it looks to people who see little, much enlarged, in their own colours, without motion, or from right to left.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {shoot} from '../harness.mjs';
import {contrast, measure, sticksOut} from './paint.mjs';
import {languages, schemes, useVisitorPages} from './visitor_page.mjs';
import {ada, states} from './states.mjs';

const pages = useVisitorPages();
let visitor;

async function begin(state, options) {
  visitor = await pages.open(options);
  await states[state](visitor);
}

const kebab = (...words) => words.join('-').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '');

describe('Contrast', () => {
  for (const state of Object.keys(states)) {
    test(`${state}: words at least 4.5 : 1, what is drawn of a control 3 : 1, in light and dark`, async () => {
      await begin(state);
      for (const scheme of schemes) {
        await visitor.dress({scheme});
        await visitor.settle();
        const parts = await visitor.page.evaluate(measure);
        assert.ok(parts.some(({words}) => words));
        for (const {part, words, acts, disabled, colour, ground: below, around, border} of parts) {
          const ratio = contrast(colour, below);
          if (words) assert.ok(ratio >= 4.5, `${scheme}, ${part}: ${ratio.toFixed(2)}`);
          // A control is known by its fill, its border or, where it has neither, by its words (WCAG 2.2, 1.4.11).
          const edges = border.filter(({width}) => width).map((edge) => contrast(edge.colour, around));
          const drawn = Math.max(contrast(below, around), ratio, ...edges);
          if (acts && !disabled) assert.ok(drawn >= 3, `${scheme}, ${part}: ${drawn.toFixed(2)}`);
          // The bar beside an error's sentence.
          if (part === 'message' && state.startsWith('error')) assert.ok(Math.max(...edges) >= 3, `${scheme}, bar: ${edges}`);
        }
        await shoot(visitor.page, kebab('quality', state, scheme));
      }
    });
  }

  for (const [state, part] of [
    ['signed-out', 'button'], ['signed-in', 'user'], ['menu open', 'sign-out'], ['busy with a popup', 'cancel']
  ]) {
    test(`the focus is seen on ${part}: a ring of two pixels and 3 : 1, in light and dark`, async () => {
      await begin(state);
      await visitor.page.keyboard.press('Shift'); // the visitor uses the keyboard
      await (await visitor.part(part)).focus();
      for (const scheme of schemes) {
        await visitor.dress({scheme});
        await visitor.settle();
        const {outline, around} = (await visitor.page.evaluate(measure)).find((one) => one.part.split(' ').includes(part));
        assert.notEqual(outline.style, 'none', part);
        assert.ok(outline.width >= 2, `${outline.width}`);
        assert.ok(contrast(outline.colour, around) >= 3, `${scheme}: ${contrast(outline.colour, around).toFixed(2)}`);
      }
    });
  }
});

describe('Forced colours', () => {
  for (const state of Object.keys(states)) {
    test(`${state}: every control and the menu have a border, every word is seen`, async () => {
      await begin(state);
      for (const scheme of schemes) {
        await visitor.dress({scheme, forced: true});
        await visitor.settle();
        const parts = await visitor.page.evaluate(measure);
        for (const {part, words, acts, disabled, colour, ground: below, around, border} of parts) {
          if (words) assert.ok(contrast(colour, below) >= (disabled ? 3 : 4.5), `${scheme}, ${part}: ${contrast(colour, below)}`);
          const edges = border.filter(({width, colour: edge}) => width >= 1 && contrast(edge, around) >= 3);
          if (acts && !part.startsWith('item')) assert.ok(edges.length === 4, `${scheme}, ${part} has no border`);
        }
        const mark = parts.find(({part}) => part === 'mark');
        if (mark) assert.ok(contrast(mark.ground, mark.around) >= 3, `${scheme}: the picture is not seen`);
        const menu = parts.find(({part}) => part === 'menu');
        if (menu) assert.ok(menu.border.every(({width}) => width >= 1), 'the menu has a border');
        await shoot(visitor.page, kebab('quality-forced', state, scheme));
      }
    });
  }
});

describe('Without motion', () => {
  const moving = () => visitor.page.evaluate(() => [document, document.querySelector('github-sign-in').shadowRoot]
      .flatMap((root) => root.getAnimations())
      .filter(({playState, effect}) => playState === 'running' && effect.getComputedTiming().duration > 1)
      .map(({effect, animationName, transitionProperty}) => `${effect.target.localName} ${animationName ?? transitionProperty}`));

  for (const state of Object.keys(states)) {
    test(`${state}: nothing moves for who asked for that`, async () => {
      visitor = await pages.open();
      await visitor.dress({still: true});
      await states[state](visitor);
      assert.deepEqual(await moving(), []);
    });
  }

  test('the picture of a busy button moves for everybody else', async () => {
    await begin('busy');
    assert.deepEqual(await moving(), ['span beat']);
  });
});

describe('At 320 pixels, at 400 %, and from right to left', () => {
  for (const lang of languages) {
    for (const [state, enter] of Object.entries(states)) {
      test(`${state} (${lang}): nothing sticks out, nothing is cut, every target has 24 pixels`, async () => {
        visitor = await pages.open({lang});
        await enter(visitor);
        for (const size of ['320 px', '400 %', 'desktop']) {
          for (const dir of ['ltr', 'rtl']) {
            await visitor.dress({size});
            await visitor.page.evaluate((to) => (document.documentElement.dir = to), dir);
            await visitor.settle();
            const where = `${size}, ${dir}`;
            assert.deepEqual(await visitor.page.evaluate(sticksOut), [], where);
            const parts = await visitor.page.evaluate(measure);
            const host = await visitor.element((element) => element.getBoundingClientRect().toJSON());
            for (const {part, acts, box, cut} of parts) {
              assert.ok(!cut, `${where}: ${part} is cut`);
              assert.ok(box.left >= host.left - 0.5 && box.right <= host.right + 0.5, `${where}: ${part} stands out of the element`);
              if (acts) assert.ok(box.width >= 24 && box.height >= 24, `${where}: ${part} has ${box.width} x ${box.height}`);
            }
            if (dir === (lang === 'en' ? 'rtl' : 'ltr')) await shoot(visitor.page, kebab('quality', state, lang, size, dir));
          }
        }
      });
    }
  }

  test('from right to left the picture is right of the words, and the bar of an error right of the sentence', async () => {
    for (const [dir, side, other] of [['ltr', 'Left', 'Right'], ['rtl', 'Right', 'Left']]) {
      await begin('error', {dir});
      const seen = await visitor.element((element, near, far) => {
        const find = (part) => element.shadowRoot.querySelector(`[part~=${part}]`);
        const bar = getComputedStyle(find('message'));
        const place = (part) => find(part).getBoundingClientRect().left;
        return {markFirst: place('mark') < place('label'), near: bar[`border${near}Width`], far: bar[`border${far}Width`]};
      }, side, other);
      assert.deepEqual(seen, {markFirst: dir === 'ltr', near: '3px', far: '0px'});
    }
  });

  test('a name of 150 letters and a login of 39 leave the card as wide as it was', async () => {
    visitor = await pages.open();
    const name = 'Wolfeschlegelsteinhausen '.repeat(6);
    visitor.answer('session', 200, {user: {...ada, name, login: 'a-login-of-thirty-nine-characters-long1'}});
    await visitor.visit();
    await visitor.until('signed-in');
    await visitor.press('user');
    for (const size of ['320 px', 'desktop']) {
      await visitor.dress({size});
      assert.deepEqual(await visitor.page.evaluate(sticksOut), [], size);
      await shoot(visitor.page, kebab('quality-long-name', size));
    }
  });
});
