// script/soak: runs the scenarios one after another and prints a table. Exits with 1 when a bound is broken.
//   node tests/bench/soak.mjs [scenario...] [--seconds N] [--build DIRECTORY]
import {cpus, release} from 'node:os';
import {spawnSync} from 'node:child_process';
import {LoadedDeployment} from './loaded_deployment.mjs';
import {kill, reload, restart, rotate} from './restarts.mjs';
import {halfOpen, hungGithub, idle, slowRead, slowhttptest} from './scenarios.mjs';

const scenarios = {
  'half-open': [halfOpen, '1,000 half-open and dripping connections'],
  'idle': [idle, '10,000 idle connections'],
  'slow-read': [slowRead, '1,000 who read half a megabyte a byte at a time'],
  'slowhttptest': [slowhttptest, 'its four modes, 1,000 connections each'],
  'hung-github': [hungGithub, '512 logins while GitHub hangs, three times'],
  'kill': [kill, 'kill -9 a hundred times'],
  'restart': [restart, '20 restarts by socket activation'],
  'reload': [reload, '100 reloads by SIGHUP, every other one of a broken file'],
  'rotate': [rotate, '100 key rotations'],
};

function readArguments(words) {
  const given = {names: [], seconds: 8, build: 'build/release'};
  for (let i = 0; i < words.length; ++i) {
    if (words[i] === '--seconds') given.seconds = Number(words[++i]);
    else if (words[i] === '--build') given.build = words[++i];
    else if (scenarios[words[i]]) given.names.push(words[i]);
    else {
      console.error(`usage: script/soak [--seconds N] [${Object.keys(scenarios).join('|')}]...`);
      process.exit(2);
    }
  }
  if (given.names.length === 0) given.names = Object.keys(scenarios);
  return given;
}

const columns = [
  ['scenario', (row) => row.name, -13], ['held', (row) => row.held], ['opened', (row) => row.opened], ['lost', (row) => row.lost],
  ['logins', (row) => row.ok], ['failed', (row) => row.failed], ['p50 ms', (row) => row.p50?.toFixed(2)],
  ['p99 ms', (row) => row.p99?.toFixed(2)], ['unloaded', (row) => row.unloaded?.toFixed(2)],
  ['MiB', (row) => row.before && (row.before / 1024).toFixed(1)], ['then', (row) => row.after && (row.after / 1024).toFixed(1)],
  ['s', (row) => row.took], ['verdict', (row) => (row.broken.length ? 'BROKEN' : 'ok'), -7],
];

function print(cells) {
  console.log(cells.map((cell, i) => {
    const width = columns[i][2] ?? 8;
    return width < 0 ? String(cell ?? '').padEnd(-width) : String(cell ?? '').padStart(width);
  }).join(' '));
}

const {names, seconds, build} = readArguments(process.argv.slice(2));
const files = Number(spawnSync('sh', ['-c', 'ulimit -Hn'], {encoding: 'utf8'}).stdout) || Infinity;
console.log(`${cpus().length} cores, kernel ${release()}, ${files} files a process at most\n`);
if (files < 12500) {
  console.log('The hard limit of open files is too low for 10,000 connections: expect `idle` to break (ulimit -Hn 20000).\n');
}
for (const name of names) console.log(`${name}: ${scenarios[name][1]}`);
console.log('\np50, p99: GET /v1/session meanwhile; lost: those that failed; MiB, then: private memory before and during\n');
print(columns.map(([title]) => title));

let broken = 0;
for (const name of names) {
  const deployment = new LoadedDeployment(build);
  const started = Date.now();
  let row;
  try {
    row = await scenarios[name][0](deployment, {seconds});
  } catch (error) {
    row = {broken: [String(error.stack ?? error)]};
  } finally {
    await deployment.close();
  }
  print(columns.map(([, cell]) => cell({...row, name, took: Math.round((Date.now() - started) / 1000)})));
  for (const why of row.broken) console.log(`    broken: ${why}`);
  if (row.note) console.log(`    ${row.note}`);
  if (row.broken.length) ++broken;
}
console.log(broken === 0 ? '\nevery bound was kept' : `\n${broken} of ${names.length} broke a bound`);
process.exit(broken === 0 ? 0 : 1);
