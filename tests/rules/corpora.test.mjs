// The corpora of the fuzz targets: each target has one, each input stands in it once and in the one form it has.
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {test} from 'node:test';
import {inputOf, inputsOf, lineOf, linesOf, names} from '../fuzz/corpus.mjs';

test('each fuzz target has a corpus, and no corpus is left over', () => {
  const targets = readdirSync('tests/fuzz').filter((name) => name.endsWith('_fuzz.cpp')).map((name) => name.slice(0, -9));
  assert.deepEqual(names(), targets.sort());
});

test('each line of a corpus is the one form of an input that is there once', () => {
  for (const name of names()) {
    const lines = linesOf(name).filter((line) => !line.startsWith('#'));
    assert.ok(lines.length > 0, name);
    assert.deepEqual(inputsOf(name).map(lineOf), lines, name);
    assert.equal(new Set(lines).size, lines.length, name);
  }
});

test('every byte comes back from the form of a corpus, and what is not of the form is refused', () => {
  const all = Buffer.from(Array.from({length: 256}, (_, i) => i));
  assert.deepEqual(inputOf(lineOf(all)), all);
  for (const text of ['# a', ' ', '\\x41', 'a\\n', 'a \n b ']) assert.equal(inputOf(lineOf(Buffer.from(text))).toString(), text);
  assert.equal(lineOf(Buffer.from('#\\\n\0 # ')), '\\x23\\\\\\n\\x00 #\\x20');
  for (const line of ['\\', '\\q', '\\x4', '\\xG0', '\\xFF', '\t', '\u00e9']) assert.throws(() => inputOf(line), Error, line);
});
