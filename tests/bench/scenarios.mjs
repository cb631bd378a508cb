// Slow, silent and many: what must not disturb those who sign in. Each scenario takes a deployment and how long a
// measurement lasts, and gives the row of the table that script/soak prints: `broken` lists the bounds it broke.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {origin} from '../deployment.mjs';
import {sleep} from '../programs.mjs';
import {privateMemory} from './loaded_deployment.mjs';

const memoryGrowth = 64 * 1024;  // kB
const getRate = 200;             // GET /v1/session a second
const loginRate = 20;

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The bound of a p99 under load: `times` the unloaded one of the same run or 10 ms, whichever is larger. */
export const bound = (unloaded, times) => Math.max(times * unloaded, 10);

/** A portero with a stand-in, `visitors` of them signed in: the programs are warm. */
export async function open(deployment, more = {}, visitors = 200) {
  const github = await deployment.github();
  return welcome(deployment, github, await deployment.serve(deployment.settings(github, more)), visitors);
}

export async function welcome(deployment, github, at, visitors = 200) {
  const sessions = deployment.path(`sessions-${at.port}`);
  const warm = await deployment.logins(at, github, {clients: 4, count: visitors, save: sessions}).result;
  if (warm.ok !== visitors) throw new Error(`the visitors could not sign in: ${JSON.stringify(warm.reasons)}`);
  const asks = (options) => deployment.load('get', at, {clients: 8, rate: getRate, sessions, ...options}).result;
  return {github, at, sessions, asks};
}

async function three(measure) {
  const results = [];
  for (let i = 0; i < 3; ++i) results.push(await measure(i));
  return results;
}

const p99Of = (results) => median(results.map(({p99}) => p99));
const sum = (results, name) => results.reduce((all, one) => all + one[name], 0);
export const reasonsOf = (...results) =>
    results.flatMap(({reasons}) => Object.entries(reasons)).map(([why, n]) => `${why} ${n}`).join(', ');

/** Logins and GETs while `kinds` are held: the rows `half-open`, `idle` and `slow-read` share this. */
async function underHold(deployment, seconds, {kinds, count, least, hold = {}, more = {}, memory = memoryGrowth}) {
  const {github, at, asks} = await open(deployment, more);
  const before = privateMemory(at.pid);
  const unloaded = await three(() => asks({seconds: seconds / 2}));
  const held = await deployment.hold(at, kinds, count, {origin, ...hold});
  const logins = deployment.logins(at, github, {clients: 16, rate: loginRate});
  const loaded = await three(() => asks({seconds}));
  const during = privateMemory(at.pid);
  const signedIn = await logins.stop();
  const total = await held.stop();
  const limit = bound(p99Of(unloaded), 3);
  const broken = [];
  if (signedIn.failed > 0 || signedIn.ok === 0) broken.push(`logins failed: ${reasonsOf(signedIn)}`);
  if (sum(loaded, 'failed') > 0) broken.push(`GETs failed: ${reasonsOf(...loaded)}`);
  if (p99Of(loaded) > limit) broken.push(`p99 ${p99Of(loaded)} > ${limit.toFixed(1)} ms`);
  if (total.least < least) broken.push(`only ${total.least} were held at one moment`);
  if (during - before > memory) broken.push(`memory grew by ${during - before} kB`);
  return {
    held: total.least, opened: total.opened, lost: sum(loaded, 'failed'), ok: signedIn.ok, failed: signedIn.failed,
    p50: median(loaded.map(({p50}) => p50)), p99: p99Of(loaded), unloaded: p99Of(unloaded), before, after: during, broken,
  };
}

/** 1,000 at any moment: a few more are held, for each is cut after ten seconds and opened again. */
export const halfOpen = (deployment, {seconds}) => underHold(deployment, seconds,
    {kinds: ['half-open', 'drip-header', 'drip-body'], count: 1050, least: 1000});

export const idle = (deployment, {seconds}) => underHold(deployment, seconds,
    {kinds: ['idle'], count: 10000, least: 10000, hold: {rate: 4000}, more: {limits: {connections: 12000}}});

/** Each asked for half a megabyte and takes a byte every three seconds. */
export const slowRead = (deployment, {seconds}) => underHold(deployment, seconds,
    {kinds: ['slow-read'], count: 1000, least: 1000, hold: {target: '/large.txt'}});

