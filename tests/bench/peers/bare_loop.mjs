// The floor below a session check: a loop that only reads, opens the session and writes what portero answered.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {origin} from '../../deployment.mjs';
import {knows} from './visits.mjs';

let files = 0;

/**
 * A bare loop that answers `visitor`'s check, bytes and all. `opens`: only after it has opened the session by portero's keys;
 * else it is the floor below any answer. `before` is a program that starts it, with its arguments.
 */
export async function startBareLoop(deployment, {check, answer}, github, {opens = true, before = [], env} = {}) {
  const path = deployment.path(`answer-${++files}`);
  writeFileSync(path, Buffer.from(answer.text, 'latin1'));
  const session = opens ? ['--cookie', check.headers.Cookie.split('=')[0], '--keys', deployment.path('keys.json'),
    '--issuer', `${github.url}/login/oauth`, '--origin', origin] : [];
  const [program, ...args] = [...before, join(deployment.programs, 'portero-bare-loop'), '--answer', path, ...session];
  const loop = await deployment.start(program, args, /^port (\d+)$/m, {env});
  const peer = {...loop, name: 'a bare loop', port: Number(loop.match[1]), check};
  return knows(peer, answer.body);
}
