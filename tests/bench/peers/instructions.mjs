// Instructions that a session check takes in user space, counted by callgrind: a figure without noise, so a small change shows.
// Two runs that differ in the number of checks alone; what starting and ending takes falls out. The figures are kept in
// instructions.json, for each release of Debian (its compiler and libraries count), and printed with their change.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {fromPage, readAnswers, writeRequest} from '../../wire.mjs';
import {startBareLoop} from './bare_loop.mjs';
import {startConstants} from './nginx.mjs';
import {debian, here, withLibraries} from './places.mjs';
import {settingsFor, startPortero} from './signers.mjs';
import {knows, withVisitor} from './visits.mjs';

const kept = join(here, 'instructions.json');

let counts = 0;

/** Checks one after the other on one connection; each answer says what the first one did. */
function askOften({port, check: {path, headers}, answer: {body}}, count) {
  const request = writeRequest({target: path, headers: {...headers, Connection: undefined}});
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let left = count;
    socket.setEncoding('latin1').on('error', reject).on('end', () => reject(new Error(`it hung up, ${left} checks before the end`)));
    socket.on('data', (text) => {
      const [answer] = readAnswers(text);
      if (answer.status !== 200 || answer.body !== body) return socket.destroy(new Error(text));
      if (--left > 0) return socket.write(request);
      socket.removeAllListeners('end').end();
      return resolve();
    });
  });
}

async function count(deployment, start, checks) {
  const file = deployment.path(`callgrind-${++counts}`);
  const peer = await start({
    before: [debian('usr/bin/valgrind'), '--tool=callgrind', `--callgrind-out-file=${file}`, '--quiet'], env: withLibraries, single: true});
  await askOften(peer, checks);
  await peer.stop();
  const [, total] = /^(?:summary|totals): (\d+)/m.exec(readFileSync(file, 'utf8'));
  return Number(total);
}

/** Instructions of a check at the peer that `start(how)` starts; `how` names the program that counts. */
export async function perCheck(deployment, start, {few, many} = {few: 500, many: 2500}) {
  const [less, more] = await Promise.all([few, many].map((checks) => count(deployment, start, checks)));
  return Math.round((more - less) / (many - few));
}

/** What is counted: each starts under the program that `how` names. */
async function counted(deployment) {
  const github = await deployment.fixedGithub({tls: true});
  const settings = settingsFor(deployment, github);
  const visitor = await withVisitor(await startPortero(deployment, github));  // all have its keys
  const file = await knows({...visitor, check: {path: '/', headers: fromPage}}, 'A page');
  const serve = ({check, answer}) => async (how) => ({...await deployment.serve(settings, how), check, answer});
  const constant = {[visitor.check.path]: visitor.answer};
  return {
    'portero, a session check': serve(visitor),
    'portero, a small file': serve(file),
    'a bare loop, a session check': (how) => startBareLoop(deployment, visitor, github, how),
    'a bare loop, a small file': (how) => startBareLoop(deployment, file, github, {...how, opens: false}),
    'nginx, a constant of the check': async (how) => (await startConstants(deployment, constant, how))[0],
  };
}

/** The release of Debian and its compiler, which a figure is of. */
const place = () => {
  const [, release] = /VERSION_CODENAME=(\S+)/.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  return `${release} ${process.arch}`;
};

export async function instructions(deployment, {write}) {
  const all = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
  const before = all[place()] ?? {};
  const now = {};
  for (const [name, start] of Object.entries(await counted(deployment))) {
    now[name] = await perCheck(deployment, start);
    const change = before[name] ? `${((now[name] / before[name] - 1) * 100).toFixed(1)} % of ${before[name]}` : 'nothing kept';
    console.log(`  ${name.padEnd(40)} ${String(now[name]).padStart(7)} instructions  (${change})`);
  }
  if (write) writeFileSync(kept, `${JSON.stringify({...all, [place()]: now}, null, 2)}\n`);
  return {place: place(), instructions: now, before};
}
