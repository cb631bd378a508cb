// GitHub's own clients, unchanged, against the stand-in; and what it answers against GitHub's own
// description of its REST API. If these pass, a program written for GitHub works here.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createOAuthUserAuth } from '@octokit/auth-oauth-user';
import {
  checkToken, deleteAuthorization, deleteToken, exchangeWebFlowCode, getWebFlowAuthorizationUrl,
  refreshToken, resetToken,
} from '@octokit/oauth-methods';
import { request } from '@octokit/request';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

import { start } from '../programs.mjs';

const require = createRequire(import.meta.url);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = path.resolve(root, process.env.PORTERO_BUILD ?? 'build/dev');
const program = path.join(build, 'tests/github-stand-in');

const clientId = 'stand-in-client';
const clientSecret = 'stand-in-secret';
const redirectUrl = 'http://127.0.0.1:9/callback';

/** A stand-in of our own. */
async function startGithub(...flags) {
  assert.ok(existsSync(program), `build the target github-stand-in first: ${program}`);
  const { match: [, url], stop } = await start(program, ['--redirect-uri', redirectUrl, ...flags], /^github-stand-in: (\S+)$/m);
  return { url, request: request.defaults({ baseUrl: `${url}/api/v3` }), stop };
}

/** What the browser does: opens the consent page, picks somebody, presses the button. */
async function consent(github, { user = '583231', decision = 'authorize', scopes = [], ...more } = {}) {
  const { url } = getWebFlowAuthorizationUrl(
    { clientType: 'oauth-app', clientId, redirectUrl, scopes, state: 'a state&=?', request: github.request });
  const asked = new URL(url);
  for (const [name, value] of Object.entries(more)) asked.searchParams.set(name, value);
  const page = await (await fetch(asked)).text();
  const ticket = /name="request" value="([^"]+)"/.exec(page);
  assert.ok(ticket, page);
  const answer = await fetch(new URL('/login/oauth/authorize', github.url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ request: ticket[1], user, decision }),
  });
  assert.equal(answer.status, 302);
  return new URL(answer.headers.get('location'));
}

async function signIn(github, options) {
  const code = (await consent(github, options)).searchParams.get('code');
  return exchangeWebFlowCode(
    { clientType: 'oauth-app', clientId, clientSecret, code, redirectUrl, request: github.request });
}

