// Session checks: who is signed in, asked over kept connections by wrk. The check of a policy, which web servers ask, alone and
// behind auth_request. And a small file, portero's and nginx's.
import {origin} from '../../deployment.mjs';
import {fromPage} from '../../wire.mjs';
import {lastingPort} from '../loaded_deployment.mjs';
import {startApache} from './apache.mjs';
import {startBareLoop} from './bare_loop.mjs';
import {startConstants, startGuard} from './nginx.mjs';
import {family, settle} from './processes.mjs';
import {interleave} from './rounds.mjs';
import {startNode, startPortero} from './signers.mjs';
import {knows, withVisitor} from './visits.mjs';
import {longEnough, wrk} from './wrk.mjs';

/** How many are in each group, and which is asked over how many connections. */
export const sizes = {peers: 6, policies: 3, guards: 2, files: 3};
export const plan = [
  ...[1, 64, 256, 1024].map((connections) => ['peers', 'session checks', connections]),
  ['policies', 'checks of a policy', 64],
  ...[64, 256].map((connections) => ['guards', 'a page behind auth_request', connections]),
  ['files', 'a small file', 64],
];
/** Seconds of a turn. */
export const leastOf = (connections, seconds) => (connections === 64 ? seconds : 1);

/** What wrk read must be the answers that were judged, byte for byte in size; some are cut when it ends. */
function sameAnswers(peer, {bytes, requests, connections}) {
  const slack = 0.01 * peer.bytes + connections * peer.bytes / requests;
  if (Math.abs(bytes - peer.bytes) > slack) throw new Error(`${peer.name}: answers of ${bytes} bytes instead of ${peer.bytes}`);
}

async function open(deployment) {
  const github = await deployment.fixedGithub({tls: true});
  const inside = await lastingPort();
  const portero = await withVisitor(await startPortero(deployment, github,
      {internal_listen: `127.0.0.1:${inside}`, policies: {members: {origin, allow: 'signed-in'}}}));
  const {Cookie} = portero.check.headers;
  const policy = await knows({...portero, port: inside, check: {path: '/v1/check/members', headers: {Cookie}}});
  const file = await knows({...portero, check: {path: '/', headers: fromPage}}, 'A page');
  const [nginx, constantFile, constantPolicy] = await startConstants(deployment,
      {[portero.check.path]: portero.answer, '/': file.answer, [policy.check.path]: policy.answer});
  const peers = [
    portero,
    nginx,
    await startBareLoop(deployment, portero, github),
    await startApache(deployment),
    await withVisitor(await startNode(deployment, 'undici', github)),
    await withVisitor(await startNode(deployment, 'better-auth', github)),
  ];
  const guards = [
    await startGuard(deployment, 'nginx, asking portero', policy),
    await startGuard(deployment, 'nginx, asking nginx', {...constantPolicy, check: policy.check}),
  ];
  const policies = [policy, {...constantPolicy, check: policy.check}, await startBareLoop(deployment, policy, github)];
  return {peers, policies, guards, files: [file, constantFile, await startBareLoop(deployment, file, github, {opens: false})]};
}

export async function checks(deployment, {rounds, seconds, tell}) {
  const groups = await open(deployment);
  const costs = new Map();  // µs of each, once warm
  const measure = (connections, least) => async (peer) => {
    const time = longEnough(least, connections, costs.get(peer));
    const plan = peer.renewed ? await peer.renewed() : peer.check;
    const result = await wrk(deployment, peer, plan, {connections, seconds: time});
    sameAnswers(peer, result);
    await settle(family(peer.pid));
    return result;
  };
  for (const peer of Object.values(groups).flat()) costs.set(peer, (await measure(64, 1)(peer)).processor);
  const measured = {};
  for (const [group, title, connections] of plan) {
    const turn = measure(connections, leastOf(connections, seconds));
    measured[group] = {...measured[group], [connections]: await interleave(groups[group], rounds, turn)};
    tell(`${title}, ${connections} connections`, measured[group][connections]);
  }
  return measured;
}
