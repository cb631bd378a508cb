// Sessions carried by a key, with the real program over sockets: a whole life, wrong clocks, replicas, a rotation. And
// `jose`, which knows nothing of us, makes proofs that are taken, and names keys as we do.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {CompactEncrypt, EmbeddedJWK, SignJWT, calculateJwkThumbprint, compactDecrypt, exportJWK, generateKeyPair, jwtVerify} from 'jose';
import {createHash} from 'node:crypto';
import {keysOf} from '../../attacks/sealing.mjs';
import {Deployment} from '../../deployment.mjs';
import {until} from '../../programs.mjs';
import {Prover, fromElsewhere, nonceOf, proven, publicUrl, signInByKey} from '../../prover.mjs';
import {ask, exchangeBody, json} from '../../wire.mjs';

const deployment = new Deployment();
let github;
let proxy;
let settings;

before(async () => {
  github = await deployment.github();
  settings = deployment.settings(github, {public_url: publicUrl});
  proxy = await deployment.serve(settings);
});
after(() => deployment.close());

const claimsOf = async (session) => {
  const [{k}] = keysOf(deployment.path('keys.json'));
  return JSON.parse(new TextDecoder().decode((await compactDecrypt(session, Buffer.from(k, 'base64url'))).plaintext));
};

test('a whole life: config, sign-in, reload, sign-out, each call with a proof and none with a cookie', async () => {
  const prover = new Prover();
  const config = await ask(proxy.port, {target: '/v1/config', headers: {...fromElsewhere, 'X-Portero': undefined}});
  assert.equal(config.json().carry, 'key');
  assert.match(config.json().nonce, /^[\w-]{22}$/);
  const signedIn = await signInByKey(proxy.port, prover, config.json().nonce, await github.code());
  assert.equal(signedIn.status, 201);
  assert.deepEqual(Object.keys(signedIn.json()).sort(), ['expires_at', 'nonce', 'session', 'user', 'v']);
  const {session, nonce} = signedIn.json();
  const {cnf} = await claimsOf(session);
  assert.deepEqual(cnf, {jkt: prover.thumbprint});
  const again = await ask(proxy.port, proven(prover, {nonce, session}));
  assert.deepEqual([again.status, again.json().user.login], [200, 'ada-page']);
  assert.deepEqual(Object.keys(again.json()).sort(), ['expires_at', 'nonce', 'user', 'v']);
  const out = await ask(proxy.port, proven(prover, {method: 'DELETE', nonce, session}));
  assert.equal(out.status, 204);
  const afterwards = await ask(proxy.port, proven(prover, {nonce, session}));
  assert.deepEqual([afterwards.status, afterwards.json().reason], [200, 'none']);
  for (const answer of [config, signedIn, again, out, afterwards]) {
    assert.equal(answer.header('set-cookie'), undefined);
    assert.equal(answer.header('cache-control'), 'no-store');
    assert.equal(answer.header('access-control-allow-origin'), fromElsewhere.Origin);
  }
});

test('a sign-in whose proof is not good is refused before GitHub hears of it: its code still works', async () => {
  const prover = new Prover();
  const exchange = await github.code();
  const calls = await github.calls();
  assert.equal((await signInByKey(proxy.port, prover, 'A'.repeat(22), exchange)).code, 'use_dpop_nonce');
  assert.equal((await signInByKey(proxy.port, prover, await nonceOf(proxy.port), exchange, {DPoP: undefined})).code, 'no_session');
  assert.equal(await github.calls(), calls);
  const refused = await signInByKey(proxy.port, prover, 'A'.repeat(22), exchange);
  assert.equal(refused.status, 401);
  assert.equal(refused.header('www-authenticate'), 'DPoP error="use_dpop_nonce", algs="ES256"');
  const taken = await signInByKey(proxy.port, prover, refused.json().nonce, exchange);
  assert.equal(taken.status, 201, 'with the nonce that came with the refusal');
});

