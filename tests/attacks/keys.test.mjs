// Attacks on a session that a page of another site carries by a key: stolen without the key, proven for something else,
// forged. The corpus is tests/vectors/proofs.json; a forgery is told one of two bodies, and the reason is in the log alone.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {Prover, fromElsewhere, nonceOf, proven, publicUrl, signInByKey} from '../prover.mjs';
import {ask, cookieOf, exchangeBody, fromPage, json, signIn, whoIs} from '../wire.mjs';
import {keysOf, open, seal} from './sealing.mjs';

const deployment = new Deployment();
const victim = new Prover();
const thief = new Prover();
let github;
let proxy;
let key;
let nonce;
let session;  // Ada's, bound to the victim's key

before(async () => {
  ({github, proxy} = await deployment.open({public_url: publicUrl}));
  [key] = keysOf(deployment.path('keys.json'));
  nonce = await nonceOf(proxy.port);
  ({session} = (await signInByKey(proxy.port, victim, nonce, await github.code())).json());
});
after(() => deployment.close());

const withProof = (DPoP, what = session, more = {}) =>
    ask(proxy.port, {headers: {...fromElsewhere, Authorization: `DPoP ${what}`, DPoP, ...more}});
const codeOf = async (answer) => (await answer).code ?? String((await answer).status);

test('the victim is who she is: what is refused below could be accepted', async () => {
  assert.equal((await ask(proxy.port, proven(victim, {nonce, session}))).json().user.login, 'ada-page');
});

describe('stolen session: from a page of another site', () => {
  test('a session without its key: with no proof, with the thief\'s own, as a bearer, as a cookie', async () => {
    assert.equal(await codeOf(withProof(undefined)), 'no_session');
    assert.equal(await codeOf(ask(proxy.port, proven(thief, {nonce, session}))), 'no_session');
    assert.equal(await codeOf(ask(proxy.port, {headers: {...fromElsewhere, Authorization: `Bearer ${session}`}})), 'no_session');
    const {name} = cookieOf(await signIn(proxy.port, await github.code()));
    assert.equal(await whoIs(proxy.port, `${name}=${session}`), null);
  });
  test('a cookie\'s session, stolen, is none for a key', async () => {
    const {value} = cookieOf(await signIn(proxy.port, await github.code()));
    assert.equal(await codeOf(ask(proxy.port, proven(thief, {nonce, session: value}))), 'no_session');
  });
  test('a proof overheard is for its method, address and session alone', async () => {
    const proof = victim.prove({nonce, session});
    assert.equal(
        await codeOf(ask(proxy.port, {method: 'DELETE', headers: {...fromElsewhere, Authorization: `DPoP ${session}`, DPoP: proof}})),
        'no_session');
    const {session: second} = (await signInByKey(proxy.port, victim, nonce, await github.code())).json();
    assert.equal(await codeOf(withProof(proof, second)), 'no_session');
    const exchange = exchangeBody(await github.code());
    assert.equal(
        await codeOf(ask(proxy.port, {method: 'POST', headers: {...fromElsewhere, ...json, DPoP: proof}, body: exchange})), 'no_session');
  });
  test('the proof of a sign-in opens no session, with or without one beside it', async () => {
    assert.equal(await codeOf(withProof(victim.prove({method: 'POST', nonce}))), 'no_session');
    assert.equal(await codeOf(withProof(victim.prove({nonce}))), 'no_session');
  });
  test('stolen session: a key changed after the sign-in, by whoever could write to the page\'s storage, is refused', async () => {
    for (const method of ['GET', 'DELETE']) {
      assert.equal(await codeOf(ask(proxy.port, proven(thief, {method, nonce, session}))), 'no_session');
    }
    assert.equal((await ask(proxy.port, proven(victim, {nonce, session}))).json().user.login, 'ada-page');
  });
  test('a login finished with a thief\'s key is the thief\'s, and no session of the victim\'s', async () => {
    const answer = (await signInByKey(proxy.port, thief, nonce, await github.code({user: '1'}), {Authorization: `DPoP ${session}`})).json();
    assert.deepEqual([answer.user.login, open(answer.session, key).cnf.jkt], ['nameless', thief.thumbprint]);
  });
  for (const [what, cnf] of Object.entries({
    'no cnf': undefined,
    'an empty cnf': {},
    'an empty jkt': {jkt: ''},
    'a jkt that is a number': {jkt: 1},
    'a jkt in a list': {jkt: [victim.thumbprint]},
    'the key itself': {jwk: victim.jwk},
    'two kinds': {'jkt': victim.thumbprint, 'x5t#S256': 'x'},
    'a cnf that is text': victim.thumbprint
  })) {
    test(`stolen session: a session with ${what}, though sealed with our key, is none for a key`, async () => {
      const sealed = seal({...open(session, key), cnf}, key);
      assert.equal(await codeOf(ask(proxy.port, proven(victim, {nonce, session: sealed}))), 'no_session');
    });
  }
});

