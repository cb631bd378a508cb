// A session bound to a key, without a browser: what the page sends, when it asks again, and what it forgets. jose, a
// library of its own, reads the proofs.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {beforeEach, describe, test} from 'node:test';
import {EmbeddedJWK, calculateJwkThumbprint, jwtVerify} from 'jose';
import {signInError} from '../../web/error.js';
import {keyed} from '../../web/key.js';
import {within} from '../../web/within.js';
import './fakes/web_crypto.mjs';

const proxy = 'https://auth.example';
const body = {v: 1, code: 'c', code_verifier: 'v'};
const user = {id: 1, login: 'ada'};
const session = 'sealed.by.the.proxy';

let calls;
let replies;

/** The proxy: answers what `replies` holds, and keeps what it was asked. */
const call = async (...asked) => {
  calls.push(asked);
  const reply = replies.shift();
  if (reply instanceof Error) throw reply;
  return reply;
};

const proofOf = ([, , , , {headers}]) => jwtVerify(headers.DPoP, EmbeddedJWK, {typ: 'dpop+jwt', algorithms: ['ES256']});

let site = 0;
let ask;
beforeEach(() => {
  calls = [];
  replies = [];
  ask = keyed(`${proxy}/${site += 1}`, {nonce: 'first'}, call, within); // what one test keeps is not the next one's
});

const signIn = async () => {
  replies.push({v: 1, user, session, nonce: 'second'});
  return ask('POST', body);
};

describe('A sign-in', () => {
  test('carries a proof for that one call, by a key the page cannot give away', async () => {
    await signIn();
    const [[asked, path, method, sent, {credentials, headers}]] = calls;
    assert.deepEqual([asked, path, method, sent, credentials], [`${proxy}/${site}`, 'session', 'POST', body, 'omit']);
    assert.equal(headers.Authorization, undefined);
    const {payload, protectedHeader} = await proofOf(calls[0]);
    assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'jwk', 'typ']);
    assert.deepEqual(Object.keys(protectedHeader.jwk).sort(), ['crv', 'kty', 'x', 'y']);
    const {htm, htu, nonce, jti, iat, ...rest} = payload;
    assert.deepEqual([htm, htu, nonce], ['POST', `${proxy}/${site}/v1/session`, 'first']);
    assert.match(jti, /^[\w-]{22}$/);
    assert.ok(Number.isInteger(iat));
    assert.deepEqual(rest, {});
  });

  test('makes a key of its own each time', async () => {
    await signIn();
    await signIn();
    const [one, other] = await Promise.all(calls.map(async (made) => calculateJwkThumbprint((await proofOf(made)).protectedHeader.jwk)));
    assert.notEqual(one, other);
  });

  test('that is refused keeps nothing, and says why', async () => {
    replies.push(signInError('code_rejected'));
    await assert.rejects(ask('POST', body), {code: 'code_rejected'});
    assert.deepEqual(await ask(), {user: null});
    assert.equal(calls.length, 1);
  });
});

describe('Afterwards', () => {
  test('each call carries the session and a proof that names it, with the newest nonce', async () => {
    await signIn();
    replies.push({v: 1, user, nonce: 'third'}, null);
    assert.deepEqual((await ask()).user, user);
    await ask('DELETE');
    const [, got, ended] = calls;
    for (const [made, method, nonce] of [[got, 'GET', 'second'], [ended, 'DELETE', 'third']]) {
      assert.equal(made[4].headers.Authorization, `DPoP ${session}`);
      const {payload} = await proofOf(made);
      assert.deepEqual([payload.htm, payload.nonce], [method, nonce]);
      assert.equal(payload.ath, createHash('sha256').update(session).digest('base64url'));
    }
  });

  test('no two proofs are alike', async () => {
    await signIn();
    replies.push({user}, {user});
    await ask();
    await ask();
    const made = await Promise.all(calls.map(async (one) => (await proofOf(one)).payload.jti));
    assert.equal(new Set(made).size, 3);
  });

  test('a session that the proxy renewed is the one that is kept', async () => {
    await signIn();
    replies.push({user, session: 'renewed'}, {user});
    await ask();
    await ask();
    assert.equal(calls[2][4].headers.Authorization, 'DPoP renewed');
  });

  test('nobody is asked about nobody', async () => {
    assert.deepEqual(await ask(), {user: null});
    assert.deepEqual(calls, []);
  });
});

describe('An old nonce', () => {
  test('is replaced from the config, past every cache, and the call made once more', async () => {
    replies.push(signInError('use_dpop_nonce'), {nonce: 'fresh'}, {user, session});
    await ask('POST', body);
    assert.deepEqual(calls[1], [`${proxy}/${site}`, 'config', 'GET', undefined, {cache: 'reload'}]);
    assert.equal((await proofOf(calls[2])).payload.nonce, 'fresh');
    assert.equal(calls.length, 3);
  });

  test('that stays old is an error, not a loop', async () => {
    replies.push(signInError('use_dpop_nonce'), {nonce: 'fresh'}, signInError('use_dpop_nonce'));
    await assert.rejects(ask('POST', body), {code: 'use_dpop_nonce'});
    assert.equal(calls.length, 3);
  });
});

describe('What is forgotten', () => {
  const ends = [
    ['a session that has expired', {user: null, reason: 'expired'}],
    ['a session the proxy does not know', {user: null, reason: 'none'}],
    ['a session that no longer fits the key', signInError('no_session')],
  ];
  for (const [what, reply] of ends) {
    test(`${what}: nobody is signed in, and it is not shown again`, async () => {
      await signIn();
      replies.push(reply);
      assert.equal((await ask()).user, null);
      assert.deepEqual(await ask(), {user: null});
      assert.equal(calls.length, 2);
    });
  }

  test('a session signed out of, even where the proxy cannot be told', async () => {
    await signIn();
    replies.push(signInError('proxy_unreachable'));
    await ask('DELETE');
    assert.deepEqual(await ask(), {user: null});
  });

  test('nothing, while the proxy cannot be reached', async () => {
    await signIn();
    replies.push(signInError('proxy_unreachable'), {user});
    await assert.rejects(ask(), {code: 'proxy_unreachable'});
    assert.deepEqual((await ask()).user, user);
  });
});
