// E-mail addresses, from GitHub to the page: the real program against the stand-in, which names the addresses of whoever
// granted `user:email`, and none to a GitHub App without the permission.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, cookieOf, fromPage, signIn} from '../wire.mjs';

const deployment = new Deployment();
const scope = 'user:email';
const [ada, nameless, zoe, layla] = ['583231', '1', '77000042', '150000007'];  // Ada shows hers to everybody
let github;
let proxy;

before(async () => {
  ({github, proxy} = await deployment.open({scope}));
});
after(() => deployment.close());

const emails = async () => (await github.state()).hits.emails ?? 0;

test('an address that its owner shows to nobody is told to the page, and stays in the session', async () => {
  const answer = await signIn(proxy.port, await github.code({user: zoe, scope}));
  assert.deepEqual([answer.status, answer.json().user?.email], [201, 'zoe@example.org'], answer.body);
  const later = await ask(proxy.port, {headers: {...fromPage, Cookie: cookieOf(answer).pair}});
  assert.equal(later.json().user.email, 'zoe@example.org');
});

test('who has none is signed in without, and so is whose addresses GitHub does not tell', async () => {
  assert.equal((await signIn(proxy.port, await github.code({user: nameless, scope}))).json().user.email, null);
  for (const fault of ['forbidden_403', 'not_found_404']) {
    await github.fault('emails', fault);
    const answer = await signIn(proxy.port, await github.code({user: ada, scope}));
    assert.deepEqual([answer.status, answer.json().user?.email], [201, null], fault);
  }
});

test('an answer that is none is no login, and its token is revoked', async () => {
  for (const [fault, code] of [
    ['error_500', 'upstream_refused'], ['html_200', 'upstream_invalid'], ['rate_limited_403', 'upstream_rate_limited'],
  ]) {
    const {revoked_tokens} = await github.state();
    await github.fault('emails', fault);
    assert.equal((await signIn(proxy.port, await github.code({scope}))).code, code);
    // Earlier tests' tokens may be on their way, too.
    const revoked = (now) => now.live_tokens === 0 && now.revoked_tokens > revoked_tokens;
    await until(async () => revoked(await github.state()), 'revoked');
  }
});

test('a page that asks for the scope itself gets the address; one that asks for nothing costs no call', async () => {
  const plain = await deployment.serve(deployment.settings(github));
  const before = await emails();
  assert.equal((await signIn(plain.port, await github.code({user: layla}))).status, 201);  // has granted nothing yet
  assert.equal(await emails(), before);
  assert.equal((await signIn(plain.port, await github.code({user: zoe, scope}))).json().user.email, 'zoe@example.org');
  assert.equal(await emails(), before + 1);
});

test('a GitHub App, whose tokens have no scope, signs in with one in the settings, and is warned of it', async () => {
  const app = await deployment.github('--github-app', '--client-id', 'Iv1.0123456789abcdef');
  const beside = await deployment.serve(deployment.settings(app, {scope, client_id: 'Iv1.0123456789abcdef'}));
  const answer = await signIn(beside.port, await app.code({user: zoe, scope, client_id: 'Iv1.0123456789abcdef'}));
  assert.deepEqual([answer.status, answer.json().user?.email], [201, null], answer.body);
  await until(() => /scope: .*Iv1\.0123456789abcdef is a GitHub App.*Email addresses/.test(beside.output()), 'the warning');
  const {status, stdout} = deployment.run('check', '--offline', '--settings', beside.file);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^warn scope: .*; leave it out/m);
  assert.equal(stdout.match(/^warn scope/gm).length, 1, stdout);
});
