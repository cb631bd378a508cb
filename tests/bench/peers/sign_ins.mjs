// Sign-ins: the code traded, the person asked for, the session sealed, GitHub's token revoked. GitHub is the measuring one over
// TLS, which answers at once or after 100 ms, over HTTP/1.1 or HTTP/2. wrk counts an answer only if it is the right one and
// sets a cookie.
import {clientId} from '../../deployment.mjs';
import {http2Github} from './http2.mjs';
import {settle} from './processes.mjs';
import {interleave, spread} from './rounds.mjs';
import {startNode, startPortero} from './signers.mjs';
import {firstCode, signInOnce} from './visits.mjs';
import {longEnough, wrk} from './wrk.mjs';

const nodePeers = ['undici', 'octokit', 'oauth4webapi', 'grant', 'better-auth'];
/** `delay` is of each of GitHub's answers, in ms. fetch(), by which all others in Node ask, speaks no HTTP/2 by itself. */
export const stages = [
  ...[0, 100].map((delay) => ({delay, http2: false, crowds: [1, 32, 256], names: nodePeers})),
  ...[0, 100].map((delay) => ({delay, http2: true, crowds: [16, 256], names: ['undici']})),
];

/** Seconds of a turn: those given where GitHub takes its time; where it does not, one second has hundreds of sign-ins. */
export const leastOf = (connections, delay, seconds) => (connections === 1 || delay === 0 ? 1 : seconds);

/** portero and the peers that can sign in at `github`; each has done so once. */
export async function openSigners(deployment, github, names = nodePeers) {
  const peers = [await startPortero(deployment, github)];
  for (const name of names) peers.push(await startNode(deployment, name, github));
  for (const peer of peers) await signInOnce(peer);
  return peers;
}

/** What wrk asks a peer for. */
export const signInPlan = ({login: {method, path, headers, body, welcome = ''}}) =>
  ({path, headers, script: 'sign_in.lua', args: [method, path, body, firstCode(), welcome]});

/** The two calls that a visitor waits for, by curl on a kept connection, one after the other: `p50` in ms. */
async function byCurl(deployment, github, seconds) {
  const pairs = Math.ceil(seconds * (github.delay ? 1000 / (2.5 * github.delay) : 150)) + 1;
  const pair = [
    ['url', `${github.url}/login/oauth/access_token`], ['data', `client_id=${clientId}&code=${'0'.repeat(20)}`], 'next',
    ['url', `${github.url}/user`], ['header', 'Authorization: Bearer x'], 'next',
  ];
  const common = ['silent', 'http1.1', ['cacert', github.caFile], ['output', '/dev/null'], ['write-out', '%{time_total}\\n']];
  const config = Array.from({length: pairs}, () => pair).flat().slice(0, -1)
    .flatMap((line) => (line[0] === 'url' ? [...common, line] : [line]))
    .map((line) => (typeof line === 'string' ? line : `${line[0]} = "${line[1]}"`)).join('\n');
  const {gone, output} = deployment.launch('curl', ['-K', deployment.write('curl.conf', config)]);
  if (await gone !== 0) throw new Error(`curl: ${output()}`);
  const times = output().trim().split('\n').map(Number);
  const sums = times.flatMap((time, i) => (i % 2 ? [(times[i - 1] + time) * 1000] : []));
  return {p50: spread(sums.slice(1)).middle};  // the first connects
}

/** One stage: {crowd: results}, and what each sign-in takes longer than its calls by curl, where one is asked at a time. */
async function measureStage(deployment, {delay, http2, crowds, names}, {rounds, seconds, costs, told}) {
  const github = await (http2 ? http2Github(deployment, {delay}) : deployment.fixedGithub({tls: true, delay}));
  const peers = await openSigners(deployment, github, names);
  const once = (connections, time) => async (peer) => {
    const result = await wrk(deployment, peer, signInPlan(peer), {connections, seconds: time, beside: github.pids});
    await settle([peer.pid, ...github.pids]);
    return result;
  };
  const measure = (connections) => async (peer) => {
    if (peer.name === 'curl') return byCurl(deployment, github, seconds);
    // So many connections to GitHub are opened first; between two turns of a peer they end. With fetch() that takes a while.
    for (let tries = 0; connections > 100 && tries < 4 && (await once(connections, 1)(peer)).requests === 0;) ++tries;
    const least = leastOf(connections, delay, seconds);
    return once(connections, longEnough(least, connections, costs.get(peer.name)))(peer);
  };
  for (const peer of peers) {
    await once(32, 1)(peer);  // warm
    if (!costs.has(peer.name)) costs.set(peer.name, (await once(32, 1)(peer)).processor);
  }
  const levels = {};
  let added;
  for (const connections of crowds) {
    const {curl, ...results} = await interleave([...peers, ...connections === 1 ? [{name: 'curl'}] : []], rounds, measure(connections));
    levels[connections] = results;
    told(connections, results, curl);
    if (curl) added = {curl, ...results};
  }
  for (const one of [...peers, github]) await one.stop();
  return {levels, added};
}

export async function signIns(deployment, {rounds, seconds, tell, tellAdded, aimOf}) {
  const measured = [];
  const costs = new Map();  // µs of each, once warm
  for (const stage of stages) {
    const {delay, http2} = stage;
    const where = `GitHub ${delay ? `after ${delay} ms` : 'at once'}${http2 ? ', HTTP/2' : ''}`;
    const told = (connections, results, curl) => {
      tell(`sign-ins, ${connections} at once, ${where}`, results);
      if (curl) tellAdded(`added to curl's time, ${where}`, {curl, ...results});
    };
    const found = await measureStage(deployment, stage, {rounds, seconds, costs, told});
    measured.push({delay, http2, ...found});
    if (aimOf(measured.at(-1))) console.log(`${aimOf(measured.at(-1))}\n`);
  }
  return {measured};
}
