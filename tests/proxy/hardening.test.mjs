// What the release build's file says of itself (readelf), and what the running program has given up.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {copyFileSync, readFileSync, statSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {makeDeployment, portero} from '../torture/visitor.mjs';

const read = (...flags) => execFileSync('readelf', ['-W', ...flags, portero], {encoding: 'utf8', maxBuffer: 1 << 26});

describe('the release build', () => {
  test('is position independent', () => {
    assert.match(read('-h'), /Type:\s+DYN \(Position-Independent Executable file\)/);
    assert.match(read('-d'), /FLAGS_1\).*\bPIE\b/);
  });

  test('has its relocations made before it runs, and read-only then', () => {
    assert.match(read('-d'), /\(FLAGS\)\s+.*BIND_NOW/);
    assert.match(read('-l'), /GNU_RELRO/);
  });

  test('has no memory that is both written and run', () => {
    assert.match(read('-l'), /GNU_STACK\s+(0x\w+\s+){5}RW\s/);
    assert.doesNotMatch(read('-l'), /^ +LOAD .* (RWE|WE) /m);
  });

  test('looks for libraries where the system has them and nowhere else', () => {
    assert.doesNotMatch(read('-d'), /RPATH|RUNPATH/);
  });

  test('guards its stack, its buffers and the library\'s containers', () => {
    const symbols = read('--dyn-syms');
    assert.match(symbols, /__stack_chk_fail/);
    assert.match(symbols, /__\w+_chk@GLIBC/);
    assert.match(symbols, /glibcxx_assert_fail/);
  });

  // Debian 12's own start-up code lacks the mark, so the file as a whole cannot carry it; its functions do.
  test('can only be jumped into where a function begins, on a processor that watches', {skip: process.arch !== 'x64'}, () => {
    const entries = execFileSync('objdump', ['-d', '--no-show-raw-insn', portero], {encoding: 'utf8', maxBuffer: 1 << 28})
        .match(/\bendbr64\b/g);
    assert.ok(entries.length > 1000, `${entries.length} marks`);
  });

  test('exports nothing of its own', () => {
    const exported =
        read('--dyn-syms').split('\n').filter((line) => /\b(FUNC|OBJECT)\b/.test(line) && !/\bUND\b/.test(line) && /portero/.test(line));
    assert.deepEqual(exported, []);
  });
});

describe('portero serve', () => {
  // A test run by root looks at a process of somebody else: root's own would be root's in any case.
  const as = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {};
  const deployment = makeDeployment();
  let running;
  before(async () => {
    // Others may not enter root's own folders, where this clone perhaps is: they run a copy.
    deployment.portero = deployment.path('portero');
    copyFileSync(portero, deployment.portero);
    const file = deployment.write('portero.json', deployment.settings({url: 'http://127.0.0.1:9'}));
    deployment.keygen();
    if (as.uid) execFileSync('chown', ['-R', `${as.uid}:${as.gid}`, deployment.directory]);
    running = await deployment.serve(file, {...as, cwd: deployment.directory});
  });
  after(() => deployment.close());

  test('leaves no core file', () => {
    assert.match(readFileSync(`/proc/${running.child.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
  });

  test('cannot be traced or read by its own user: /proc/PID is root\'s', () => {
    assert.equal(statSync(`/proc/${running.child.pid}/status`).uid, 0);
  });

  test('has given that up before it reads anything', () => {
    const [, body] = /^int main\(.*?\{\n(.*?)^\}/ms.exec(readFileSync('proxy/main.cpp', 'utf8'));
    const first = (pattern) => body.search(pattern);
    assert.ok(first(/forbid_core_dumps\(\)/) >= 0);
    assert.ok(first(/forbid_core_dumps\(\)/) < first(/environ|argv|read_|take_/), body);
  });

  test('the look is a look: another program of the same user is that user\'s', async () => {
    const child = spawn('sleep', ['60'], {stdio: 'ignore', cwd: deployment.directory, ...as});
    await new Promise((resolve) => child.once('spawn', resolve));
    while (readFileSync(`/proc/${child.pid}/comm`, 'utf8') !== 'sleep\n') await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(statSync(`/proc/${child.pid}/status`).uid, as.uid ?? process.getuid());
    child.kill();
  });
});
