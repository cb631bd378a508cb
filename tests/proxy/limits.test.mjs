// What one visitor, and everybody together, may ask for: the real program's limits, seen from outside.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {startUpstream} from '../attacks/upstream.mjs';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, cookieOf, fromPage, signIn} from '../wire.mjs';

let deployment;
let github;
before(async () => {
  deployment = new Deployment();
  github = await deployment.github();
});
after(() => deployment.close());

const serve = (limits, more = {}) => deployment.serve(deployment.settings(github, {limits, ...more}));
const junk = () => ({code: randomBytes(10).toString('hex'), code_verifier: 'V'.repeat(43)});
const from = (address) => ({'X-Forwarded-For': address});

function assertToldToWait(answer, {most}) {
  assert.equal(answer.status, 429);
  assert.equal(answer.code, 'rate_limited');
  const seconds = Number(answer.header('retry-after'));
  assert.ok(seconds >= 1 && seconds <= most, `Retry-After: ${seconds}`);
  assert.equal(answer.json().retry_after, seconds);
  assert.equal(answer.header('access-control-allow-origin'), origin);
  assert.equal(answer.header('access-control-allow-credentials'), 'true');
  assert.equal(answer.header('access-control-expose-headers'), 'Retry-After');
  assert.equal(answer.header('set-cookie'), undefined);
}

describe('quota exhaustion: sign-ins of one address', () => {
  // Nobody on this machine is a trusted proxy: we are strangers.
  const strangers = {trusted_proxies: []};

  test('beyond its burst an address is told to wait, in words its page can read', async () => {
    const at = await serve({logins_per_address: 3, logins_per_address_minute: 1}, strangers);
    for (let i = 0; i < 3; ++i) assert.equal((await signIn(at.port, await github.code())).status, 201);
    const {token} = (await github.state()).hits;  // not all calls: a revocation may be on its way yet
    assertToldToWait(await signIn(at.port, await github.code()), {most: 60});
    assert.equal((await github.state()).hits.token, token, 'GitHub was asked');
    assert.equal((await ask(at.port, {headers: fromPage})).status, 200, 'who is signed in is still said');
    await at.stop();
    assert.match(at.output(), / request_refused .*address=127\.0\.0\.1 .*reason=rate_limited/);
  });

  test('forged client address: what a stranger says of its address changes neither the count nor the log', async () => {
    const at = await serve({logins_per_address: 1, logins_per_address_minute: 1}, strangers);
    assert.equal((await signIn(at.port, await github.code(), from('192.0.2.1'))).status, 201);
    for (const name of ['X-Forwarded-For', 'X_Forwarded_For', 'Forwarded', 'X-Real-IP', 'REMOTE_ADDR', 'LOCAL_ADDR', 'Client-IP']) {
      const value = name === 'Forwarded' ? 'for=192.0.2.77' : '192.0.2.77';
      assertToldToWait(await signIn(at.port, junk(), {[name]: value}), {most: 60});
    }
    await at.stop();
    assert.equal(at.output().includes('192.0.2.'), false);
    assert.match(at.output(), / login_succeeded .*address=127\.0\.0\.1 /);
    assert.equal(at.output().match(/ forwarded_for_ignored /g).length, 1, 'said once');
  });

  test('forged client address: a trusted proxy names the visitor, by X-Forwarded-For alone', async () => {
    const at = await serve({logins_per_address: 1, logins_per_address_minute: 1});
    const tries = [
      [from('192.0.2.1'), 201], [from('192.0.2.1'), 429], [from('192.0.2.2'), 201],
      [from('192.0.2.3, 192.0.2.2'), 429],                          // only the last was seen by the proxy itself
      [from(['192.0.2.3', '192.0.2.2']), 429],                      // in two lines
      [from('192.0.2.2, 127.0.0.9'), 429],                          // behind a second proxy of ours
      [from('2001:db8::1'), 201], [from('[2001:db8::2]:443'), 429],  // one /64
      [{...from('192.0.2.1'), 'X_Forwarded_For': '192.0.2.9', 'Forwarded': 'for=192.0.2.9'}, 429],
      [{'X_Forwarded_For': '192.0.2.1'}, 201], [{'Forwarded': 'for=192.0.2.1'}, 201],
    ];
    for (const [headers, status] of tries) {
      assert.equal((await signIn(at.port, await github.code(), headers)).status, status, JSON.stringify(headers));
    }
    await at.stop();
    assert.match(at.output(), / login_succeeded .*address=2001:db8::1 /);
    assert.equal(at.output().includes('192.0.2.9'), false);
  });
});

