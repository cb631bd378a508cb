// nginx as a peer: what portero answers as a constant, and a page that somebody else guards.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {freePort} from '../../programs.mjs';
import {fromPage} from '../../wire.mjs';
import {layOut, startMaster} from './masters.mjs';
import {nginx} from './places.mjs';
import {knows} from './visits.mjs';

/**
 * nginx with `words` of servers/nginx.conf: the command that starts it. `single`: one process; `before`: what starts it, with
 * its arguments.
 */
function layOutNginx(deployment, words, {port, before = [], single = false}) {
  const [USER, GROUP] = ['-un', '-gn'].map((flag) => execFileSync('id', [flag], {encoding: 'utf8'}).trim());
  const own = layOut(deployment, 'nginx.conf',
      {MASTER: single ? 'off' : 'on', USER, GROUP, UPSTREAM: 1, CONSTANTS: '', ...words, PORT: port});
  writeFileSync(join(own, 'guarded'), 'A page for those who are signed in.\n');
  return [...before, nginx, '-c', join(own, 'nginx.conf')];
}

async function startNginx(deployment, name, words, how = {}) {
  const port = await freePort();
  const [command, ...args] = layOutNginx(deployment, words, {...how, port});
  const program = await startMaster(deployment, command, args, /using the "epoll" event method/, {env: how.env});
  return {...program, name, port};
}

const leftOut = /^(date|connection|content-(type|length)|x-content-type-options|cross-origin-resource-policy|etag)$/;

/** A `location` that answers as a constant what portero did, but for `leftOut`, with `filler` bytes more. */
function constant(path, {headers, header, body}, filler) {
  const kept = [...headers.filter(([name]) => !leftOut.test(name)), ...filler > 0 ? [['x-filler', 'x'.repeat(filler)]] : []];
  return `location = ${path} {
      default_type '${header('content-type') ?? ''}';
      ${kept.map(([name, value]) => `add_header ${name} "${value.replaceAll('"', '\\"')}";`).join('\n      ')}
      return 200 '${body.trimEnd()}';
    }`;
}

const constants = (answers, fillers = []) =>
  ({CONSTANTS: Object.entries(answers).map(([path, answer], i) => constant(path, answer, fillers[i] ?? 0)).join('\n    ')});

/**
 * nginx that answers what portero did as constants of the same size, each at its path: `answers` is {path: answer}. nginx adds
 * `Server` and `Connection`, so that some headers of portero are left out and one is filled up. Gives peers, one a path.
 */
export async function startConstants(deployment, answers, how) {
  const all = Object.entries(answers);
  const launch = async (fillers) => {
    const peer = await startNginx(deployment, 'nginx, a constant', constants(answers, fillers), how);
    return Promise.all(all.map(([path]) => knows({...peer, check: {path, headers: fromPage}}, '')));
  };
  const bare = await launch(all.map(() => 0));
  await bare[0].stop();
  const peers = await launch(all.map(([, {bytes}], i) => bytes - bare[i].bytes - 'x-filler: \r\n'.length));
  all.forEach(([path, {bytes, body}], i) => {
    if (peers[i].bytes !== bytes) throw new Error(`the constant for ${path} has ${peers[i].bytes} bytes instead of ${bytes}`);
    if (peers[i].answer.body !== body.trimEnd()) throw new Error(`the constant for ${path} is another`);
  });
  return peers;
}

/** The same, of about the same sizes, on `port`, without waiting for it. */
export function launchConstants(deployment, answers, port) {
  const [command, ...args] = layOutNginx(deployment, constants(answers), {port});
  return deployment.launch(command, args);
}

/** nginx that lets `checker` decide, by auth_request, about a page. */
export async function startGuard(deployment, name, checker) {
  const peer = await startNginx(deployment, name, {UPSTREAM: checker.port});
  return knows({...peer, asks: checker, check: {path: '/guarded', headers: checker.check.headers}}, 'signed in');
}
