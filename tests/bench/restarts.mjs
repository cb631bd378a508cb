// Ends and beginnings under load: killed, restarted by socket activation, reloaded, keys rotated. Rows as in
// scenarios.mjs.
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {origin} from '../deployment.mjs';
import {sleep, until} from '../programs.mjs';
import {lastingPort, privateMemory} from './loaded_deployment.mjs';
import {open, reasonsOf, savedSessions, welcome} from './scenarios.mjs';

// What a client sees of a process that died: nothing of these is an answer.
const gone = ['connection_refused', 'closed_before_answer', 'closed_in_answer'];

/** Every session ever handed out, asked for once each. */
export async function stillOpen(deployment, at, sessions) {
  const count = savedSessions(sessions);
  return deployment.load('get', at, {clients: 4, count, sessions}).result;
}

/** kill -9 at random moments while people sign in: whoever was signed in before is so after. */
export async function kill(deployment, {times = 100} = {}) {
  const github = await deployment.github();
  const settings = deployment.settings(github, {listen: `127.0.0.1:${await lastingPort()}`});
  let at = await deployment.serve(settings);
  const {sessions} = await welcome(deployment, github, at);
  const before = privateMemory(at.pid);
  const logins = deployment.logins(at, github, {clients: 8, rate: 100, save: sessions});
  const starts = [];
  for (let i = 0; i < times; ++i) {
    await sleep(20 + Math.random() * 130);
    await at.stop('SIGKILL');
    const begun = performance.now();
    at = await deployment.serve(settings);
    starts.push(performance.now() - begun);
  }
  const after = privateMemory(at.pid);
  const signedIn = await logins.stop();
  const asked = await stillOpen(deployment, at, sessions);
  const broken = [];
  for (const why of Object.keys(signedIn.reasons)) if (!gone.includes(why)) broken.push(`a login ended with ${why}`);
  if (asked.failed > 0) broken.push(`sessions did not open: ${reasonsOf(asked)}`);
  if (asked.ok < 200 + signedIn.ok) broken.push(`${200 + signedIn.ok} were signed in, ${asked.ok} sessions open`);
  return {
    held: times, opened: asked.ok, lost: asked.failed, ok: signedIn.ok, failed: signedIn.failed, p50: asked.p50, p99: asked.p99,
    before, after, broken, note: `listening again within ${Math.max(...starts).toFixed(0)} ms; failed = sent to a dead process`,
  };
}

/** GETs and logins of every kind while `during` happens: `broken` when one of them saw it. */
async function undisturbed(deployment, {github, at, sessions}, rate, during) {
  const before = privateMemory(at.pid);
  const fresh = deployment.load('get', at, {clients: 32, rate, sessions, fresh: true});
  const kept = deployment.load('get', at, {clients: 32, rate, sessions, repeats: true});
  const logins = deployment.logins(at, github, {clients: 16, rate: 20, fresh: true, save: sessions});
  await sleep(300);
  const broken = await during();
  await sleep(300);
  const after = privateMemory(at.pid);
  const [a, b, c] = [await fresh.stop(), await kept.stop(), await logins.stop()];
  if (a.failed > 0 || a.ok === 0) broken.push(`GETs on a connection each failed: ${reasonsOf(a)}`);
  if (b.failed > 0 || b.ok === 0) broken.push(`GETs on kept connections failed: ${reasonsOf(b)}`);
  if (c.failed > 0 || c.ok === 0) broken.push(`logins failed: ${reasonsOf(c)}`);
  const asked = await stillOpen(deployment, at, sessions);
  if (asked.failed > 0) broken.push(`sessions did not open: ${reasonsOf(asked)}`);
  return {
    opened: a.ok + b.ok, lost: a.failed + b.failed + asked.failed, ok: c.ok, failed: c.failed, p50: Math.max(a.p50, b.p50),
    p99: Math.max(a.p99, b.p99), before, after, broken, note: `${b.repeated} GETs repeated; ${asked.ok} sessions open after`,
  };
}