describe('quota exhaustion: sign-ins of everybody', () => {
  test('a quarter of the hour is kept for who was here before; what is refused spends no code', async () => {
    const at = await serve({logins_per_hour: 8});
    const known = cookieOf(await signIn(at.port, await github.code()));
    for (let i = 1; i < 6; ++i) assert.equal((await signIn(at.port, await github.code())).status, 201);
    const exchange = await github.code();
    assertToldToWait(await signIn(at.port, exchange), {most: 3660});
    assertToldToWait(await signIn(at.port, exchange, {Cookie: `${known.pair}x`}), {most: 3660});
    assert.equal((await signIn(at.port, exchange, {Cookie: known.pair})).status, 201, 'the code was not spent');
    assert.equal((await signIn(at.port, await github.code(), {Cookie: known.pair})).status, 201);
    assertToldToWait(await signIn(at.port, await github.code(), {Cookie: known.pair}), {most: 3660});
    await at.stop();
    assert.equal(at.output().match(/ logins_near_limit /g).length, 1);
  });

  test('invented codes from many addresses stop at the cap, and who was here before signs in all the same', async () => {
    const at = await serve({logins_per_hour: 40});
    const known = cookieOf(await signIn(at.port, await github.code()));
    const tokens = async () => (await github.state()).hits.token ?? 0;
    const asked = await tokens();
    const codes = {};
    for (let i = 0; i < 200; ++i) {
      const {code} = await signIn(at.port, junk(), from(`198.51.100.${i}`));
      codes[code] = (codes[code] ?? 0) + 1;
    }
    assert.deepEqual(codes, {code_rejected: 29, rate_limited: 171});
    assert.equal(await tokens(), asked + 29);
    assert.equal((await signIn(at.port, await github.code(), {Cookie: known.pair})).status, 201);
    await at.stop();
  });
});

test('a GitHub that is gone is asked no more, told at once, and its return is noticed', async () => {
  const upstream = await startUpstream();
  const port = Number(new URL(upstream.url).port);
  const at = await deployment.serve(deployment.settings(upstream));
  assert.equal((await signIn(at.port, junk())).status, 201);
  await upstream.stop();
  for (let i = 0; i < 5; ++i) {
    const answer = await signIn(at.port, junk());
    assert.equal(answer.code, 'upstream_unreachable');
    assert.equal(answer.header('retry-after'), undefined, 'it was asked');
  }
  let told;  // unless a second has passed and it was the one to look again
  await until(async () => (told = await signIn(at.port, junk())).header('retry-after'), 'an answer without asking');
  assert.equal(told.status, 504);
  assert.equal(told.code, 'upstream_unreachable');
  assert.ok(told.json().retry_after >= 1);
  assert.equal(told.header('retry-after'), String(told.json().retry_after));
  const again = await startUpstream(port);
  await until(async () => (await signIn(at.port, junk())).status === 201, 'a sign-in after its return', 60000);
  assert.equal((await signIn(at.port, junk())).status, 201);
  await again.stop();
  await at.stop();
  assert.equal(at.output().match(/ github_gone /g).length, 1);
  assert.equal(at.output().match(/ github_back/g).length, 1);
});
