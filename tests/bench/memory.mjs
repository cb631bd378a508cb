// script/bench memory: what portero takes of memory at rest, idle connections, a crowd and many sign-ins, on the release
// build. Memory is anonymous (/proc/PID/smaps_rollup): what no file could give back. GitHub speaks TLS and HTTP/1.1, where a
// crowd takes the most: a connection for each sign-in.
//   node tests/bench/memory.mjs [--most N] [--build DIRECTORY] [--portero PROGRAM]
import {readFileSync} from 'node:fs';
import {sleep} from '../programs.mjs';
import {LoadedDeployment, processorTime} from './loaded_deployment.mjs';

const given = {most: 100000, build: 'build/release', portero: ''};
for (let words = process.argv.slice(2); words.length > 0; words = words.slice(2)) {
  const name = words[0].replace(/^--/, '');
  if (!(name in given) || words[1] === undefined) {
    console.error('usage: script/bench memory [--most SIGN-INS]');
    process.exit(2);
  }
  given[name] = name === 'most' ? Number(words[1]) : words[1];
}

const crowd = 256;
const idle = 10000;

/** Anonymous memory of a process, in kB. */
const anonymous = (pid) => Number(/Anonymous:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
const mib = (kb) => `${(kb / 1024).toFixed(1)} MiB`;
const line = (what, ...figures) => console.log(`  ${what.padEnd(58)} ${figures.join('  ')}`);

async function open(deployment, github, limits) {
  const settings = deployment.settings(github, {limits, static_dir: undefined});  // files are the operator's to count
  settings.github.ca_file = github.caFile;
  const at = await deployment.serve(settings);
  await sleep(1000);
  return at;
}

/** So many sign-ins, `clients` at once; processor time of each in µs. */
async function signIn(deployment, at, github, clients, count) {
  const before = processorTime(at.pid);
  const {ok, failed, reasons, per_second: rate} = await deployment.logins(at, github, {madeUpCodes: true, clients, count}).result;
  if (failed > 0) throw new Error(`${failed} of ${count} sign-ins failed: ${JSON.stringify(reasons)}`);
  return `${Math.round(rate)} /s, ${((processorTime(at.pid) - before) / ok * 1e6).toFixed(0)} µs of processor each`;
}

async function crowdFigures(deployment, github) {
  const at = await open(deployment, github);
  line('just started', mib(anonymous(at.pid)));
  line('16 at once, the first 3,200', await signIn(deployment, at, github, 16, 3200));
  line('after these', mib(anonymous(at.pid)));
  line('16 at once', await signIn(deployment, at, github, 16, 12800));
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, anonymous(at.pid))), 20);
  line(`${crowd} at once`, await signIn(deployment, at, github, crowd, 12800));
  clearInterval(watching);
  line('the most meanwhile', mib(most));
  for (const [slept, seconds] of [[0.5, 0.5], [59.5, 60]]) {
    await sleep(slept * 1000);
    line(`${seconds} s later`, mib(anonymous(at.pid)));
  }
  await at.stop();
}

/** Connections that never asked, and those that were answered. */
async function idleFigures(deployment, github) {
  for (const kind of ['idle', 'kept']) {
    const at = await open(deployment, github, {connections: idle + 100, connections_per_address: idle + 100, idle_time: '5m'});
    const before = anonymous(at.pid);
    const held = await deployment.hold(at, [kind], idle, {rate: 2000, target: '/v1/session'});
    await sleep(1000);
    const each = (anonymous(at.pid) - before) * 1024 / idle;
    line(`a connection, ${kind} (${idle} of them)`, `${each.toFixed(0)} bytes`);
    await held.stop();
    await at.stop();
  }
}

async function curve(deployment, github) {
  const at = await open(deployment, github);
  let done = 0;
  for (const count of [1000, 10000, 30000, 100000, 300000, 1000000].filter((one) => one <= given.most)) {
    await signIn(deployment, at, github, 16, count - done);
    done = count;
    line(`after ${count} sign-ins, 16 at once`, mib(anonymous(at.pid)), `${anonymous(at.pid)} kB`);
  }
  await at.stop();
}

const deployment = new LoadedDeployment(given.build);
if (given.portero) deployment.portero = given.portero;
try {
  const github = await deployment.fixedGithub({tls: true});
  await crowdFigures(deployment, github);
  await idleFigures(deployment, github);
  await curve(deployment, github);
  await github.stop();
} finally {
  await deployment.close();
}
