// How the cost of a session check grows with what a portero has beside it: connections that are kept open, keys in the ring,
// pages, and what it logs. Each level is a portero of its own; the visitor is the same at all, and found last.
import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {origin, redirectUri} from '../../deployment.mjs';
import {lastingPort} from '../loaded_deployment.mjs';
import {perCheck} from './instructions.mjs';
import {family, settle} from './processes.mjs';
import {interleave} from './rounds.mjs';
import {settingsFor, startPortero} from './signers.mjs';
import {knows, withVisitor} from './visits.mjs';
import {wrk} from './wrk.mjs';

/** A file of `count` keys, the last of which is the deployment's own. */
function ringOf(deployment, count) {
  const {keys: [own]} = JSON.parse(readFileSync(deployment.path('keys.json'), 'utf8'));
  const others = Array.from({length: count - 1}, (_, i) =>
    ({...own, kid: `${own.kid.slice(0, -2)}${10 + i}`, k: randomBytes(32).toString('base64url')}));
  return deployment.write(`keys-${count}.json`, {keys: [...others, own]});
}

/** Pages with addresses as long as the visitor's, which is in the middle of them. */
const pagesOf = (count) => Object.fromEntries([
  ...Array.from({length: count - 1}, (_, i) => origin.replace('good', `${i % 2 ? 'a' : 'z'}${i.toString(36).padStart(3, '0')}`))
    .map((other) => [other, {redirect_uri: `${other}/`}]),
  [origin, {redirect_uri: redirectUri}],
]);

/** The last lets the visitor in, the others do not. */
const policiesOf = (count) => (count === 0 ? {} : {policies: Object.fromEntries(Array.from({length: count}, (_, i) =>
  [`p${i + 1}`, {origin, allow: i + 1 === count ? 'signed-in' : {users: [i + 1]}}]))});

/** As a browser asks the page's own server: without an Origin. */
const atItsServer = ({path, headers: {Origin: _, ...headers}}) =>
  ({path, headers: {...headers, 'Host': new URL(origin).host, 'Sec-Fetch-Site': 'same-origin'}});

/**
 * What grows: its `name`, its `unit`, the `levels`, and the settings at one. `figure` is what is measured of a check:
 * instructions, those in user space, without noise, or µs of processor, the system's work included. `held`: as many
 * connections as the level says are kept open meanwhile. `check` changes what is asked, `internal` at which listener.
 */
export const dimensions = [
  {name: 'connections', unit: 'connections kept open', levels: [1, 10, 100, 1000, 10000], figure: 'processor', held: true,
    settings: () => ({limits: {logins_per_hour: 1000000, connections: 12000}})},
  {name: 'keys', unit: 'keys in the ring', levels: [1, 4, 16], figure: 'instructions',
    settings: (count, deployment) => ({session_keys_file: ringOf(deployment, count)})},
  {name: 'pages', unit: 'pages', levels: [1, 10, 100, 1000], figure: 'instructions', settings: (count) => ({origins: pagesOf(count)})},
  {name: 'pages-by-host', unit: 'pages, the call without an Origin', levels: [1, 100, 1000], figure: 'instructions',
    settings: (count) => ({origins: pagesOf(count)}), check: atItsServer},
  {name: 'policies', unit: 'policies, a check of the last', levels: [1, 16, 64], figure: 'instructions', settings: policiesOf,
    check: ({headers: {Cookie}}, count) => ({path: `/v1/check/p${count}`, headers: {Cookie}}), internal: true},
  {name: 'policies-beside', unit: 'policies, a session check', levels: [0, 64], figure: 'instructions', settings: policiesOf},
  {name: 'log', unit: 'log level', levels: ['error', 'warning', 'info', 'debug'], figure: 'instructions',
    settings: (level) => ({log: {level}})},
];

/** A portero at one level that answers the visitor's check; whether it listens is not logged at each. `how` is as for serve(). */
export async function serveLevel(deployment, github, visitor, {settings, check = (same) => same, internal}, level, how) {
  const inside = await lastingPort();
  const program = deployment.launchPortero(
      {...settingsFor(deployment, github), internal_listen: `127.0.0.1:${inside}`, ...settings(level, deployment)}, how);
  const [, port] = await program.says(/\(listening on 127\.0\.0\.1:(\d+)\)/);
  return knows({...program, name: 'portero', port: internal ? inside : Number(port), check: check(visitor.check, level)});
}

/** {level: its figure in each round}: instructions are counted once, for they do not change. */
async function countAll(deployment, {levels}, start) {
  const found = {};
  for (const level of levels) found[level] = [await perCheck(deployment, (how) => start(level, how), {few: 100, many: 400})];
  return found;
}

async function timeAll(deployment, {levels, held}, start, {rounds, seconds}) {
  const peers = [];
  for (const level of levels) {
    const peer = {...await start(level), name: String(level)};
    const kept = held ? await deployment.hold(peer, ['idle'], level, {origin, rate: 4000}) : undefined;
    peers.push({...peer, end: async () => { await kept?.stop(); await peer.stop(); }});
  }
  const measured = await interleave(peers, rounds, async (peer) => {
    const {processor} = await wrk(deployment, peer, peer.check, {connections: 16, seconds});
    await settle(family(peer.pid));
    return processor;
  });
  for (const peer of peers) await peer.end();
  return measured;
}

export async function growth(deployment, {rounds, seconds, tellGrowth}) {
  const github = await deployment.fixedGithub();
  const visitor = await withVisitor(await startPortero(deployment, github));
  const curves = [];
  for (const dimension of dimensions) {
    const {name, unit, figure} = dimension;
    const start = (level, how) => serveLevel(deployment, github, visitor, dimension, level, how);
    const measure = figure === 'instructions' ? countAll : timeAll;
    curves.push({name, unit, figure, levels: await measure(deployment, dimension, start, {rounds, seconds})});
    tellGrowth(curves.at(-1));
  }
  return {curves};
}
