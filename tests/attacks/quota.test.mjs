// Attacks on what is counted: the quota that GitHub grants an app, which invented codes must not use up, and the address
// under which a visitor is counted, which nobody may choose.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {cookieOf, signIn} from '../wire.mjs';

const deployment = new Deployment();
const perHour = 12;
let github;
let proxy;

before(async () => {
  ({github, proxy} = await deployment.open({limits: {logins_per_hour: perHour}}));
});
after(() => deployment.close());

test('quota exhaustion: junk codes use up three quarters of the hour and no more; who was signed in before still signs in', async () => {
  const known = cookieOf(await signIn(proxy.port, await github.code())).pair;
  const junk = [];
  for (let i = 0; i < 60; i += 1) {
    junk.push(await signIn(
        proxy.port, {code: `junk${String(i).padStart(16, '0')}`, code_verifier: 'v'.repeat(43)}, {'X-Forwarded-For': `198.51.100.${i}`}));
  }
  const {token} = (await github.state()).hits;
  assert.ok(token > 1 && token <= perHour * 3 / 4, `${token} codes were sent`);
  const refused = junk.filter(({code}) => code === 'rate_limited');
  assert.equal(refused.length, junk.length - (token - 1));
  for (const answer of refused) {
    assert.equal(answer.status, 429);
    assert.ok(answer.json().retry_after > 0);
    assert.equal(answer.header('retry-after'), String(answer.json().retry_after));
  }
  assert.equal((await signIn(proxy.port, await github.code())).code, 'rate_limited', 'a stranger waits');
  assert.equal(
      (await signIn(proxy.port, await github.code(), {Cookie: `${known}x`})).code, 'rate_limited', 'a forged session is a stranger\'s');
  assert.equal((await signIn(proxy.port, await github.code(), {Cookie: known})).status, 201);
});

const forged = [
  'X-Forwarded-For', 'x-forwarded-for', 'X_Forwarded_For', 'X-Forwarded_For', 'Forwarded',
  'X-Real-IP', 'X_Real_IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP',
  'X-Cluster-Client-IP', 'REMOTE_ADDR', 'Remote-Addr', 'REMOTE_PORT', 'LOCAL_ADDR',
  'X-Forwarded', 'Forwarded-For', 'X-Forwarded-Uri', 'X-Forwarded-User', 'X-Auth-Request-Email'
];
const named = [
  '203.0.113.7', '203.0.113.7, 127.0.0.1', '127.0.0.1, 203.0.113.7', '[2001:db8::7]:80', 'for=203.0.113.7;by=10.0.0.1', 'unix',
  '10.0.0.1', '', ',', '203.0.113.7\t'
];

test('forged client address: no header of a peer that is not trusted names another client', async () => {
  const alone =
      await deployment.serve(deployment.settings(github, {trusted_proxies: ['10.0.0.0/8'], log: {level: 'debug', format: 'json'}}));
  let sent = 0;
  for (const name of forged) {
    for (const value of named) {
      const answer = await signIn(alone.port, {code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)}, {[name]: value});
      assert.ok(['code_rejected', 'rate_limited'].includes(answer.code), `${name}: ${value}: ${answer.line}`);
      sent += 1;
    }
  }
  assert.equal(sent, forged.length * named.length);
  await until(() => alone.output().includes('login_failed'), 'a line of the log');
  await alone.stop();
  const lines = alone.output().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const addresses = lines.map(({address}) => address).filter(Boolean);
  assert.ok(addresses.length > 0);
  assert.deepEqual([...new Set(addresses)], ['127.0.0.1']);
  assert.ok(
      !alone.output().includes('203.0.113.7') && !alone.output().includes('2001:db8'), 'what the header said is nowhere in the log');
});
