// One trial: portero's release build lives a whole life (start, sign-in, session, stop) in which exactly one call of
// one kind fails. What came of it is judged against what can be said without knowing which call it was.
import {randomBytes} from 'node:crypto';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {freePort} from '../programs.mjs';
import {makeDeployment, release, secret, signIn, startGithub, visitor, whoAmI} from './visitor.mjs';

const {EIO, ENOSPC, EPIPE, ECONNRESET, EMFILE, EINVAL, ENOSYS, ENOMEM} = constants.errno;

/** Kind of call -> what errno says; sockets: a broken connection is what such a fault means to a visitor. */
export const kinds = {
  read: {errno: EIO},
  write: {errno: ENOSPC},
  send: {errno: EPIPE, cuts: true},
  recv: {errno: ECONNRESET, cuts: true},
  accept: {errno: EMFILE},
  epoll_wait: {errno: EINVAL},
  open: {errno: EMFILE},
  getrandom: {errno: ENOSYS},
  evp: {errno: EIO},
  malloc: {errno: ENOMEM},
};

/** What trials share: a deployment with a GitHub, a file of settings, and a portero without faults that opens sessions. */
export async function openTorture() {
  const deployment = makeDeployment();
  const github = await startGithub(deployment);
  const file = deployment.write('portero.json', deployment.settings(github));
  const sound = await deployment.serve(file);
  return {
    github,
    path: (name) => deployment.path(name),
    /** One more portero of the same settings: as Deployment's launchPortero(). */
    launch: (options) => deployment.launchPortero(file, options),
    opens: async (cookie) => (await whoAmI(sound.port, cookie)).body.user?.id === Number(visitor.id),
    async close() {
      await sound.stop();
      await deployment.close();
    },
  };
}

const within = (promise, ms, otherwise) => {
  let timer;
  return Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, ms, otherwise)))])
      .finally(() => clearTimeout(timer));
};

/** The life itself: what was answered, what was written, how it ended, how many calls were made and failed. */
async function live(torture, kind, at) {
  const page = torture.path(randomBytes(8).toString('hex'));
  writeFileSync(page, Buffer.alloc(16));
  const count = (index) => Number(readFileSync(page).readBigUInt64LE(8 * index));
  // Known before, for the line that says it may be the one that is lost: for want of a disk, or of memory.
  const quiet = kind === 'write' || kind === 'malloc';
  const port = await freePort();
  const running = torture.launch({env: {PORTERO_LISTEN: `127.0.0.1:${port}`, LD_PRELOAD: join(release, 'tests/libfail-at.so'),
    FAIL_KIND: kind, FAIL_AT: String(at), FAIL_ERRNO: String(kinds[kind].errno), FAIL_PAGE: page}});
  const life = {kind, at, login: undefined, answers: []};
  life.started = await within(running.listens().catch(() => undefined),
      quiet ? 3000 : 10000, quiet ? port : undefined);
  life.before = count(0);
  if (life.started) {
    life.granted = await torture.github.code();
    const ask = async (call) => {
      const answer = await call.catch((error) => ({failed: error.name === 'TimeoutError' ? 'hung' : 'cut'}));
      life.answers.push(answer.raw ?? '');
      return answer;
    };
    life.login = await ask(signIn(life.started, life.granted));
    life.after = count(0);
    life.session = await ask(whoAmI(life.started, life.login.cookie));
    running.child.kill('SIGTERM');
  }
  life.ended = await within(running.gone, 15000, 'never');
  if (life.ended === 'never') running.child.kill('SIGKILL');
  life.output = running.output();
  life.calls = count(0);
  life.injected = count(1);
  rmSync(page);
  return life;
}

/** Everything that is wrong with a life; empty: it stood the fault. */
async function judge(torture, life) {
  const wrong = [];
  const {login, session, ended, output, kind} = life;
  if (typeof ended === 'string') wrong.push(`ended by ${ended}`);
  if (ended !== 0 && output.trim() === '') wrong.push('ended without a word');
  const gone = typeof ended === 'number' && ended !== 0;
  if (!life.started && ended === 0) wrong.push('did not start, and called that success');
  for (const answer of [login, session].filter(Boolean)) {
    if (answer.failed === 'hung') wrong.push('a request without an answer');
    if (answer.failed === 'cut' && !gone && !kinds[kind].cuts) wrong.push('a connection cut, and nobody ended');
    if (answer.status >= 400 && typeof answer.body?.code !== 'string') wrong.push(`${answer.status} without a name`);
  }
  if (login?.status === 201 && !(login.cookie && await torture.opens(login.cookie))) wrong.push('201 without a session');
  if (login?.status >= 400 && login.cookie && await torture.opens(login.cookie)) wrong.push('a session without a sign-in');
  const session_value = login?.cookie?.slice(login.cookie.indexOf('=') + 1);
  const canaries = [secret, life.granted?.code, life.granted?.code_verifier, /gh[a-z]_\w{10,}/];
  const shown = (text, values) => values.some((value) => value && (value instanceof RegExp ? value.test(text) : text.includes(value)));
  if (shown(output, [...canaries, session_value])) wrong.push('a secret in the log');
  // A session is random text, and given to its visitor on purpose.
  const answers = life.answers.map((text) => text.split(session_value).join(''));
  if (answers.some((text) => shown(text, canaries))) wrong.push('a secret in an answer');
  return wrong;
}

/** Does the next one start, after one that ended on its own? */
async function startsAgain(torture) {
  const next = torture.launch();
  const port = await within(next.listens().catch(() => 0), 10000, 0);
  return await next.stop() === 0 && port > 0;
}

/** One trial: {life, wrong: [what]}. */
export async function tryOne(torture, kind, at) {
  const life = await live(torture, kind, at);
  const wrong = await judge(torture, life);
  if (life.ended !== 0 && !await startsAgain(torture)) wrong.push('the next does not start');
  return {life, wrong};
}

/** Tries every `at`, `lanes` at a time. */
export async function tryAll(torture, kind, positions, lanes = 4) {
  const waiting = [...positions];
  const trials = [];
  const work = async () => {
    while (waiting.length > 0) trials.push(await tryOne(torture, kind, waiting.shift()));
  };
  await Promise.all(Array.from({length: lanes}, work));
  return trials;
}

/** `many` positions spread over first..last, or each when there are fewer. */
export function spread(first, last, many) {
  const all = Math.max(0, last - first + 1);
  return Array.from({length: Math.min(all, many)}, (_, i) => first + Math.floor(i * all / Math.min(all, many)));
}