/** 512 at once while GitHub says nothing; then three times the same with a new portero each. */
export async function hungGithub(deployment, {seconds}) {
  const silent = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const hung = `http://127.0.0.1:${silent.address().port}`;
  const allowed = ['upstream_timeout', 'upstream_unreachable', 'overloaded'];
  const {github, at: first, sessions} = await open(deployment);
  await first.stop();
  let row = {before: 0, after: 0};
  const rounds = await three(async () => {
    const settings = deployment.settings(github);
    settings.github.url = settings.github.api_url = hung;  // the issuer stays: sessions are for it
    const at = await deployment.serve(settings);
    const asks = (options) => deployment.load('get', at, {clients: 8, rate: getRate, sessions, ...options}).result;
    const unloaded = await asks({seconds: seconds / 2});
    const before = privateMemory(at.pid);
    const logins = deployment.logins(at, github, {clients: 512, count: 512, madeUpCodes: true});
    const loaded = await asks({seconds: 8});
    row = {before, after: privateMemory(at.pid)};
    const ends = await logins.result;
    await at.stop();
    return {unloaded, loaded, ends};
  });
  silent.close();
  const loaded = rounds.map((round) => round.loaded);
  const ends = rounds.map((round) => round.ends);
  const [quiet, busy] = [p99Of(rounds.map((round) => round.unloaded)), p99Of(loaded)];
  const slowest = Math.max(...ends.map(({max_of_all}) => max_of_all));
  const broken = [];
  if (sum(ends, 'ok') + sum(ends, 'failed') !== 3 * 512) broken.push('not every login ended');
  if (slowest > 15000) broken.push(`a login took ${slowest} ms`);
  for (const {reasons} of ends) {
    for (const why of Object.keys(reasons)) if (!allowed.includes(why)) broken.push(`a login ended with ${why}`);
  }
  if (sum(ends, 'ok') > 0) broken.push('a login succeeded without GitHub');
  if (sum(loaded, 'failed') > 0) broken.push(`GETs failed: ${reasonsOf(...loaded)}`);
  if (busy > bound(quiet, 5)) broken.push(`p99 ${busy} > ${bound(quiet, 5).toFixed(1)} ms`);
  return {
    held: 512, opened: 3 * 512, lost: sum(loaded, 'failed'), ok: sum(ends, 'ok'), failed: sum(ends, 'failed'),
    p50: median(loaded.map(({p50}) => p50)), p99: busy, unloaded: quiet, ...row, broken,
    note: `slowest login ${(slowest / 1000).toFixed(1)} s; ${reasonsOf(ends[0])}`,
  };
}

/** Somebody else's tool: each of its four modes, with logins and GETs meanwhile. */
export async function slowhttptest(deployment, {seconds}) {
  if (spawnSync('slowhttptest', ['-h']).error) return {broken: ['slowhttptest is not installed: script/soak does that']};
  const {github, at, asks} = await open(deployment);
  const before = privateMemory(at.pid);
  const unloaded = await three(() => asks({seconds: seconds / 2}));
  const modes = {
    H: ['-i', '3', '-x', '24'],
    B: ['-i', '3', '-x', '10', '-s', '4096', '-t', 'POST'],
    R: ['-t', 'HEAD', '-a', '10', '-b', '3000'],
    X: ['-w', '10', '-y', '20', '-n', '5', '-z', '32', '-k', '3'],
  };
  const broken = [];
  const [loaded, signedIn] = [[], []];
  let after = 0;
  for (const [mode, flags] of Object.entries(modes)) {
    const tool = deployment.launch('slowhttptest', ['-c', '1000', `-${mode}`, ...flags, '-r', '500', '-l', String(Math.ceil(1.5 * seconds)),
      '-p', '3', '-u', `http://127.0.0.1:${at.port}/${mode === 'X' ? 'large.txt' : ''}`]);
    const logins = deployment.logins(at, github, {clients: 16, rate: loginRate});
    await sleep(2500);
    loaded.push(await asks({seconds}));
    after = Math.max(after, privateMemory(at.pid));
    signedIn.push(await logins.stop());
    await tool.gone;
    const said = tool.output();
    const available = said.replace(/\x1b\[[\d;]*m/g, '').match(/service available:\s+\w+/g) ?? [];
    if (available.length === 0) broken.push(`-${mode} did not run: ${said.slice(-200)}`);
    if (available.some((line) => line.endsWith('NO'))) broken.push(`-${mode} found the service gone`);
  }
  const limit = bound(p99Of(unloaded), 3);
  if (sum(signedIn, 'failed') > 0) broken.push(`logins failed: ${reasonsOf(...signedIn)}`);
  if (sum(loaded, 'failed') > 0) broken.push(`GETs failed: ${reasonsOf(...loaded)}`);
  if (p99Of(loaded) > limit) broken.push(`p99 ${p99Of(loaded)} > ${limit.toFixed(1)} ms`);
  if (after - before > memoryGrowth) broken.push(`memory grew by ${after - before} kB`);
  return {
    held: 1000, opened: 4000, lost: sum(loaded, 'failed'), ok: sum(signedIn, 'ok'), failed: sum(signedIn, 'failed'),
    p50: median(loaded.map(({p50}) => p50)), p99: p99Of(loaded), unloaded: p99Of(unloaded), before, after, broken, note: '-H -B -R -X',
  };
}

export const savedSessions = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean).length;
