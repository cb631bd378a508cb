// Every threat has a test named after it, or a reason why not, so that the suite cannot silently shrink.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';
import {elsewhere, threats} from './threats.mjs';

const sources = readdirSync('tests/attacks')
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => readFileSync(`tests/attacks/${name}`, 'utf8'));

/** The numbers with which the names of tests begin: one or more, before the words. */
const numbers =
    sources.flatMap((source) => [...source.matchAll(/^ *test\((['`])((?:T\d+ )+)/gm)].flatMap(([, , found]) => found.trim().split(' ')));

for (const threat of threats) {
  test(`${threat} has a test named after it, or a reason why not`, () => {
    const tested = numbers.includes(threat);
    const excused = elsewhere[threat];
    assert.ok(tested !== Boolean(excused), tested ? `${threat} is tested here and excused too` : `${threat} is neither tested nor excused`);
    if (excused) assert.ok(excused.why.length > 10);
    if (excused?.tests) assert.ok(existsSync(excused.tests), excused.tests);
  });
}

test('no test is named after a threat that is not on the list, and at least 45 are tested here', () => {
  assert.deepEqual([...new Set([...numbers, ...Object.keys(elsewhere)])].filter((one) => !threats.includes(one)), []);
  assert.ok(new Set(numbers).size >= 45, `${new Set(numbers).size} are tested`);
});
