// What a peer takes before it does anything: the time from its start to its first answer, its memory at rest and after 256
// sign-ins at once (nginx and Apache: requests), the bytes of the files it has mapped by then and of its npm packages.
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync, readlinkSync, statSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {fromPage, writeRequest} from '../../wire.mjs';
import {lastingPort, privateMemory} from '../loaded_deployment.mjs';
import {launchApache, startApache} from './apache.mjs';
import {launchConstants, startConstants} from './nginx.mjs';
import {nodePeers} from './places.mjs';
import {family, mappedFiles, settle} from './processes.mjs';
import {interleave} from './rounds.mjs';
import {openSigners, signInPlan} from './sign_ins.mjs';
import {settingsFor} from './signers.mjs';
import {withVisitor} from './visits.mjs';
import {wrk} from './wrk.mjs';

const bytesBelow = (directory) => readdirSync(directory, {withFileTypes: true}).reduce((sum, entry) => {
  const path = join(directory, entry.name);
  if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + bytesBelow(path);
  return entry.isFile() ? sum + statSync(path).size : sum;
}, 0);

/** The files of ours that a peer's is made of, and the packages they import. */
function importsOf(name, found = {files: new Set(), packages: new Set()}) {
  found.files.add(name);
  for (const [, from] of readFileSync(join(nodePeers, name), 'utf8').matchAll(/ from '([^']+)'/g)) {
    if (from.startsWith('node:')) continue;
    if (!from.startsWith('./')) found.packages.add(from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/'));
    else if (!found.files.has(from.slice(2))) importsOf(from.slice(2), found);
  }
  return found;
}

/** The folders of packages and of all that they depend on, as the lock file puts them. */
function foldersOf(names) {
  const {packages} = JSON.parse(readFileSync(join(nodePeers, 'package-lock.json'), 'utf8'));
  const found = new Set();
  const add = (name, from) => {
    for (let at = from;; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const folder = `${at ? `${at}/` : ''}node_modules/${name}`;
      if (!(folder in packages)) {
        if (!at) return;  // optional, and not installed
        continue;
      }
      if (found.has(folder)) return;
      found.add(folder);
      for (const next of Object.keys(packages[folder].dependencies ?? {})) add(next, folder);
      return;
    }
  };
  for (const name of names) add(name, '');
  return [...found];
}

/** Bytes of a peer in Node, beside Node itself. */
function bytesInNode(name) {
  const {files, packages} = importsOf(`${name}.mjs`);
  return [...files].reduce((sum, file) => sum + statSync(join(nodePeers, file)).size, 0) +
      foldersOf(packages).reduce((sum, folder) => sum + bytesBelow(join(nodePeers, folder)), 0);
}

/** Debian strips its programs; ours is built with its symbols. */
function strippedSize(deployment, program) {
  const copy = deployment.path('stripped');
  execFileSync('strip', ['-o', copy, program]);
  return statSync(copy).size;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(writeRequest({headers: fromPage})));
    socket.once('data', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** ms from the start of a process to its first answer, asked for again and again. */
async function startTime(deployment, launch) {
  const port = await lastingPort();
  const started = performance.now();
  const program = await launch(port);
  while (!await answers(port)) continue;
  const time = performance.now() - started;
  await program.stop();
  return time;
}

/** Private memory of all its processes, in kB. */
const memoryOf = ({pid}) => family(pid).reduce((sum, one) => sum + privateMemory(one), 0);

export async function costs(deployment, {rounds, seconds, tellCosts}) {
  const github = await deployment.fixedGithub({tls: true});
  const signers = await openSigners(deployment, github);
  const {check, answer} = await withVisitor(signers[0]);
  const [nginx] = await startConstants(deployment, {[check.path]: answer});
  const apache = await startApache(deployment);
  const peers = [...signers, apache, nginx];
  const launchers = {
    portero: (port) => deployment.launchPortero({...settingsFor(deployment, github), listen: `127.0.0.1:${port}`}),
    [apache.name]: (port) => launchApache(deployment, port),
    [nginx.name]: (port) => launchConstants(deployment, {[check.path]: answer}, port),
  };
  const nodeAt = (peer) => (port) => deployment.launch(peer.command, peer.args, {env: {...peer.env, PORT: String(port)}});
  const results = {};
  for (const peer of peers) {
    const rest = memoryOf(peer);
    const plan = peer.login ? signInPlan(peer) : peer.renewed ? await peer.renewed() : peer.check;
    await wrk(deployment, peer, plan, {connections: 256, seconds: Math.max(2, seconds)});
    await settle(family(peer.pid));
    const files = Object.values(mappedFiles(family(peer.pid))).reduce((sum, size) => sum + size, 0);
    const packages = peer.env ? bytesInNode(peer.file) : 0;
    results[peer.name] = {
      start: [], rest, after: memoryOf(peer), files: files + packages,
      own: packages || strippedSize(deployment, readlinkSync(`/proc/${peer.pid}/exe`)),
    };
  }
  for (const peer of peers) await peer.stop();
  const times = await interleave(peers, Math.max(5, rounds), (peer) => startTime(deployment, launchers[peer.name] ?? nodeAt(peer)));
  for (const [name, start] of Object.entries(times)) results[name].start = start;
  tellCosts(results);
  return {costs: results};
}
