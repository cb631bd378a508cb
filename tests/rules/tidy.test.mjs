// clang-tidy over every source of the product, its findings as errors (.clang-tidy says which). The sources of a folder
// are read as one, one behind the other: most of its time goes into the headers of libraries, which are read once then.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {test} from 'node:test';

const place = join(process.cwd(), 'build/tidy');
const flags = ['-std=c++20', '-I.', '-DPORTERO_VERSION="0"'];
const sources =
    execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'wasm/*.cpp', 'proxy/*.cpp', 'web/*.cpp'], {encoding: 'utf8'})
        .split('\n')
        .filter(Boolean);

/** As it is compiled: main() alone, the others with those of their folder. */
const unitOf = (source) => (source.endsWith('/main.cpp') ? source : dirname(source));

/** One text of all sources of a unit, and where each of its lines is from. */
function joinSources(unit) {
  const lines = sources.filter((source) => unitOf(source) === unit).flatMap((source) =>
    readFileSync(source, 'utf8').split('\n').map((text, i) => ({text, from: `${source}:${i + 1}`})));
  const path = join(place, `${unit.replaceAll('/', '_')}.cpp`);
  writeFileSync(path, lines.map(({text}) => text).join('\n'));
  return {path, where: (line) => lines[line - 1].from};
}

function tidy(unit) {
  const {path, where} = joinSources(unit);
  return new Promise((resolve) => {
    const child = spawn('clang-tidy', ['--quiet', path, '--', ...flags], {stdio: ['ignore', 'pipe', 'ignore']});
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('close', (status) => {
      const told = output.replace(/^(\S+\.cpp):(\d+)(?=:)/gm, (all, file, line) => (file === path ? where(Number(line)) : all));
      resolve(status === 0 ? '' : `${unit}\n${told}`);
    });
  });
}

test('clang-tidy finds nothing in any source', async () => {
  assert.ok(sources.length > 40);
  mkdirSync(place, {recursive: true});
  const waiting = [...new Set(sources.map(unitOf))];
  const findings = [];
  const work = async () => {
    while (waiting.length > 0) findings.push(await tidy(waiting.shift()));
  };
  await Promise.all([work(), work()]);
  assert.deepEqual(findings.filter(Boolean), []);
});
