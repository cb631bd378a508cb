// What is cited is in the tree: a document, its section, a requirement's row. Who reads a comment can open what it names.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {test} from 'node:test';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {encoding: 'utf8'}).split('\n')
  .filter((name) => name && existsSync(name) && !/^tests\/(fuzz\/corpus\/|rules\/citations)|\.(png|ico)$|package-lock\.json$/.test(name))
  .map((name) => ({name, text: readFileSync(name, 'utf8')}));

/** `NAME:LINE: what is found` for every match. */
const found = (pattern, wrong = () => true) => files.flatMap(({name, text}) => {
  const matches = [...text.matchAll(pattern)].filter((match) => wrong(match, name));
  return matches.map((match) => `${name}:${text.slice(0, match.index).split('\n').length}: ${match[0]}`);
});

test('a section sign follows the name of a public standard', () => {
  assert.deepEqual(found(/(.{0,16})§/g, ([, before]) => !/(RFC \w+|CSP \d|^ *\/\/[/ ]+\d{4}) $/.test(before)), []);
});

test('no document is cited that only its writer had', () => {
  assert.deepEqual(found(/\b(?:PROTOCOL|THREATS|FACTS|FIELD|HOUSE|REVIEW|FORWARD-AUTH)(?:\.md\b| §| [TRF]?\d|\))/g), []);
});

test('every document that is named is there', () => {
  const missing = found(/(?<![\w/.<>*$-])([\w-]+(?:\/[\w.-]+)*\.md)\b/g, ([, path], name) =>
    ![path, join(dirname(name), path), join('docs', path)].some(existsSync));
  assert.deepEqual(missing, []);
});

test('every section that is named with its document is there', () => {
  const headings = (path) => [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  const cited = /\b(docs\/[\w-]+\.md),\s(?:\/\/ |\* )?"([^"]+)"/g;
  assert.ok(found(cited).length > 2);
  assert.deepEqual(found(cited, ([, path, heading]) => !headings(path).includes(heading)), []);
});

test('every requirement that is named has a row in docs/security.md', () => {
  const rows = new Set([...readFileSync('docs/security.md', 'utf8').matchAll(/^\| (R\d+) /gm)].map(([, number]) => number));
  const cited = /\bsecurity\.md (R\d+(?:(?:-|, )R\d+)*)/g;
  assert.ok(found(cited).length > 1);
  assert.deepEqual(found(cited, ([, list]) => !list.match(/R\d+/g).every((number) => rows.has(number))), []);
});

test('no test is named by a number', () => {
  assert.deepEqual(found(/\b(?:describe|test)\((['"`])[TRF]\d+\b/g), []);
});