const description = JSON.parse(
  readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'));

/** OpenAPI 3.0 says `nullable` where JSON Schema says `type: [..., "null"]`. */
function toJsonSchema(node) {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (node === null || typeof node !== 'object') return node;
  const { nullable, discriminator, example, examples, ...rest } = node;
  const out = {};
  for (const [key, value] of Object.entries(rest)) out[key] = toJsonSchema(value);
  return nullable === true ? { anyOf: [out, { type: 'null' }] } : out;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat('repo.nwo', true);
ajv.addSchema({ $id: 'github', components: { schemas: toJsonSchema(description.components.schemas) } });

function assertDescribed(method, pathname, status, body) {
  const response = description.paths[pathname][method].responses[status];
  const text = JSON.stringify(toJsonSchema(response.content['application/json'].schema));
  const schema = JSON.parse(text.replaceAll('"#/components', '"github#/components'));
  const validate = ajv.compile(schema);
  assert.ok(validate(body), JSON.stringify(validate.errors, null, 1));
}

let github;
before(async () => { github = await startGithub(); });
after(async () => { await github?.stop(); });

test('Octokit trades a code for a token, checks it and deletes it', async () => {
  const { authentication, data } = await signIn(github, { scopes: ['user:email'] });
  assert.equal(data.token_type, 'bearer');
  assert.deepEqual(authentication.scopes, ['user:email']);
  const { token } = authentication;
  const app = { clientType: 'oauth-app', clientId, clientSecret, token, request: github.request };
  const checked = await checkToken(app);
  assert.equal(checked.data.user.login, 'ada-page');
  assertDescribed('post', '/applications/{client_id}/token', '200', checked.data);
  assert.equal((await deleteToken(app)).status, 204);
  await assert.rejects(checkToken(app), { status: 404 });
});

test('Octokit resets a token, and deletes an authorization', async () => {
  const first = await signIn(github);
  const app = { clientType: 'oauth-app', clientId, clientSecret, request: github.request };
  const reset = await resetToken({ ...app, token: first.authentication.token });
  assertDescribed('patch', '/applications/{client_id}/token', '200', reset.data);
  await assert.rejects(checkToken({ ...app, token: first.authentication.token }), { status: 404 });
  const deleted = await deleteAuthorization({ ...app, token: reset.authentication.token });
  assert.equal(deleted.status, 204);
  await assert.rejects(checkToken({ ...app, token: reset.authentication.token }), { status: 404 });
});

test('createOAuthUserAuth signs in and puts its token on requests', async () => {
  const code = (await consent(github)).searchParams.get('code');
  const auth = createOAuthUserAuth({ clientId, clientSecret, code, redirectUrl, request: github.request });
  const { token, type } = await auth();
  assert.equal(type, 'token');
  const authenticated = github.request.defaults({ request: { hook: auth.hook } });
  assert.equal((await authenticated('GET /user')).data.login, 'ada-page');
  assert.equal((await auth({ type: 'check' })).token, token);
  assert.equal((await auth({ type: 'delete' })).invalid, true);
});

test('Octokit refreshes an expiring token, once', async () => {
  const expiring = await startGithub('--expiring-tokens', '--github-app');
  try {
    const code = (await consent(expiring)).searchParams.get('code');
    const app = { clientType: 'github-app', clientId, clientSecret, request: expiring.request };
    const { authentication } = await exchangeWebFlowCode({ ...app, code });
    assert.match(authentication.token, /^ghu_/);
    const renewed = await refreshToken({ ...app, refreshToken: authentication.refreshToken });
    assert.notEqual(renewed.authentication.token, authentication.token);
    await assert.rejects(refreshToken({ ...app, refreshToken: authentication.refreshToken }));
  } finally {
    await expiring.stop();
  }
});

test('everybody is as GitHub describes a user, public and private', async () => {
  const page = await (await fetch(`${github.url}/login/oauth/authorize?client_id=${clientId}`)).text();
  const ids = [...page.matchAll(/name="user" value="(\d+)" data-login="([^"]+)"/g)];
  assert.ok(ids.length >= 5);
  for (const [, user, login] of ids.filter(([, , name]) => name !== 'brand-new')) {
    for (const [scopes, view] of [[[], 'public'], [['user'], 'private']]) {
      const { authentication } = await signIn(github, { user, scopes });
      const headers = { authorization: `bearer ${authentication.token}` };
      const { data } = await github.request('GET /user', { headers });
      assert.equal(data.login, login);
      assert.equal(data.user_view_type, view);
      assertDescribed('get', '/user', '200', data);
      if (view === 'public') continue;
      assertDescribed('get', '/user/emails', '200', (await github.request('GET /user/emails', { headers })).data);
    }
  }
});

/** Somebody's own request, as Octokit makes it, with these scopes. */
async function octokitOf(github, user, scopes = ['read:org', 'repo']) {
  const { authentication } = await signIn(github, { user, scopes });
  return github.request.defaults({ headers: { authorization: `bearer ${authentication.token}` } });
}

const pathOf = { org: '/user/memberships/orgs/{org}', team_slug: '/orgs/{org}/teams/{team_slug}/memberships/{username}' };

/** {status, state} of an organisation's membership or a team's, validated against GitHub's description. */
async function membershipOf(octokit, parameters) {
  const pathname = pathOf[parameters.team_slug ? 'team_slug' : 'org'];
  const { status, data, headers } = await octokit(`GET ${pathname}`, parameters).catch((error) => error.response);
  const described = description.paths[pathname].get.responses[status];
  if (described?.content) assertDescribed('get', pathname, String(status), data);
  return { status, state: data.state, sso: headers['x-github-sso'], message: data.message };
}

test('Octokit hears of memberships in organizations and teams what GitHub describes', async () => {
  const writers = { org: 'acme', team_slug: 'writers' };
  const cases = [
    ['1000002', { org: 'acme' }, 200, 'active'],
    ['1000004', { org: 'acme' }, 200, 'pending'],
    ['1000006', { org: 'acme' }, 200, 'active'],
    ['1000005', { org: 'acme' }, 404],
    ['1000002', { org: 'large-id' }, 200, 'active'],
    ['1000007', { ...writers, username: 'acme-writer' }, 200, 'active'],
    ['1000011', { ...writers, username: 'acme-maintainer' }, 200, 'active'],
    ['1000008', { ...writers, username: 'acme-poet' }, 200, 'active'],
    ['1000010', { ...writers, username: 'acme-writer-pending' }, 200, 'pending'],
    ['1000002', { ...writers, username: 'acme-member' }, 404],
  ];
  for (const [user, parameters, status, state] of cases) {
    const seen = await membershipOf(await octokitOf(github, user), parameters);
    assert.deepEqual([seen.status, seen.state], [status, state], `${user} ${JSON.stringify(parameters)}`);
  }
});

test('Octokit hears why an organization hides itself', async () => {
  const restricted = await membershipOf(await octokitOf(github, '1000020'), { org: 'restricted' });
  assert.equal(restricted.status, 403);
  assert.match(restricted.message, /has enabled OAuth App access restrictions/);
  const sso = await membershipOf(await octokitOf(github, '1000021'), { org: 'sso' });
  assert.equal(sso.status, 403);
  assert.match(sso.sso, /^required; url=/);
  const scopeless = await membershipOf(await octokitOf(github, '1000003', []), { org: 'acme' });
  assert.equal(scopeless.status, 403);
});

test('Octokit hears of a repository what GitHub describes, and what one may do with it', async () => {
  for (const [user, repo, push] of [['1000007', 'site', true], ['1000014', 'site', false], ['1000013', 'private', true]]) {
    const octokit = await octokitOf(github, user);
    const { data } = await octokit('GET /repos/{owner}/{repo}', { owner: 'acme', repo });
    assertDescribed('get', '/repos/{owner}/{repo}', '200', data);
    assert.deepEqual([data.permissions.push, data.private], [push, repo === 'private']);
  }
  const stranger = await octokitOf(github, '1000023');
  await assert.rejects(stranger('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'private' }), { status: 404 });
  const moved = await stranger('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'old-site', request: { redirect: 'manual' } })
    .catch((error) => error);
  assert.equal(moved.status, 301);
  const profile = await stranger('GET /orgs/{org}', { org: 'acme' });
  assertDescribed('get', '/orgs/{org}', '200', profile.data);
});

test('refusals are GitHub\'s: with status 200 by the token endpoint, as an error to Octokit', async () => {
  const common = { clientType: 'oauth-app', clientId, clientSecret, redirectUrl, request: github.request };
  const told = (error) => (thrown) => thrown.response.data.error === error;
  await assert.rejects(exchangeWebFlowCode({ ...common, code: 'x' }), told('bad_verification_code'));
  await assert.rejects(exchangeWebFlowCode({ ...common, code: 'x', clientSecret: 'y' }),
    told('incorrect_client_credentials'));
  await assert.rejects(exchangeWebFlowCode({ ...common, code: 'x', clientId: 'nobody' }), { status: 404 });
  await assert.rejects(signIn(github, { user: '200000001' }), told('unverified_user_email'));
});

test('the way back carries state and iss, and an error after Cancel', async () => {
  const back = await consent(github, { decision: 'cancel' });
  assert.equal(back.searchParams.get('error'), 'access_denied');
  assert.equal(back.searchParams.get('state'), 'a state&=?');
  assert.equal(back.searchParams.get('iss'), `${github.url}/login/oauth`);
});

test('a code with a challenge needs the verifier', async () => {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const ask = async (extra) => {
    const code = (await consent(github, { code_challenge: challenge, code_challenge_method: 'S256' }))
      .searchParams.get('code');
    const body = new URLSearchParams(
      { client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUrl, ...extra });
    const answer = await fetch(`${github.url}/login/oauth/access_token`,
      { method: 'POST', headers: { accept: 'application/json' }, body });
    return Object.keys(await answer.json());
  };
  assert.ok((await ask({ code_verifier: verifier })).includes('access_token'));
  assert.ok((await ask({ code_verifier: 'w'.repeat(43) })).includes('error'));
  assert.ok((await ask({})).includes('error'));
});
