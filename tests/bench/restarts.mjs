// Ends and beginnings under load: killed, restarted by socket activation, reloaded, keys rotated. Rows as in
// scenarios.mjs.
import {open, reasonsOf, savedSessions} from './scenarios.mjs';
import {privateMemory, sleep} from './rig.mjs';

// What a client sees of a process that died: nothing of these is an answer.
const gone = ['connection_refused', 'closed_before_answer', 'closed_in_answer'];

/** Every session ever handed out, asked for once each. */
export async function stillOpen(rig, at, sessions) {
  const count = savedSessions(sessions);
  return rig.load('get', at, {clients: 4, count, sessions}).result;
}

/** kill -9 at random moments while people sign in: whoever was signed in before is so after. */
export async function kill(rig, _seconds, times = 100) {
  const {github, at: first, sessions} = await open(rig);
  const settings = rig.settings(github.url, {listen: `127.0.0.1:${first.port}`});
  await rig.stop(first);
  let at = await rig.start(settings);
  const before = privateMemory(at.pid);
  const logins = rig.logins(at, github, {clients: 8, rate: 100, save: sessions});
  const starts = [];
  for (let i = 0; i < times; ++i) {
    await sleep(20 + Math.random() * 130);
    await rig.stop(at, 'SIGKILL');
    const begun = performance.now();
    at = await rig.start(settings);
    starts.push(performance.now() - begun);
  }
  const after = privateMemory(at.pid);
  const signedIn = await logins.stop();
  const asked = await stillOpen(rig, at, sessions);
  const broken = [];
  for (const why of Object.keys(signedIn.reasons)) if (!gone.includes(why)) broken.push(`a login ended with ${why}`);
  if (asked.failed > 0) broken.push(`sessions did not open: ${reasonsOf(asked)}`);
  if (asked.ok < 200 + signedIn.ok) broken.push(`${200 + signedIn.ok} were signed in, ${asked.ok} sessions open`);
  return {
    held: times, opened: asked.ok, lost: asked.failed, ok: signedIn.ok, failed: signedIn.failed, p50: asked.p50, p99: asked.p99,
    before, after, broken, note: `listening again within ${Math.max(...starts).toFixed(0)} ms; failed = sent to a dead process`,
  };
}

/** Loads of every kind during something; `broken` when any client saw a failure. */
export async function undisturbed(rig, {github, at, sessions}, during) {
  const fresh = rig.load('get', at, {clients: 32, rate: 200, sessions, fresh: true});
  const kept = rig.load('get', at, {clients: 32, rate: 200, sessions, repeats: true});
  const logins = rig.logins(at, github, {clients: 16, rate: 20, fresh: true, save: sessions});
  await sleep(300);
  await during();
  await sleep(300);
  const [a, b, c] = [await fresh.stop(), await kept.stop(), await logins.stop()];
  const broken = [];
  if (a.failed > 0 || a.ok === 0) broken.push(`GETs on a connection each failed: ${reasonsOf(a)}`);
  if (b.failed > 0 || b.ok === 0) broken.push(`GETs on kept connections failed: ${reasonsOf(b)}`);
  if (c.failed > 0 || c.ok === 0) broken.push(`logins failed: ${reasonsOf(c)}`);
  return {
    opened: a.ok + b.ok, lost: a.failed + b.failed, ok: c.ok, failed: c.failed, p50: a.p50, p99: Math.max(a.p99, b.p99), broken,
    note: `${b.repeated} GETs repeated`,
  };
}