describe('jose', () => {
  let keys;
  let jwk;

  before(async () => {
    keys = await generateKeyPair('ES256', {extractable: true});
    jwk = await exportJWK(keys.publicKey);
  });

  const prove = (claims, header = {}) => new SignJWT({htu: `${publicUrl}/v1/session`, jti: 'j', ...claims})
    .setProtectedHeader({typ: 'dpop+jwt', alg: 'ES256', jwk, ...header}).setIssuedAt(claims.iat).sign(keys.privateKey);
  const ath = (session) => createHash('sha256').update(session).digest('base64url');

  async function signIn() {
    const proof = await prove({htm: 'POST', nonce: await nonceOf(proxy.port)});
    const answer = await ask(
        proxy.port, {method: 'POST', headers: {...fromElsewhere, ...json, DPoP: proof}, body: exchangeBody(await github.code())});
    assert.equal(answer.status, 201, answer.body);
    return answer.json();
  }
  const whoIs = async (session, DPoP) =>
      (await ask(proxy.port, {headers: {...fromElsewhere, Authorization: `DPoP ${session}`, DPoP}})).json();

  test('makes proofs that portero takes, and both give their key the same name', async () => {
    const {session, nonce} = await signIn();
    assert.equal((await claimsOf(session)).cnf.jkt, await calculateJwkThumbprint(jwk));
    const {user} = await whoIs(session, await prove({htm: 'GET', nonce, ath: ath(session)}));
    assert.equal(user.login, 'ada-page');
  });

  test('seals a session to the key it names, and portero takes it with that key and with no other', async () => {
    const {session, nonce} = await signIn();
    const [{kid, k}] = keysOf(deployment.path('keys.json'));
    const seal = async (jkt) => new CompactEncrypt(new TextEncoder().encode(JSON.stringify({...await claimsOf(session), cnf: {jkt}})))
      .setProtectedHeader({alg: 'dir', enc: 'A256GCM', kid, typ: 'portero+jwe'}).encrypt(Buffer.from(k, 'base64url'));
    const mine = await seal(await calculateJwkThumbprint(jwk));
    assert.equal((await whoIs(mine, await prove({htm: 'GET', nonce, ath: ath(mine)}))).user.login, 'ada-page');
    const theirs = await seal(new Prover().thumbprint);
    assert.equal((await whoIs(theirs, await prove({htm: 'GET', nonce, ath: ath(theirs)}))).code, 'no_session');
  });

  test('verifies the proofs that these tests make, by the key in their header', async () => {
    const prover = new Prover();
    const {payload, protectedHeader} =
        await jwtVerify(prover.prove({nonce: 'n', session: 's'}), EmbeddedJWK, {typ: 'dpop+jwt', algorithms: ['ES256']});
    assert.deepEqual([payload.htm, payload.htu, payload.ath], ['GET', `${publicUrl}/v1/session`, ath('s')]);
    assert.equal(await calculateJwkThumbprint(protectedHeader.jwk), prover.thumbprint);
  });

  test('may have any clock: ten years or a day off, either way', async () => {
    const {session, nonce} = await signIn();
    const day = 86400;
    for (const off of [-3650 * day, -day, day, 3650 * day]) {
      const proof = await prove({htm: 'GET', nonce, ath: ath(session), iat: Math.floor(Date.now() / 1000) + off});
      assert.equal((await whoIs(session, proof)).user?.login, 'ada-page', `${off} s`);
    }
  });
});

test('replicas with one key file take each other\'s nonces and sessions; one with its own file takes neither', async () => {
  const replica = await deployment.serve(settings);
  deployment.keygen('others.json');
  const stranger = await deployment.serve({...settings, session_keys_file: deployment.path('others.json')});
  const prover = new Prover();
  const nonce = await nonceOf(proxy.port);
  const {session} = (await signInByKey(replica.port, prover, nonce, await github.code())).json();
  assert.equal((await ask(proxy.port, proven(prover, {nonce: await nonceOf(replica.port), session}))).json().user.login, 'ada-page');
  assert.equal((await ask(stranger.port, proven(prover, {nonce, session}))).code, 'use_dpop_nonce');
  assert.equal((await ask(stranger.port, proven(prover, {nonce: await nonceOf(stranger.port), session}))).code, 'no_session');
});

test('a rotation of the keys signs nobody out and refuses no nonce', async () => {
  const prover = new Prover();
  const nonce = await nonceOf(proxy.port);
  const {session} = (await signInByKey(proxy.port, prover, nonce, await github.code())).json();
  const reloads = () => proxy.output().split('reloaded').length;
  const seen = reloads();
  deployment.keygen('keys.json', '--rotate');
  proxy.child.kill('SIGHUP');
  await until(() => reloads() > seen, 'the reload');
  assert.equal((await ask(proxy.port, proven(prover, {nonce, session}))).json().user.login, 'ada-page');
});

test('a page of another site is told cross_site_off where the operator turned it off, or named no public_url', async () => {
  const [[origin, site]] = Object.entries(settings.origins);
  for (const more of [{origins: {[origin]: {...site, cross_site: false}}}, {public_url: ''}]) {
    const off = await deployment.serve({...settings, ...more});
    const config = (await ask(off.port, {target: '/v1/config', headers: fromElsewhere})).json();
    assert.deepEqual([config.carry, config.nonce], ['off', undefined]);
    assert.equal(
        (await signInByKey(off.port, new Prover(), 'A'.repeat(22), {code: 'c', code_verifier: 'v'.repeat(43)})).code, 'cross_site_off');
    assert.equal(/public_url: is not set, so pages of other sites cannot sign in/.test(off.output()), more.public_url === '');
  }
});
