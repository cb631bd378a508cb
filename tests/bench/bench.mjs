// script/bench figures: portero alone, on the release build, as a table. One machine does all: the load client, portero and
// GitHub share its cores, so rates are of the whole; processor time is portero's own.
//   node tests/bench/bench.mjs [--seconds N] [--logins N] [--build DIRECTORY]
import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, readFileSync, statSync} from 'node:fs';
import {connect} from 'node:net';
import {cpus, loadavg, release} from 'node:os';
import {join} from 'node:path';
import {origin} from '../deployment.mjs';
import {sleep} from '../programs.mjs';
import {LoadedDeployment, lastingPort, privateMemory, processorTime, residentMemory} from './loaded_deployment.mjs';
import {defaults, inWords, secondsOf} from './plan.mjs';
import {median} from './scenarios.mjs';

const given = {seconds: defaults.seconds.figures, logins: defaults.logins, build: 'build/release'};
for (let words = process.argv.slice(2); words.length > 0; words = words.slice(2)) {
  const name = words[0].replace(/^--/, '');
  if (!(name in given) || words[1] === undefined) {
    console.error('usage: script/bench [figures] [--seconds N] [--logins N]');
    process.exit(2);
  }
  given[name] = name === 'build' ? words[1] : Number(words[1]);
}

const line = (what, ...figures) => console.log(`  ${what.padEnd(58)} ${figures.join('  ')}`);
const mib = (kb) => `${(kb / 1024).toFixed(1)} MiB`;

function settingsFor(deployment, github, more = {}) {
  const settings = deployment.settings(github, more);
  if (github.caFile) settings.github.ca_file = github.caFile;
  return settings;
}

/** One load against `at`, in words: rate, times, and what of it portero's processor time was. */
async function measure(what, at, start) {
  const before = processorTime(at.pid);
  const result = await start().result;
  const each = (processorTime(at.pid) - before) / result.ok * 1e6;
  if (result.failed > 0) throw new Error(`${what}: ${result.failed} failed: ${JSON.stringify(result.reasons)}`);
  line(
      what, `${Math.round(result.per_second).toString().padStart(6)} /s`, `p50 ${result.p50.toFixed(2)} ms`,
      `p99 ${result.p99.toFixed(2)} ms`, `${each.toFixed(0)} µs of processor each`);
  return result;
}

async function upstreamAlone(deployment, github) {
  const result = await deployment.load('get', github, {clients: 16, seconds: 3, target: '/user'}).result;
  line('the measuring GitHub alone, plain HTTP', `${Math.round(result.per_second)} /s`);
}

async function loginFigures(deployment) {
  const {seconds} = given;
  for (const tls of [false, true]) {
    const github = await deployment.fixedGithub({tls});
    if (!tls) await upstreamAlone(deployment, github);
    const at = await deployment.serve(settingsFor(deployment, github));
    const upstream = tls ? 'GitHub over TLS' : 'GitHub over plain HTTP';
    const login = (options) => () => deployment.logins(at, github, {madeUpCodes: true, ...options});
    await login({clients: 4, count: 200})().result;
    await measure(`logins, ${upstream}, 16 at once`, at, login({clients: 16, seconds}));
    await measure(`logins, ${upstream}, 50 a second`, at, login({clients: 16, rate: 50, seconds}));
    await at.stop();
    await github.stop();
    const [, connections, resumed] = /connections (\d+) resumed (\d+)/.exec(github.output()) ?? [];
    if (tls) line('  TLS handshakes with GitHub', connections, `of them resumed ${resumed}`);
  }
}

async function answerFigures(deployment) {
  const {seconds} = given;
  const github = await deployment.fixedGithub();
  const at = await deployment.serve(settingsFor(deployment, github));
  const sessions = deployment.path('sessions');
  await deployment.logins(at, github, {madeUpCodes: true, clients: 4, count: 200, save: sessions}).result;
  const get = (options) => () => deployment.load('get', at, {clients: 16, seconds, ...options});
  await measure('GET /v1/session, connections kept', at, get({sessions}));
  await measure('GET /v1/session, a connection each', at, get({sessions, fresh: true}));
  await measure('GET /v1/session, 200 a second', at, get({sessions, rate: 200}));
  await measure('GET /v1/config, connections kept', at, get({target: '/v1/config'}));
  await measure('a small file, connections kept', at, get({target: '/'}));
  await at.stop();
  await github.stop();
}

/** What logins leave behind: private memory after many, less that after a thousand. */
async function memoryFigures(deployment) {
  const github = await deployment.fixedGithub();
  const at = await deployment.serve(settingsFor(deployment, github));
  line('memory at rest, just started', `resident ${mib(residentMemory(at.pid))}`, `private ${mib(privateMemory(at.pid))}`);
  const logins = async (count) => {
    const {ok} = await deployment.logins(at, github, {madeUpCodes: true, clients: 16, count}).result;
    if (ok !== count) throw new Error(`${count - ok} of ${count} logins failed`);
    await sleep(200);
    return privateMemory(at.pid);
  };
  const thousand = await logins(1000);
  const many = await logins(given.logins - 1000);
  line(`memory after ${given.logins} logins`, `resident ${mib(residentMemory(at.pid))}`, `private ${mib(many)}`,
      `${many - thousand} kB more than after 1,000`);
  await at.stop();
  await github.stop();
}

/** From exec to the first byte of an answer, by a client that tries again at once. */
async function coldStart(deployment) {
  deployment.keygen();
  const port = await lastingPort();
  const file = deployment.write('cold.json', deployment.settings({url: 'https://github.com'}, {listen: `127.0.0.1:${port}`}));
  const times = [];
  for (let i = 0; i < 11; ++i) {
    const started = performance.now();
    const portero = deployment.launchPortero(file, {log: undefined, stdio: 'ignore'});
    while (!await answers(port)) continue;
    times.push(performance.now() - started);
    await portero.stop();
  }
  line('from start to the first answer, median of 11', `${median(times).toFixed(1)} ms`);
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.once('data', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function sizes(deployment) {
  const stripped = deployment.path('portero-stripped');
  copyFileSync(deployment.portero, stripped);
  execFileSync('strip', [stripped]);
  line('the program, stripped', `${(statSync(stripped).size / 1024).toFixed(0)} kB`);
  const {stdout} = spawnSync(join(deployment.programs, 'portero-session-cost'), {encoding: 'utf8'});
  const cost = JSON.parse(stdout);
  line('a session', `sealed in ${cost.seal_us} µs`, `opened in ${cost.open_us} µs`, `${cost.bytes} bytes`);
  line('a proof', `judged in ${cost.prove_us} µs`, `${cost.proof_bytes} bytes`);
}

const model = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
console.log(`${cpus().length} cores (${model}), kernel ${release()}, load ${loadavg()[0].toFixed(2)} before; pages of ${origin}`);
console.log(`portero alone, ${inWords(secondsOf(['figures'], given))}\n`);
const deployment = new LoadedDeployment(given.build);
try {
  sizes(deployment);
  await coldStart(deployment);
  await loginFigures(deployment);
  await answerFigures(deployment);
  await memoryFigures(deployment);
} finally {
  await deployment.close();
}
