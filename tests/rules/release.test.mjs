// One tree for several releases of Debian: the packages that script/bootstrap takes from each, and no tool that only one of
// them has.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

const bootstrap = (...args) => spawnSync('script/bootstrap', args, {encoding: 'utf8'});
const packagesOf = (release) => bootstrap('--packages', release).stdout.trim().split('\n');

test('the releases differ in the name of one package', () => {
  const only = (names, others) => names.filter((name) => !others.includes(name));
  const [bookworm, trixie, forky] = ['bookworm', 'trixie', 'forky'].map(packagesOf);
  assert.ok(bookworm.length > 20);
  assert.deepEqual(only(bookworm, trixie), ['webkit2gtk-driver']);
  assert.deepEqual(only(trixie, bookworm), ['webkitgtk-webdriver']);
  assert.deepEqual(forky, trixie);
  for (const name of ['clang', 'clang-tidy', 'clang-format', 'libclang-rt-dev']) assert.ok(bookworm.includes(name), name);
});

test('another release is told which ones are known', () => {
  for (const release of ['bullseye', 'noble', 'ubuntu', 'book']) {
    const {status, stdout, stderr} = bootstrap('--packages', release);
    assert.equal(status, 1, release);
    assert.equal(stdout, '', release);
    assert.match(stderr, new RegExp(`12 \\(bookworm\\), 13 \\(trixie\\) and testing \\(forky\\), not for "${release}"`));
    assert.match(stderr, /^Run it in .+$/m);
  }
});

test('no compiler or tool of LLVM is called by its version', () => {
  const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {encoding: 'utf8'}).split('\n')
      .filter((name) => existsSync(name) && !/(^|\/)(node_modules|vectors)\/|package-lock\.json$/.test(name));
  assert.ok(names.length > 300);
  const versioned = /\b(clang[a-z+]*|clang-[a-z]+|libclang-rt|llvm|lld|emcc|g\+\+|gcc)-\d/;
  assert.deepEqual(names.filter((name) => versioned.test(readFileSync(name, 'utf8'))), []);
});

test('README says on which releases it runs, in either language', () => {
  for (const name of ['README.md', 'README.es.md']) assert.match(readFileSync(name, 'utf8'), /Debian 12 (or|o) 13/, name);
});

test('clang-tidy is given names, no wildcards, and knows every one of them', () => {
  const [, text] = /^Checks: >\n((?: .*\n)+)/m.exec(readFileSync('.clang-tidy', 'utf8'));
  const [none, ...checks] = text.split(',').map((check) => check.trim());
  assert.equal(none, '-*');
  assert.ok(checks.length > 100);
  assert.deepEqual(checks.filter((check) => !/^[a-z][\w.-]+$/i.test(check)), []);
  const known = execFileSync('clang-tidy', ['--checks=*', '--list-checks'], {encoding: 'utf8'}).split('\n').map((line) => line.trim());
  assert.deepEqual(checks.filter((check) => !known.includes(check)), []);
});