/** SIGTERM and a new process on the same socket, as a supervisor with socket activation does it. */
export async function restart(deployment, {times = 20, rate = 500} = {}) {
  const github = await deployment.github();
  const service = await deployment.activate(deployment.settings(github));
  const all = await welcome(deployment, github, service.at);
  const row = await undisturbed(deployment, all, rate, async () => {
    const broken = [];
    for (let i = 0; i < times; ++i) {
      const code = await service.restart();
      if (code !== 0) broken.push(`a portero ended with ${code}`);
      await sleep(400);
    }
    return broken;
  });
  await service.end();
  return {held: times, ...row};
}

const other = 'https://other.example';

/** What the proxy says an origin's redirect_uri is: the part of the settings that shows. */
async function shownRedirect(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/config`, {headers: {'Origin': other, 'Sec-Fetch-Site': 'same-site'}});
  return (await answer.json()).redirect_uri;
}

/** Ways in which a settings file is wrong, each in turn. */
const spoil = [
  (settings) => JSON.stringify(settings).slice(0, -1), () => '', (settings) => ({...settings, client_idd: 'x'}),
  (settings) => ({...settings, limits: {queue: 'many'}}), (settings) => ({...settings, client_secret_file: '/nowhere'}),
  (settings) => ({...settings, static_dir: '/nowhere'}), (settings) => ({...settings, session_keys_file: '/nowhere'}),
];

/** SIGHUP with good settings and broken ones in turn: each good one shows, of a broken one nothing does. */
export async function reload(deployment, {times = 100, rate = 500} = {}) {
  const origins = (i) => ({[origin]: {redirect_uri: `${origin}/`}, [other]: {redirect_uri: `${other}/${i}`}});
  const all = await open(deployment, {origins: origins(0)});
  const {at, github} = all;
  const name = basename(at.file);
  const refusals = () => readFileSync(at.log, 'utf8').split(' reload_refused ').length - 1;
  const row = await undisturbed(deployment, all, rate, async () => {
    const broken = [];
    for (let i = 1; i <= times; ++i) {
      const settings = deployment.settings(github, {origins: origins(i)});
      if (i % 2 === 1) {
        deployment.write(name, settings);
        process.kill(at.pid, 'SIGHUP');
        await until(async () => await shownRedirect(at.port) === `${other}/${i}`, `reload ${i}`);
        await sleep(50);
        continue;
      }
      const before = refusals();
      deployment.write(name, spoil[(i / 2) % spoil.length](settings));
      process.kill(at.pid, 'SIGHUP');
      await until(() => refusals() > before, `the refusal of reload ${i}`);
      const shown = await shownRedirect(at.port);
      if (shown !== `${other}/${i - 1}`) broken.push(`after broken reload ${i} the proxy shows ${shown}`);
    }
    return broken;
  });
  return {held: times, ...row};
}

/** The key that sealed a session, from its unencrypted header. */
const keyOf = (cookie) => JSON.parse(Buffer.from(cookie.split('=')[1].split('.')[0], 'base64url')).kid;

/** `keygen --rotate`, with the new key made to seal at once: sessions of every key before open on. */
export async function rotate(deployment, {times = 100, rate = 500} = {}) {
  const all = await open(deployment);
  const {github, at, sessions} = all;
  const begun = Math.floor(Date.now() / 1000) - 10000;
  const row = await undisturbed(deployment, all, rate, async () => {
    for (let i = 1; i <= times; ++i) {
      deployment.keygen('keys.json', '--rotate');
      const {keys} = JSON.parse(readFileSync(deployment.path('keys.json'), 'utf8'));
      keys.sort((a, b) => a.seal_from - b.seal_from).forEach((key, at) => { key.seal_from = begun + at; });
      deployment.write('keys.json', {keys});
      // Every tenth is left to be noticed by the file's own time.
      if (i % 10 !== 0) process.kill(at.pid, 'SIGHUP');
      const newest = deployment.path(`rotation-${i}`);
      await until(async () => {
        const {failed} = await deployment.logins(at, github, {clients: 1, count: 1, save: newest}).result;
        return failed > 0 || keyOf(readFileSync(newest, 'utf8').trim().split('\n').pop()) === keys[keys.length - 1].kid;
      }, `rotation ${i}`);
    }
    return [];
  });
  const sealers = new Set(readFileSync(sessions, 'utf8').split('\n').filter(Boolean).map(keyOf)).size;
  return {held: times, ...row, note: `${row.note}, sealed with ${sealers} keys`};
}
