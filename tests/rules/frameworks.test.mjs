// What docs/frameworks.md tells one to write is what the sites of tests/frameworks have, line by line, so that script/frameworks
// signs into just that.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

const root = 'tests/frameworks';
const sections = readFileSync('docs/frameworks.md', 'utf8').split(/^## /m).slice(1).map((text) => ({
  name: /^[^\n]*/.exec(text)[0],
  blocks: [...text.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, block]) => block),
}));
const linesOf = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);
/** Each file of the sites, as lines. */
const files = readdirSync(root, {recursive: true, withFileTypes: true}).filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
const isIn = (block, path) => {
  const there = linesOf(readFileSync(path, 'utf8')).join('\n');
  return there.includes(linesOf(block).join('\n'));
};

test('a section that is marked has an example', () => {
  const marked = sections.filter(({name}) => name.includes('✓'));
  assert.ok(marked.length >= 6);
  for (const {name, blocks} of marked) assert.ok(blocks.length > 0, name);
});

for (const {name, blocks} of sections) {
  for (const block of blocks) {
    const [, named] = /^(?:\/\/|<!--) (\S+)(?: -->)?\n/.exec(block) ?? [];
    const code = block.replace(/^(\/\/|<!--) \S+( -->)?\n/, '');
    test(`${name.trim()}: ${named ?? linesOf(code)[0]}`, () => {
      const here = files.filter((path) => !named || path.endsWith(named));
      assert.ok(here.some((path) => isIn(code, path)), `no site has:\n${code}`);
    });
  }
}
