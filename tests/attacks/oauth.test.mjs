// Attacks on the protocol itself: whose code it is, whose answer, and where it leads.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {readFileSync, readdirSync} from 'node:fs';
import {after, before, beforeEach, describe, test} from 'node:test';
import {load} from '../core.mjs';
import {Deployment, redirectUri} from '../deployment.mjs';
import {ask, cookieOf, exchangeBody, fromPage, json, signIn, whoIs} from '../wire.mjs';
import {granted, someone, startUpstream} from './upstream.mjs';

const deployment = new Deployment();
let github;
let proxy;
let upstream;
let beside;  // a portero whose GitHub is `upstream`
let core;
let calls;

before(async () => {
  github = await deployment.github('--redirect-uri', `${redirectUri}evil/`);
  upstream = await startUpstream();
  proxy = await deployment.serve(deployment.settings(github));
  beside = await deployment.serve(deployment.settings(upstream));
  core = await load();
});
after(async () => {
  await upstream?.stop();
  await deployment.close();
});
beforeEach(async () => {
  calls = await github.calls();
  upstream.requests.length = 0;
  upstream.say('user', {body: someone});
});

const post = (body, headers = {}) => ask(proxy.port, {method: 'POST', headers: {...fromPage, ...json, ...headers}, body});
const assertNotAsked = async () => assert.equal(await github.calls(), calls, 'GitHub was asked');

test('a plain sign-in works: what is refused below is refused for its own reason', async () => {
  const answer = await signIn(proxy.port, await github.code());
  assert.equal(answer.status, 201);
  assert.equal(await whoIs(proxy.port, cookieOf(answer).pair), 'ada-page');
});

describe('loose redirect_uri: a code minted for another address of ours', () => {
  test('a code minted for another path of ours is not taken, though its verifier is right', async () => {
    const stolen = await github.code({redirect_uri: `${redirectUri}evil/`});
    const answer = await signIn(proxy.port, stolen);
    assert.ok(answer.status >= 400 && answer.status < 500, answer.line);
    assert.match(answer.code, /^(code_rejected|redirect_uri_mismatch)$/);
    assert.equal(cookieOf(answer)?.value || undefined, undefined);
    assert.equal((await github.state()).live_tokens, 0);
  });

  test('GitHub is told exactly the pinned redirect_uri, which the page cannot choose', async () => {
    const exchange = await github.code();
    for (const more of [{redirect_uri: `${redirectUri}evil/`}, {}]) {
      await ask(beside.port, {method: 'POST', headers: {...fromPage, ...json}, body: JSON.stringify({v: 1, ...exchange, ...more})});
    }
    const sent = upstream.requests.filter(({url}) => url.endsWith('/access_token')).map(({body}) => new URLSearchParams(body));
    assert.equal(sent.length, 1, 'the body with a redirect_uri of its own was refused unsent');
    assert.deepEqual(sent[0].getAll('redirect_uri'), [redirectUri]);
    assert.deepEqual([...sent[0].keys()].sort(), ['client_id', 'client_secret', 'code', 'code_verifier', 'redirect_uri']);
  });
});

describe('code injection (RFC 9700 section 4.5): a code that another browser asked for', () => {
  test('the code of a victim with the verifier of another is rejected, and is spent', async () => {
    const {code, code_verifier} = await github.code();
    const stolen = await signIn(proxy.port, {code, code_verifier: randomBytes(32).toString('base64url')});
    assert.deepEqual([stolen.status, stolen.code], [400, 'code_rejected']);
    assert.ok(!cookieOf(stolen)?.value);
    assert.equal((await signIn(proxy.port, {code, code_verifier})).code, 'code_rejected');
  });

  const good = 'v'.repeat(43);
  const verifiers = [
    undefined, null, '', 'v', 'v'.repeat(42), 'v'.repeat(129), `${good}=`, `${good} `, `${good}\n`, `${good}\0`, `${good}+`, `${good}/`,
    `${good}%41`, `${good}é`, 7, [good], {a: good}, true
  ];
  for (const code_verifier of verifiers) {
    test(`a verifier that is none is refused before GitHub hears of it: ${JSON.stringify(code_verifier)}`, async () => {
      const answer = await post(JSON.stringify({v: 1, code: 'a'.repeat(20), code_verifier}));
      assert.equal(answer.status, 400);
      assert.match(answer.code, /^bad_(json|request)$/);
      await assertNotAsked();
    });
  }
});

