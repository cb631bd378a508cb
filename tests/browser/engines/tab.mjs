// A tab as a person has it: looks, clicks with the mouse, waits until something shows. Each engine says how: subclasses
// give goto, address, evaluate, mouse, back, reload, show, close and screenshot.
import {strict as assert} from 'node:assert';
import {join} from 'node:path';
import {shots} from '../harness.mjs';
import {sleep, until} from '../../programs.mjs';

/** In the page: the middle of the first visible thing that `selector` finds, shadow roots included, once the page has come and it rests. */
async function findMiddle(selector) {
  const find = (root) => {
    for (const found of root.querySelectorAll(selector)) {
      const {width, height} = found.getBoundingClientRect();
      if (width > 0 && height > 0 && getComputedStyle(found).visibility === 'visible') return found;
    }
    for (const host of root.querySelectorAll('github-sign-in')) {
      const found = host.shadowRoot && find(host.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  const found = document.readyState === 'complete' && find(document);
  if (!found) return null;
  found.scrollIntoView({block: 'nearest', behavior: 'instant'});
  const before = found.getBoundingClientRect();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const {x, y, width, height} = found.getBoundingClientRect();
  return x === before.x && y === before.y && width > 0 ? {x: x + width / 2, y: y + height / 2} : null;
}

/** In the page: what it says of itself. */
const look = () => {
  const element = document.querySelector('github-sign-in');
  return {
    url: location.href,
    state: element?.getAttribute('state') ?? null,
    error: element?.error?.code ?? null,
    login: element?.user?.login ?? null,
  };
};

export class Tab {
  /** What it shows now; an empty record while a page is on its way. */
  async look() {
    return this.evaluate(look).catch((error) => ({reason: String(error)}));
  }

  /** Waits until what it shows holds; gives it. */
  async until(holds, what, timeout = 20000) {
    let seen;
    for (const end = Date.now() + timeout; ;) {
      seen = await this.look();
      if (holds(seen)) return seen;
      if (Date.now() > end) {
        assert.fail(`never happened: ${what}; the tab shows ${JSON.stringify({...seen, url: seen.url?.split('?')[0]})}`);
      }
      await sleep(40);
    }
  }

  untilState(state) {
    return this.until((seen) => seen.state === state, `state ${state}`);
  }

  async untilError(code) {
    const {error} = await this.untilState('error');
    assert.equal(error, code);
  }

  /** The middle of what `selector` finds, when it is there and rests. */
  async there(selector) {
    let middle;
    await until(async () => (middle = await this.evaluate(findMiddle, selector).catch(() => null)), `${selector} is there`);
    return middle;
  }

  /** Presses the mouse on it. */
  async click(selector, count = 1) {
    const {x, y} = await this.there(selector);
    await this.mouse(x, y, count);
  }

  press(part, count = 1) {
    return this.click(`[part~="${part}"]`, count);
  }

  /** From signed out to GitHub's consent page; `clicks` in quick succession. */
  async goToConsent(github, clicks = 1) {
    await this.untilState('signed-out');
    await this.press('button', clicks);
    await this.untilAt(github);
  }

  /** By the driver, not the page: what a driver runs in a page counts as the person's doing, and lets pop-ups through. */
  untilAt(url) {
    return until(async () => (await this.address()).startsWith(url), `being at ${url}`);
  }

  async signIn(github) {
    await this.goToConsent(github);
    await this.click('#authorize');
    return this.untilState('signed-in');
  }

  async signOut() {
    await this.openMenu();
    await this.press('sign-out');
    await this.untilState('signed-out');
  }

  async openMenu() {
    await this.press('user');
    await this.there('[part~="sign-out"]');
  }

  /** A picture of what is painted by now. */
  async shoot(name) {
    await this.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
      setTimeout(resolve, 500);  // nothing paints a tab that is not shown
    }));
    await this.screenshot(join(shots, `${name}.png`));
  }
}
