// axe-core in the page: what breaks the Web Content Accessibility Guidelines (A and AA up to 2.2) or good practice.
import {readFileSync} from 'node:fs';

const source = readFileSync('tests/node_modules/axe-core/axe.min.js', 'utf8');

/**
 * What axe-core finds in a page or frame, one line each; `within` narrows it to a selector. What it cannot decide
 * about a colour counts as found.
 */
export async function findings(page, within) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
  return page.evaluate(async (selector) => {
    const {violations, incomplete} = await window.axe.run(selector ?? document, {
      preload: false,
      resultTypes: ['violations', 'incomplete'],
      rules: {'target-size': {enabled: true}},
    });
    // What an open menu lies over is judged without the menu; the letter of a picture by looks.test.mjs.
    const counts = (data) => !['bgOverlap', 'shortTextContent'].includes(data?.messageKey);
    const undecided = incomplete.filter(({id}) => id === 'color-contrast').map(({id, nodes}) => (
      {id, nodes: nodes.filter(({any}) => any.every(({data}) => counts(data)))}));
    return [...violations, ...undecided].flatMap(({id, nodes}) =>
      nodes.map(({target, any, all, none}) => `${id}: ${target.flat().join(' ')}: ${[...any, ...all, ...none][0]?.message}`));
  }, within);
}
