// Those who sign people in: portero, and the peers in Node.
import {join} from 'node:path';
import {clientId, clientSecret, origin, redirectUri} from '../../deployment.mjs';
import {json} from '../../wire.mjs';
import {ask, cookiesOf} from './ask.mjs';
import {nodePeers} from './places.mjs';
import {byPage} from './visits.mjs';

/**
 * Settings of an operator but for two limits: we are everybody at once. A sign-in keeps its place until GitHub's token is
 * revoked, after the answer; with 256 places, 256 visitors who sign in again at once would wait for those.
 */
export function settingsFor(deployment, github) {
  const settings = deployment.settings(github, {limits: {logins_per_hour: 1000000, logins: 512}});
  settings.github.ca_file = github.caFile;
  return settings;
}

/** `more` are further settings. */
export const startPortero = async (deployment, github, more = {}) =>
  ({...await deployment.serve({...settingsFor(deployment, github), ...more}), name: 'portero', ...byPage()});

const titles = {undici: 'undici, jose', octokit: '@octokit/oauth-methods'};

/** A peer in Node: a file of servers/, run from `directory`, which has its packages. */
export async function startNode(deployment, file, github, {directory = nodePeers} = {}) {
  const env = {
    GITHUB_URL: github.url, GITHUB_HTTP2: github.http2 ? 'yes' : 'no', CLIENT_ID: clientId, CLIENT_SECRET: clientSecret,
    REDIRECT_URI: redirectUri, ORIGIN: origin, NODE_ENV: 'production', NODE_OPTIONS: '--dns-result-order=ipv4first',
    ...github.caFile && {NODE_EXTRA_CA_CERTS: github.caFile},
  };
  const [command, args] = [process.execPath, [join(directory, `${file}.mjs`)]];
  const program = await deployment.start(command, args, /^port (\d+)$/m, {env});
  const peer = {...program, name: `Node: ${titles[file] ?? file}`, file, port: Number(program.match[1]), command, args, env};
  return {...peer, ...await (ways[file] ?? byPage)(peer)};
}

/** The state that the redirect to GitHub carries, and the cookies that go with it. */
async function beginAt(peer, request) {
  const answer = await ask(peer.port, request);
  const to = answer.header('location') ?? answer.json().url;
  return {state: new URL(to).searchParams.get('state'), headers: {Cookie: cookiesOf(answer)}};
}

/** How those are used who have calls of their own: a visitor begins, and each sign-in is GitHub's callback of this visitor. */
const ways = {
  async 'grant'(peer) {
    const {state, headers} = await beginAt(peer, {target: '/connect/github'});
    return {login: {method: 'GET', path: `/connect/github/callback?code=CODE&state=${state}`, headers, body: ''}};
  },
  async 'better-auth'(peer) {
    const own = `http://127.0.0.1:${peer.port}`;
    const {state, headers} = await beginAt(peer, {
      method: 'POST', target: '/api/auth/sign-in/social', headers: {...json, Origin: own},
      body: JSON.stringify({provider: 'github', callbackURL: `${own}/welcome`}),
    });
    return {
      login: {method: 'GET', path: `/api/auth/callback/github?code=CODE&state=${state}`, headers, body: '', welcome: `${own}/welcome`},
      check: {path: '/api/auth/get-session', headers: {}},
    };
  },
};
