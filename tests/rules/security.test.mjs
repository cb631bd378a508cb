// docs/security.md names what holds each requirement. A name that is not there holds nothing.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {elsewhere} from '../attacks/threats.mjs';

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

test('every group of the attack suite that is named is there', () => {
  const attacks = filesBelow('tests/attacks', '.mjs').map((path) => readFileSync(path, 'utf8')).join('\n');
  for (const [, number] of rows.flatMap(({held}) => [...held.matchAll(/\bT(\d+)\b/g)])) {
    const held = new RegExp(`['\`"]T${number}\\b`).test(attacks) || elsewhere[`T${number}`]?.tests;
    assert.ok(held, `T${number}`);
  }
});

test('every file that is named is there', () => {
  for (const [, path] of text.matchAll(/`((?:tests|docs|script)\/[\w./-]+|[A-Z]+\.md|index\.html)`/g)) assert.ok(existsSync(path), path);
});
