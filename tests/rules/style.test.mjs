// Style is a fact, not a wish: the formatter, the type checker and the linter each find nothing.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const list = (...args) =>
    execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...args], {encoding: 'utf8'}).split('\n').filter(Boolean);

function finds(command, args, options = {}) {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 26, ...options});
  assert.equal(status, 0, `${command} says:\n${(stdout + stderr).slice(0, 8000)}`);
}

test('clang-format would change nothing', () => {
  finds('clang-format', ['--dry-run', '--Werror', ...list('*.cpp', '*.h')]);
});

test('prettier would change nothing in web/', () => {
  finds(process.execPath, ['tests/node_modules/prettier/bin/prettier.cjs', '--check', ...list('web/*.js', 'web/*.mjs', 'web/*.ts')]);
});

test('the scripts of the page are well typed (strict tsc)', () => {
  finds(process.execPath, ['tests/node_modules/typescript/bin/tsc', '-p', 'tests/tsconfig.json']);
});

test('a header is at most 150 lines and a source at most 300', () => {
  for (const name of list('wasm/*.cpp', 'wasm/*.h', 'proxy/*.cpp', 'proxy/*.h', 'web/*.js', 'web/*.cpp', 'web/*.h')) {
    const lines = readFileSync(name, 'utf8').split('\n').length - 1;
    assert.ok(lines <= (name.endsWith('.h') ? 150 : 300), `${name} has ${lines} lines`);
  }
});

test('a fuzz target is at most 45 lines', () => {
  const targets = list('tests/fuzz/*_fuzz.cpp');
  assert.ok(targets.length > 0);
  for (const name of targets) assert.ok(readFileSync(name, 'utf8').split('\n').length - 1 <= 45, name);
});

test('a line of a test is at most 140 columns', () => {
  const names = list('tests/*.mjs', 'tests/*.ts', 'tests/*.cpp', 'tests/*.h');
  assert.ok(names.length > 200);
  const long = names.flatMap((name) => readFileSync(name, 'utf8').split('\n').flatMap((line, i) =>
    ([...line].length > 140 ? [`${name}:${i + 1}`] : [])));
  assert.deepEqual(long, []);
});

test('README is at most 120 lines and shows the two commands, in either language', () => {
  const [english, spanish] = ['README.md', 'README.es.md'].map((name) => readFileSync(name, 'utf8'));
  for (const text of [english, spanish]) {
    assert.ok(text.split('\n').length <= 121);
    for (const command of ['script/server', 'script/test']) assert.match(text, new RegExp(`^${command}\\b`, 'm'));
  }
  // What one copies is the same, comments in shell aside.
  const code = (text) => [...text.matchAll(/^ *```[^]*?^ *```/gm)].map(([block]) => block.replace(/ +# [^{].*$/gm, ''));
  assert.deepEqual(code(spanish), code(english));
  const headings = (text) => (text.match(/^## /gm) ?? []).length;
  assert.equal(headings(spanish), headings(english));
});

test('no lock file names a registry', () => {
  for (const name of ['tests/package-lock.json', 'tests/bench/peers/package-lock.json']) {
    assert.ok(!readFileSync(name, 'utf8').includes('"resolved"'), name);
  }
});