describe('PKCE downgrade (RFC 9700 section 4.8): plain instead of S256', () => {
  test('the vector of RFC 7636 Appendix B comes out of the page\'s core', () => {
    const {octets, code_verifier} = JSON.parse(readFileSync('tests/vectors/pkce.json', 'utf8'));
    const entropy = new Uint8Array(64);
    entropy.set(Buffer.from(octets, 'hex'), 32);
    assert.equal(core.prepare(entropy, false).code_verifier, code_verifier);
    assert.equal(createHash('sha256').update(code_verifier).digest('base64url'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  test('5,000 prepared sign-ins: all S256, all different, never the verifier in the URL', () => {
    const settings = {client_id: 'x', authorize_url: 'https://github.com/login/oauth/authorize', redirect_uri: redirectUri, scope: ''};
    const seen = new Set();
    for (let i = 0; i < 5000; i += 1) {
      const prepared = core.prepare(randomBytes(64), false);
      const digest = createHash('sha256').update(prepared.code_verifier).digest();
      const url = new URL(core.begin(settings, {}, prepared, digest));
      assert.deepEqual(url.searchParams.getAll('code_challenge_method'), ['S256']);
      assert.deepEqual(url.searchParams.getAll('code_challenge'), [digest.toString('base64url')]);
      assert.ok(!url.href.includes(prepared.code_verifier));
      seen.add(prepared.state).add(prepared.code_verifier);
    }
    assert.equal(seen.size, 10000);
  });

  test('no built file can ask for plain', () => {
    const files = ['portero.wasm', ...readdirSync('build/site/web').filter((name) => name.endsWith('.js')).map((name) => `web/${name}`)];
    const built = files.map((file) => readFileSync(`build/site/${file}`, 'latin1')).join('\n');
    assert.match(built, /S256/);
    assert.doesNotMatch(built.replaceAll('text/plain', ''), /["'=]plain\b|challenge_method=(?!S256)/);
  });
});

describe('identity by name: an e-mail address or a login name instead of the number', () => {
  const claim = async (user) => {
    upstream.say('user', {body: typeof user === 'string' ? user : {...someone, ...user}});
    return signIn(beside.port, {code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)});
  };
  test('the same login name with another id is another subject', async () => {
    const [first, second] = [await claim({}), await claim({id: 2})];
    assert.deepEqual([first.json().user.id, second.json().user.id], [583231, 2]);
    assert.equal(first.json().user.login, second.json().user.login);
  });
  for (const email of [null, 'ada@evil.example@corp.example', '"<img>"@x', 'root', '']) {
    test(`an e-mail address changes nothing: ${JSON.stringify(email)}`, async () => {
      const answer = await claim({email});
      assert.deepEqual([answer.status, answer.json().user.id], [201, 583231]);
    });
  }
  test('nor does an address in the list that GitHub keeps of them', async () => {
    upstream.say('token', {body: {...granted, scope: 'user:email'}});
    for (const email of ['ada@evil.example@corp.example', '"<img>"@x', 'root', '']) {
      upstream.say('emails', {body: [{email, primary: true, verified: true}]});
      const answer = await claim({});
      assert.deepEqual([answer.status, answer.json().user.id, answer.json().user.email], [201, 583231, email]);
    }
    for (const body of [{}, [1], 'x', [{email: 1, primary: true, verified: true}]]) {
      upstream.say('emails', {body});
      assert.equal((await claim({})).code, 'upstream_invalid', JSON.stringify(body));
    }
    upstream.say('emails', {body: []});
    upstream.say('token', {body: granted});
  });
  for (const id of ['"583231"', '583231.0', '5.8e5', '-1', '0', '9007199254740993', '1e400', 'null', 'true', '[1]', '{"a":1}']) {
    test(`an id that is no positive number signs nobody in: ${id}`, async () => {
      const answer = await claim(JSON.stringify(someone).replace('583231', id));
      assert.deepEqual([answer.status, answer.code], [502, 'upstream_invalid']);
      assert.ok(!cookieOf(answer)?.value);
    });
  }
});

test('double submit: two posts at once of one code, one session, and GitHub judges the second use', async () => {
  for (let i = 0; i < 5; i += 1) {
    const exchange = await github.code();
    const answers = await Promise.all([signIn(proxy.port, exchange), signIn(proxy.port, exchange)]);
    assert.deepEqual(answers.map(({status}) => status).sort(), [201, 400]);
    assert.equal(answers.find(({status}) => status === 400).code, 'code_rejected');
    assert.equal(answers.filter((answer) => cookieOf(answer)?.value).length, 1);
  }
});

test('double submit: a token POST that fails half-way is never repeated by us', async () => {
  upstream.say('token', {status: 500, body: '{}'});
  try {
    const answer = await ask(
        beside.port,
        {method: 'POST', headers: {...fromPage, ...json}, body: exchangeBody({code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)})});
    assert.equal(answer.code, 'upstream_refused');
    assert.equal(upstream.requests.length, 1);
  } finally {
    upstream.say('token', {body: granted});
  }
});