describe('forgery: proofs', () => {
  const corpus = JSON.parse(readFileSync('tests/vectors/proofs.json', 'utf8'));
  /** A page that calls this proxy by another name is no forger: it is told so. */
  const isOtherName = ({fault, claims}) => fault === 'url' && /^https:\/\/[\w.:]+\/v1\/session$/.test(claims.htu);
  const expected = (line) =>
    ({none: '200', nonce: 'use_dpop_nonce'}[line.fault] ?? (isOtherName(line) ? 'proxy_misconfigured' : 'no_session'));

  for (const fault of [...new Set(corpus.map((line) => line.fault))]) {
    const lines = corpus.filter((line) => line.fault === fault);
    test(`${lines.length} proofs of the corpus: ${fault}`, async () => {
      for (const line of lines) {
        const answer = await withProof(victim.prove({nonce, session}, line));
        assert.equal(answer.code ?? String(answer.status), expected(line), line.what);
        if (fault !== 'none') assert.equal(answer.status, isOtherName(line) ? 502 : 401);
      }
    });
  }
  test('the corpus holds at least 170 proofs', () => assert.ok(corpus.length >= 170));

  test('every refusal is one of two bodies, whatever was wrong; but for a proof for this call of another proxy', async () => {
    const bodies = new Set();
    for (const line of corpus.filter((one) => one.fault !== 'none' && !isOtherName(one))) {
      bodies.add((await withProof(victim.prove({nonce, session}, line))).body);
    }
    bodies.add((await withProof(victim.prove({nonce, session: `${session}A`}), `${session}A`)).body);
    bodies.add((await ask(proxy.port, proven(thief, {nonce, session}))).body);
    assert.deepEqual([...bodies].map((body) => JSON.parse(body).code).sort(), ['no_session', 'use_dpop_nonce']);
  });

  test('the twin of a signature (r, n - s) is as good and brings nothing: it proves the same call by the same key', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const [header, payload, signature] = victim.prove({nonce, session}).split('.');
    const raw = Buffer.from(signature, 'base64url');
    const s = order - BigInt(`0x${raw.subarray(32).toString('hex')}`);
    const twin = Buffer.concat([raw.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64url');
    assert.equal((await withProof([header, payload, twin].join('.'))).json().user.login, 'ada-page');
    assert.equal(await codeOf(withProof([header, payload, twin].join('.'), `${session}A`)), 'no_session');
  });

  test('two proofs, an empty one, one with a percent or a control byte are refused as a whole', async () => {
    const proof = victim.prove({nonce, session});
    for (const DPoP of [[proof, proof], '', `${proof}%41`, `${proof}\t.`, `${proof}\x7f`]) {
      assert.equal(await codeOf(withProof(DPoP)), 'bad_request');
    }
    assert.equal(
        await codeOf(ask(proxy.port, {headers: {...fromElsewhere, Authorization: [`DPoP ${session}`, `DPoP ${session}`], DPoP: proof}})),
        'bad_request');
  });

  test('the longest session and the longest proof fit, and are read', async () => {
    const sealed = 'A'.repeat(4096);
    const long = {claims: {padding: 'x'.repeat(2480)}};
    assert.ok(victim.prove({nonce, session: sealed}, long).length > 3800);
    assert.equal(await codeOf(withProof(victim.prove({nonce, session: sealed}, long), sealed)), 'no_session');
    assert.equal(await codeOf(withProof(victim.prove({nonce, session}, long))), '200');
    assert.equal(await codeOf(withProof('A'.repeat(16384))), 'headers_too_large');
  });
});

test('token leak: no session, proof or key of all this is in the log; the reasons are', () => {
  const log = proxy.output();
  for (const secret of [session, session.slice(-40), victim.jwk.x, victim.jwk.y, victim.thumbprint, nonce]) {
    assert.ok(!log.includes(secret));
  }
  assert.ok(!/[\w-]{40,}\.[\w-]*\.[\w-]{40,}/.test(log), 'nothing that looks like a proof or a session');
  for (const reason of ['absent', 'form', 'header', 'key', 'signature', 'claims', 'method', 'url', 'session']) {
    assert.match(log, new RegExp(`proof_refused .*reason=${reason}\\b`));
  }
});
