// docs/security.md names what holds each requirement. A name that is not there holds nothing.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

const text = readFileSync('docs/security.md', 'utf8');
const rows = text.split('\n').flatMap((line) => {
  const found = /^\| R(\d+) ([xpd]+) \| (.+) \| (.+) \|$/.exec(line);
  return found ? [{number: Number(found[1]), held: found[4]}] : [];
});

function filesBelow(directory, ending) {
  return readdirSync(directory, {withFileTypes: true}).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path, ending) : path.endsWith(ending) ? [path] : [];
  });
}

test('every requirement has its row, in order', () => {
  assert.deepEqual(rows.map(({number}) => number), Array.from({length: 116}, (_, i) => i + 1));
});

test('every C++ test that is named is there', () => {
  const sources = filesBelow('tests', '_test.cpp').map((path) => readFileSync(path, 'utf8')).join('\n');
  for (const [, suite, name] of text.matchAll(/`([A-Z]\w+)\.([A-Z]\w+)`/g)) {
    assert.match(sources, new RegExp(`TEST(_F|_P)?\\(${suite},\\s+${name}\\)`), `${suite}.${name}`);
  }
});

/** The attacks that a title begins with: one or more names, a reference in parentheses, a colon, what is claimed. */
const attacksOf = (title) => title.split(/(?: \([^)]*\))?: /)[0].split(', ');
const suite = filesBelow('tests/attacks', '.test.mjs').map((path) => readFileSync(path, 'utf8'));
const cited = new Set(rows.flatMap(({held}) => [...held.matchAll(/\*([^*]+)\*/g)].map(([, name]) => name)));

test('every attack that is named has a test', () => {
  const tested = new Set(suite.flatMap((source) => [...source.matchAll(/^ *(?:describe|test)\((['`])(.+?: )/gm)]
    .flatMap(([, , title]) => attacksOf(title))));
  assert.ok(cited.size >= 45, `${cited.size} attacks`);
  for (const name of cited) assert.ok(tested.has(name), name);
});

test('every test of the attack suite begins with an attack that is named, or shows that its attacks could succeed', () => {
  const titles = suite.flatMap((source) => [...source.matchAll(/^(?:describe|test)\((['`])(.+?)\1,\s/gm)].map(([, , title]) => title));
  assert.ok(titles.length > 45);
  for (const title of titles.filter((one) => !/: what is refused |^what was written down$/.test(one))) {
    for (const name of attacksOf(title)) assert.ok(cited.has(name), title);
  }
});

test('every file that is named is there', () => {
  for (const [, path] of text.matchAll(/`((?:tests|docs|script)\/[\w./-]+|[A-Z]+\.md|index\.html)`/g)) assert.ok(existsSync(path), path);
});
