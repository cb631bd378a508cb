// Runs every test there is and adds them up: the C++ ones, the JavaScript ones (node --test), the browser's. Called by
// script/test when all is built. `node tests/run.mjs WORD` runs only files and tests whose name has WORD in it.
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {basename, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {pageSizes} from './sizes.mjs';

const root = join(fileURLToPath(import.meta.url), '../..');
const word = process.argv[2] ?? '';
const results = join(root, 'build/results');

function testFiles(directory) {
  return readdirSync(join(root, directory), {withFileTypes: true}).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.mjs') && path.includes(word) ? [path] : [];
  });
}

/** What `work` gives; says when it begins and how long it took. */
async function timed(title, work) {
  const started = Date.now();
  console.log(`${title} ...`);
  const result = await work();
  console.log(`${title}: ${Math.round((Date.now() - started) / 1000)} s`);
  return result;
}

/** The exit status, or the signal that ended it. */
const end = (child) => new Promise((resolve) => {
  child.once('error', (error) => {
    console.log(String(error));
    resolve(1);
  });
  child.once('close', (code, signal) => resolve(code ?? signal));
});

const run = (title, command, args, env = {}) =>
  timed(title, () => end(spawn(command, args, {cwd: root, stdio: 'inherit', env: {...process.env, ...env}})));

/** `tests`, and a failure for an end that none of them explains. */
const judge = (title, status, tests) =>
  (status === 0 || tests.some(({outcome}) => outcome === 'failed') ? tests
    : [...tests, {name: `${title}: ended with ${status}`, outcome: 'failed', seconds: 0}]);

function readJunit(path) {
  if (!existsSync(path)) return [];
  const cases = readFileSync(path, 'utf8').matchAll(/<testcase name="([^"]*)"[^>]*time="([^"]*)" status="([^"]*)"/g);
  return [...cases].map(([, name, seconds, status]) => ({
    name,
    seconds: Number(seconds),
    outcome: status === 'run' ? 'passed' : status === 'fail' ? 'failed' : 'skipped',
  }));
}

// A file that never ends must not hold up the rest for ever; Node 18 does not know how to say so.
const canTimeOut = Number(process.versions.node.split('.')[0]) >= 20;

/** `idle`: it takes what the others leave of the processor. `minutes`: what a file may take. */
async function runJavaScript(title, files, {idle = false, minutes = 20} = {}) {
  if (files.length === 0) return [];
  const path = join(results, `${title.replace(/\W+/g, '-')}.jsonl`);
  writeFileSync(path, '');
  const [command, ...args] = [
    ...(idle ? ['chrt', '--idle', '0'] : []), process.execPath, '--test', ...(canTimeOut ? [`--test-timeout=${minutes * 60_000}`] : []),
    '--test-reporter=./tests/reporter.mjs', '--test-reporter-destination=stdout', ...files
  ];
  const status = await run(title, command, args, {PORTERO_RESULTS: path});
  return judge(title, status, readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)));
}

/** What GoogleTest wrote of one program's tests. */
function readGtest(path) {
  const {testsuites} = JSON.parse(readFileSync(path, 'utf8'));
  return testsuites.flatMap(({testsuite}) => testsuite).map(({classname, name, time, result, failures}) => ({
    name: `${classname}.${name}`,
    seconds: parseFloat(time),
    outcome: failures ? 'failed' : result === 'SKIPPED' ? 'skipped' : 'passed',
  }));
}

