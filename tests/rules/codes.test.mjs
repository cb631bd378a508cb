// Every error has a test that makes it happen: the table code -> test, kept honest.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const {tested, later} = JSON.parse(readFileSync('tests/vectors/codes.json', 'utf8'));
const snake = (enumerator) => enumerator.replace(/^k/, '').replace(/[A-Z]/g, (letter, at) => (at ? '_' : '') + letter.toLowerCase());
const codes = [...readFileSync('wasm/error.h', 'utf8').matchAll(/^ {2}(k\w+) = \d+,$/gm)].map(
    ([, enumerator]) => ({enumerator, code: snake(enumerator)}));

test('every error of the protocol is in the table, tested or waiting for a named reason', () => {
  assert.ok(codes.length > 40);
  assert.deepEqual(codes.map(({code}) => code).sort(), [...Object.keys(tested), ...Object.keys(later)].sort());
});

for (const {code, enumerator} of codes.filter((entry) => entry.code in tested)) {
  const {file, test: name} = tested[code];
  test(`${code} is shown by ${file}: ${name}`, () => {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(name), `${file} has no test ${name}`);
    assert.ok(text.includes(enumerator) || text.includes(code), `${file} does not speak of ${code}`);
  });
}
