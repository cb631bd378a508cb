// Runs every test there is and adds them up: the C++ ones (ctest), the JavaScript ones (node --test), then the
// browser's. Called by script/test when all is built. `node tests/run.mjs WORD` runs only files and tests
// whose name has WORD in it.
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
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

async function run(title, command, args, env = {}) {
  const started = Date.now();
  console.log(`${title} ...`);
  const child = spawn(command, args, {cwd: root, stdio: 'inherit', env: {...process.env, ...env}});
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.log(String(error));
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
  console.log(`${title}: ${Math.round((Date.now() - started) / 1000)} s`);
  return status;
}

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

/** `idle`: it takes what the others leave of the processor, and may take long. */
async function runJavaScript(title, files, {idle = false} = {}) {
  if (files.length === 0) return [];
  const path = join(results, `${title.replace(/\W+/g, '-')}.jsonl`);
  writeFileSync(path, '');
  const timeout = (idle ? 60 : 20) * 60_000;
  const [command, ...args] = [
    ...(idle ? ['chrt', '--idle', '0'] : []), process.execPath, '--test', ...(canTimeOut ? [`--test-timeout=${timeout}`] : []),
    '--test-reporter=./tests/reporter.mjs', '--test-reporter-destination=stdout', ...files
  ];
  const status = await run(title, command, args, {PORTERO_RESULTS: path});
  const tests = readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  if (status !== 0 && !tests.some(({outcome}) => outcome === 'failed')) {
    tests.push({name: `${title}: the runner ended with ${status}`, outcome: 'failed', seconds: 0});
  }
  return tests;
}

async function runCpp() {
  const junit = join(results, 'ctest.xml');
  const only = word ? ['-R', word] : [];
  const status = await run('C++ tests', 'ctest', ['--test-dir', 'build/dev', '-j', '2', '--output-on-failure', '--progress',
    '--quiet', '--output-junit', junit, ...only]);
  const tests = readJunit(junit);
  if (status !== 0 && !tests.some(({outcome}) => outcome === 'failed')) {
    tests.push({name: `C++ tests: ctest ended with ${status}`, outcome: 'failed', seconds: 0});
  }
  return tests;
}

const engines = join(root, 'build/engines.txt');
rmSync(engines, {force: true});
const files = testFiles('tests').map((file) => relative('.', file));
const inBrowser = (file) => file.startsWith(join('tests', 'browser')) || file.endsWith('browser.test.mjs');
const inEngines = (file) => file.startsWith(join('tests', 'browser', 'engines'));
const lints = (file) => file.endsWith(join('rules', 'tidy.test.mjs'));
const measures = (file) => /[/\\](lighthouse|loading)\.test\.mjs$/.test(file);
// All the while: the others wait a third of their time, for a browser, a timeout or a disk.
const linted = runJavaScript('clang-tidy, beside the rest', files.filter(lints), {idle: true});
const tests = [
  ...await runCpp(),
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
