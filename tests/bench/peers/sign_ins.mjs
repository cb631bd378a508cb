// Sign-ins: the code traded, the person asked for, the session sealed, GitHub's token revoked. GitHub is the measuring one over
// TLS, which answers at once or after 100 ms. wrk counts an answer only if it is the right one and sets a cookie.
import {clientId} from '../../deployment.mjs';
import {settle} from './processes.mjs';
import {interleave, spread} from './rounds.mjs';
import {startNode, startPortero} from './signers.mjs';
import {firstCode, signInOnce} from './visits.mjs';
import {longEnough, wrk} from './wrk.mjs';

const crowds = [1, 32, 256];
export const delays = [0, 100];
export const nodePeers = ['undici', 'octokit', 'oauth4webapi', 'grant', 'better-auth'];

/** portero and the peers that can sign in at `github`; each has done so once. */
export async function openSigners(deployment, github) {
  const peers = [await startPortero(deployment, github)];
  for (const name of nodePeers) peers.push(await startNode(deployment, name, github));
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

export async function signIns(deployment, {rounds, seconds, tell, tellAdded}) {
  const measured = {};
  const added = {};
  const costs = new Map();  // µs of each, once warm
  for (const delay of delays) {
    const github = {...await deployment.fixedGithub({tls: true, delay}), delay};
    const peers = await openSigners(deployment, github);
    const once = (connections, time) => async (peer) => {
      const result = await wrk(deployment, peer, signInPlan(peer), {connections, seconds: time, beside: github.pid});
      await settle([peer.pid, github.pid]);
      return result;
    };
    const measure = (connections) => async (peer) => {
      if (peer.name === 'curl') return byCurl(deployment, github, seconds);
      // So many connections to GitHub are opened first; between two turns of a peer they end. With fetch() that takes a while.
      for (let tries = 0; connections > 100 && tries < 4 && (await once(connections, 1)(peer)).requests === 0;) ++tries;
      const least = connections === 1 && delay === 0 ? 1 : seconds;  // hundreds, even so
      return once(connections, longEnough(least, connections, costs.get(peer.name)))(peer);
    };
    for (const peer of peers) {
      await once(32, 1)(peer);  // warm
      if (!costs.has(peer.name)) costs.set(peer.name, (await once(32, 1)(peer)).processor);
    }
    const where = `GitHub ${delay ? `after ${delay} ms` : 'at once'}`;
    measured[delay] = {};
    for (const connections of crowds) {
      const {curl, ...results} = await interleave([...peers, ...connections === 1 ? [{name: 'curl'}] : []], rounds, measure(connections));
      measured[delay][connections] = results;
      tell(`sign-ins, ${connections} at once, ${where}`, results);
      if (curl) added[delay] = {curl, ...results};
      if (curl) tellAdded(`added to curl's time, ${where}`, added[delay]);
    }
    for (const one of [...peers, github]) await one.stop();
  }
  return {measured, added};
}