/** All tests of a program in one process: to start it, with sanitizers, takes longer than most of them. */
async function runProgram(program) {
  const name = basename(program);
  const json = join(results, `${name}.json`);
  rmSync(json, {force: true});
  const child = spawn(program, [`--gtest_filter=*${word}*`, '--gtest_brief=1', `--gtest_output=json:${json}`],
      {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
  const overdue = setTimeout(() => child.kill('SIGABRT'), 10 * 60_000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const status = await end(child);
  clearTimeout(overdue);
  if (status !== 0) console.log(output);
  return existsSync(json) ? judge(name, status, readGtest(json)) : judge(name, `${status} and no word of its tests`, []);
}

/** The programs of the C++ tests, as ctest knows them. */
function testPrograms() {
  const {tests} = JSON.parse(execFileSync('ctest', ['--test-dir', 'build/dev', '--show-only=json-v1', '-E', '^FuzzCorpus'],
      {cwd: root, encoding: 'utf8', maxBuffer: 1 << 26}));
  return [...new Set(tests.map(({name, command}) => command?.[0] ?? `${name}, which was not built`))];
}

const runPrograms = () => timed('C++ tests', async () => {
  const waiting = testPrograms();
  const tests = [];
  // They wait more than they work.
  await Promise.all([1, 2, 3].map(async () => {
    while (waiting.length > 0) tests.push(...await runProgram(waiting.shift()));
  }));
  return tests;
});

async function replayCorpora() {
  const title = 'corpora of the fuzz targets';
  const junit = join(results, 'ctest.xml');
  const status = await run(title, 'ctest', ['--test-dir', 'build/dev', '-j', '2', '--output-on-failure', '--progress', '--quiet',
    '--output-junit', junit, '-R', `^FuzzCorpus\\..*${word}`]);
  return judge(title, status, readJunit(junit));
}

const engines = join(root, 'build/engines.txt');
rmSync(engines, {force: true});
const files = testFiles('tests').map((file) => relative('.', file));
const inBrowser = (file) => file.startsWith(join('tests', 'browser')) || file.endsWith('browser.test.mjs');
const inEngines = (file) => file.startsWith(join('tests', 'browser', 'engines'));
const lints = (file) => file.endsWith(join('rules', 'tidy.test.mjs'));
const measures = (file) => /[/\\](lighthouse|loading)\.test\.mjs$/.test(file);
// All the while: the others wait a third of their time, for a browser, a timeout or a disk.
const linted = runJavaScript('clang-tidy, beside the rest', files.filter(lints), {idle: true, minutes: 60});
const tests = [
  ...await runPrograms(),
  ...await replayCorpora(),
  ...await runJavaScript('JavaScript tests', files.filter((file) => !inBrowser(file) && !lints(file))),
  // Side by side: a browser that is driven leaves a core idle for a third of its time. What measures a page's speed comes
  // after them, alone.
  ...(await Promise.all([
    runJavaScript('browser tests', files.filter((file) => inBrowser(file) && !inEngines(file) && !measures(file))),
    runJavaScript('tests in three engines', files.filter(inEngines)),
  ])).flat(),
  ...await linted,
  ...await runJavaScript('tests of the page\'s speed', files.filter(measures)),
];

if (existsSync(engines)) console.log(`\nthe engines:\n${readFileSync(engines, 'utf8')}`);

console.log('\nwhat a page loads, brotli -11:');
for (const {name, bytes, limit} of pageSizes(root)) {
  console.log(`  ${String(bytes).padStart(6)}  ${name}${limit ? ` (limit ${limit})` : ''}`);
  if (limit) tests.push({name: `within its size: ${name}`, seconds: 0, outcome: bytes <= limit ? 'passed' : 'failed'});
}

console.log('\nthe slowest ten:');
for (const {name, seconds} of [...tests].sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  console.log(`  ${seconds.toFixed(2).padStart(7)} s  ${name}`);
}
const count = (outcome) => tests.filter((test) => test.outcome === outcome).length;
for (const {name} of tests.filter(({outcome}) => outcome === 'failed')) console.log(`FAILED ${name}`);
console.log(`\n${count('passed')} passed, ${count('failed')} failed${count('skipped') ? `, ${count('skipped')} skipped` : ''}`);
process.exit(count('failed') === 0 && count('passed') > 0 ? 0 : 1);
