// A session is a JWE that any JOSE library reads with the key (RFC 7516): `jose`, which knows nothing of us, opens what the
// real program sealed and seals what the real program opens. What it seals otherwise is no session.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {CompactEncrypt, SignJWT, compactDecrypt, jwtDecrypt} from 'jose';
import {keysOf} from '../../attacks/sealing.mjs';
import {Deployment, origin} from '../../deployment.mjs';
import {until} from '../../programs.mjs';
import {ask, cookieOf, fromPage, signIn} from '../../wire.mjs';

const deployment = new Deployment();
let github;
let proxy;
let kid;
let key;     // 32 bytes
let cookie;  // {name, value}, as portero set it
let claims;
let header;

before(async () => {
  ({github, proxy} = await deployment.open());
  const [held] = keysOf(deployment.path('keys.json'));
  kid = held.kid;
  key = Buffer.from(held.k, 'base64url');
  header = {alg: 'dir', enc: 'A256GCM', kid, typ: 'portero+jwe'};
  cookie = cookieOf(await signIn(proxy.port, await github.code()));
  claims = JSON.parse(new TextDecoder().decode((await compactDecrypt(cookie.value, key)).plaintext));
});
after(() => deployment.close());

const seal = (what, protectedHeader = header, secret = key) =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(what))).setProtectedHeader(protectedHeader).encrypt(secret);

async function answerTo(session) {
  const answer = await ask(proxy.port, {headers: {...fromPage, Cookie: `${cookie.name}=${session}`}});
  assert.equal(answer.status, 200);
  return answer.json();
}

test('jose opens what portero sealed: header, claims and times are those of docs/protocol.md', async () => {
  const {payload, protectedHeader} = await jwtDecrypt(cookie.value, key, {
    issuer: `${github.url}/login/oauth`, audience: origin, subject: '583231', typ: 'portero+jwe',
    keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM']});
  assert.equal(JSON.stringify(protectedHeader), JSON.stringify(header));
  assert.deepEqual(Object.keys(payload).sort(), ['aud', 'auth_time', 'exp', 'iat', 'iss', 'sid', 'sub', 'user']);
  assert.match(payload.sid, /^[\w-]{22}$/);
  assert.equal(payload.exp, payload.auth_time + 7 * 24 * 3600);
  assert.equal(payload.iat, payload.auth_time);
  assert.equal(payload.user.login, 'ada-page');
  assert.equal(Buffer.from(cookie.value.split('.')[0], 'base64url').toString(), JSON.stringify(header));
});

test('portero opens what jose sealed with the same header, key and claims', async () => {
  const {user} = await answerTo(await seal(claims));
  assert.deepEqual(user, claims.user);
  const other = {...claims, sub: '42', user: {id: 42, login: 'made-by-jose', name: null}};
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const answer = await answerTo(await seal({...other, exp}));
  assert.equal(answer.user.login, 'made-by-jose');
  assert.equal(answer.expires_at, new Date(exp * 1000).toISOString().replace('.000', ''));
});

describe('what jose seals otherwise is no session, with the right key all the same:', () => {
  const headers = {
    'another way to the key (A256KW)': () => ({...header, alg: 'A256KW'}),
    'another way to the key (A256GCMKW)': () => ({...header, alg: 'A256GCMKW'}),
    'another cipher (A128CBC-HS256, whose key is as long)': () => ({...header, enc: 'A128CBC-HS256'}),
    'another type': () => ({...header, typ: 'JWT'}),
    'no type': () => ({alg: 'dir', enc: 'A256GCM', kid}),
    'no kid': () => ({alg: 'dir', enc: 'A256GCM', typ: 'portero+jwe'}),
    'a kid of nobody': () => ({...header, kid: `${kid}x`}),
    'one header more': () => ({...header, cty: 'JWT'}),
    'its headers in another order': () => ({typ: 'portero+jwe', alg: 'dir', enc: 'A256GCM', kid}),
  };
  for (const [what, make] of Object.entries(headers)) {
    test(what, async () => {
      const sealed = await seal(claims, make());
      assert.ok((await compactDecrypt(sealed, key)).plaintext.length > 0, 'jose itself opens it');
      assert.deepEqual(await answerTo(sealed), {v: 1, user: null, reason: 'none'});
    });
  }
  const changes = {
    'another audience': {aud: 'https://other.example'}, 'audiences in a list': {aud: [origin]},
    'another issuer': {iss: 'https://github.com/login/oauth'}, 'a subject that is not the user': {sub: '1'},
    'no sid': {sid: undefined}, 'an end that is no number': {exp: '9999999999'},
  };
  for (const [what, more] of Object.entries(changes)) {
    test(what, async () => assert.deepEqual(await answerTo(await seal({...claims, ...more})), {v: 1, user: null, reason: 'none'}));
  }
  test('a key of the right length that is not ours', async () =>
    assert.deepEqual(await answerTo(await seal(claims, header, Buffer.alloc(32, 7))), {v: 1, user: null, reason: 'none'}));
  test('a token that is signed, not sealed', async () => {
    const signed = await new SignJWT(claims).setProtectedHeader({alg: 'HS256', kid, typ: 'portero+jwe'}).sign(key);
    assert.deepEqual(await answerTo(signed), {v: 1, user: null, reason: 'none'});
  });
  test('one that has ended: expired, which is said of what opened only', async () =>
    assert.deepEqual(await answerTo(await seal({...claims, exp: 1})), {v: 1, user: null, reason: 'expired'}));
});

test('SIGHUP with a later session.not_before, or a shorter lifetime, ends what was sealed before', async () => {
  const settings = deployment.settings(github);
  const running = await deployment.serve(settings);
  const {name, value} = cookieOf(await signIn(running.port, await github.code()));
  const sealedEarlier = await seal({...claims, auth_time: claims.auth_time - 3600, sid: 'e'.repeat(22)});
  const whoIs = async (session) => (await ask(running.port, {headers: {...fromPage, Cookie: `${name}=${session}`}})).json();
  const reload = async (session) => {
    deployment.write(running.file.split('/').pop(), {...settings, session});
    const reloads = () => running.output().split('reloaded').length;
    const seen = reloads();
    running.child.kill('SIGHUP');
    await until(() => reloads() > seen, 'the reload');
  };
  assert.equal((await whoIs(sealedEarlier)).user.login, 'ada-page');
  const {auth_time} = claims;
  for (const session of [
    {not_before: auth_time}, {not_before: new Date(auth_time * 1000).toISOString().replace('.000', '')},
    {subjects_not_before: [`583231=${auth_time}`]}, {lifetime: '30m'}
  ]) {
    await reload(session);
    assert.deepEqual(await whoIs(sealedEarlier), {v: 1, user: null, reason: 'expired'}, JSON.stringify(session));
    assert.equal((await whoIs(value)).user.login, 'ada-page', JSON.stringify(session));
  }
  await reload({});
  assert.equal((await whoIs(sealedEarlier)).user.login, 'ada-page');
});
