// Programs as processes of a test: started, listened to, ended. What is started here ends with the test's own process.
import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {createServer} from 'node:net';

/** The folder of the CMake build whose programs are run. */
export const build = process.env.PORTERO_BUILD ?? 'build/dev';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `holds()` is true: a guard against hanging, not a measurement. */
export async function until(holds, what, timeout = 20000) {
  for (const end = Date.now() + timeout; !(await holds());) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await sleep(20);
  }
}

/** A loopback port that nobody listens on now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const living = new Set();

/** A test that fails half way leaves nothing running, and nothing that keeps the runner waiting. */
export const endAll = () => living.forEach((child) => child.kill('SIGKILL'));
process.on('exit', endAll);

/**
 * Starts a program and does not wait for it. `says(pattern)` waits for lines that match, and gives the match; `gone` is its
 * exit code or signal, once all it wrote was read; `stop` asks for that. With `log` it writes into that file, as it
 * would for real, and not to us. `options` are spawn()'s.
 */
export function launch(program, args, {env = {}, log, stdio = ['ignore', 'pipe', 'pipe'], ...options} = {}) {
  const into = log && openSync(log, 'w');
  const child = spawn(program, args, {stdio: log ? ['ignore', into, into] : stdio, env: {...process.env, ...env}, ...options});
  if (log) closeSync(into);
  living.add(child);
  let text = '';
  let ended;
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const output = log ? () => readFileSync(log, 'utf8') : () => text;
  const gone = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.code));  // it could not be started
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).then((how) => {
    living.delete(child);
    return (ended = how);
  });
  return {
    child,
    pid: child.pid,
    gone,
    output,
    async says(pattern, timeout = 60000) {
      for (const end = Date.now() + timeout;; await sleep(2)) {
        const over = ended !== undefined || Date.now() > end;
        const written = output();
        const match = pattern.exec(written.slice(0, written.lastIndexOf('\n') + 1));  // whole lines only
        if (match) return match;
        if (over) throw new Error(`${program} (${ended ?? 'running'}) did not say ${pattern}:\n${written}`);
      }
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return gone;
    },
  };
}

/** Starts a program and waits for what `pattern` matches in its output: `match`. */
export async function start(program, args, pattern, options) {
  const running = launch(program, args, options);
  return {...running, match: await running.says(pattern)};
}
