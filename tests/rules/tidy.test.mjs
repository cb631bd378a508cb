// clang-tidy over every source of the product, its findings as errors (.clang-tidy says which).
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {test} from 'node:test';

const build = process.env.PORTERO_BUILD ?? 'build/dev';
const sources =
    execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'wasm/*.cpp', 'proxy/*.cpp', 'web/*.cpp'], {encoding: 'utf8'})
        .split('\n')
        .filter(Boolean);

function tidy(source) {
  // exports.cpp is built by Emscripten only, so no native build knows its flags.
  const flags = source.endsWith('/exports.cpp') ? ['--', '-std=c++20', '-I.'] : ['-p', build];
  const [before, after] = flags[0] === '--' ? [[], flags] : [flags, []];
  return new Promise((resolve) => {
    const child = spawn('clang-tidy', ['--quiet', ...before, source, ...after], {stdio: ['ignore', 'pipe', 'ignore']});
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('close', (status) => resolve(status === 0 ? '' : `${source}\n${output}`));
  });
}

test('clang-tidy finds nothing in any source', async () => {
  assert.ok(sources.length > 40);
  const waiting = [...sources];
  const findings = [];
  const work = async () => {
    while (waiting.length > 0) findings.push(await tidy(waiting.shift()));
  };
  await Promise.all([work(), work()]);
  assert.deepEqual(findings.filter(Boolean), []);
});
