// Canaries: a client secret, codes, verifiers, GitHub's tokens, sealing keys and sessions that can be recognised, through
// everything an operator and a visitor can make portero do. Every byte it then sent, logged, exported or printed, and
// what the system shows of its processes, is searched for each of them, in every writing.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {appendFileSync, readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {sleep, until} from '../programs.mjs';
import {Prover, fromElsewhere, nonceOf, proven, publicUrl} from '../prover.mjs';
import {ask, converse, cookieOf, exchangeBody, fromPage, json, readAnswers, signIn, writeRequest} from '../wire.mjs';
import {search, startRelay, writings} from './canaries.mjs';
import {keysOf} from './sealing.mjs';

const canary = (what) => `canary-${what}-${randomBytes(18).toString('base64url')}`;
const clientSecret = canary('secret');
const secondSecret = canary('second');
const deployment = new Deployment({secret: clientSecret});
const secrets = [['the client secret', clientSecret], ['the second client secret', secondSecret]];
const shown = [];  // [where, bytes]
let github;
let relay;

before(async () => {
  github = await deployment.github('--faults', '--expiring-tokens', '--client-secret', clientSecret);
  relay = await startRelay(Number(new URL(github.faultUrl).port));
});
after(async () => {
  await relay?.stop();
  await deployment.close();
});

const random = (size) => randomBytes(size).toString('base64url').slice(0, size);
const show = (where, bytes) => shown.push([where, bytes]);
const settings = (more) => deployment.settings(relay, {session: {idle: '1h'}, ...more});

function showProcess(where, {pid}) {
  for (const name of ['cmdline', 'environ', 'comm', 'status']) {
    try {
      show(`${where}: /proc/PID/${name}`, readFileSync(`/proc/${pid}/${name}`, 'latin1'));
    } catch (error) {
      assert.equal(error.code, 'EACCES');  // a process that cannot be looked into shows nothing
    }
  }
}

/** What came back, without the one place where the session belongs. */
function showAnswer(where, text) {
  for (const answer of readAnswers(text)) {
    const cookie = cookieOf(answer);
    if (cookie?.value) {
      assert.ok([200, 201].includes(answer.status), where);
      secrets.push(...cookie.value.split('.').slice(2).map((part) => ['a session', part]).filter(([, part]) => part.length >= kShortest));
    }
    const carried = /"session":"([^"]+)"/.exec(answer.body)?.[1];
    if (carried) secrets.push(...carried.split('.').slice(2).map((part) => ['a session', part]));
    const shownText = cookie ? text.replace(`Set-Cookie: ${cookie.pair}`, 'Set-Cookie: ') : text;
    show(where, carried ? shownText.replace(carried, '') : shownText);
  }
}
const kShortest = 16;

async function speak(where, port, request) {
  const {text} = await converse(port, writeRequest(request), {ends: false});
  showAnswer(where, text);
  return readAnswers(text)[0];
}

async function login(where, port, {headers, ...more} = {}) {
  const exchange = {...await github.code(), ...more};
  secrets.push(['a code', exchange.code], ['a verifier', exchange.code_verifier]);
  return speak(where, port, {method: 'POST', headers: {...fromPage, ...json, ...headers}, body: exchangeBody(exchange)});
}

const faults = [
  'wrong_content_type', 'deep_json', 'html_200', 'json_error_200', 'empty_json', 'empty_body', 'json_array',
  'json_null', 'bad_json', 'bad_utf8', 'mistyped', 'redirect_302', 'unauthorized_401', 'forbidden_403',
  'not_found_404', 'error_500', 'error_503', 'close_at_once', 'reset', 'garbage', 'many_interim',
  'reason_50k', 'headers_64k', 'length_garbage', 'length_short', 'chunk_garbage', 'truncated_chunk', 'gzip_body'
];

const pauses = ['rate_limited_403', 'rate_limited_429'];  // after which nobody signs in for a while

/**
 * Requests that are refused, each with the secrets where they do not belong. Origin and Host are left alone: the log of
 * an origin that is refused quotes both on purpose, and no browser puts a secret there.
 */
function misuse(cookie, {code, code_verifier}) {
  const body = exchangeBody({code, code_verifier});
  const secretly = {
    'Authorization': `Bearer ${clientSecret}`,
    'DPoP': code_verifier,
    'User-Agent': code,
    'Referer': `https://x.example/?code=${code}`,
    'X-Request-Id': code,
    'Cookie': cookie
  };
  const post = (headers, more = {}) => ({method: 'POST', body, headers: {...fromPage, ...json, ...secretly, ...headers}, ...more});
  return [
    post({Origin: 'https://evil.example'}),
    post({Origin: undefined}),
    post({'X-Portero': undefined}),
    post({'X-Portero': code}),
    post({'Content-Type': 'text/plain'}),
    post({'Content-Type': `application/json; charset=${code}`}),
    post({'Content-Encoding': code}),
    post({'Transfer-Encoding': 'chunked'}),
    post({'Sec-Fetch-Site': code_verifier}),
    post({}, {target: `/v1/session?code=${code}`}),
    post({}, {target: `/v1/${code}`}),
    post({}, {target: `/${code_verifier}`}),
    post({}, {method: 'PUT'}),
    post({}, {method: code}),
    post({}, {body: `${body}x`}),
    post({}, {body: body.replace('{', `{"${code}":1,`)}),
    post({}, {body: body.replace('"v":1', `"v":"${code}"`)}),
    post({}, {body: `"${code_verifier}"`}),
    post({}, {body: exchangeBody({code: `${code} `, code_verifier})}),
    post({}, {body: exchangeBody({code, code_verifier: `${code_verifier}=`})}),
    post({}, {body: body.padEnd(5000)}),
    post({'Access-Control-Request-Method': code}, {method: 'OPTIONS', body: ''}),
    {target: `/?code=${code}`, headers: secretly},
    {headers: {...fromPage, Cookie: `${cookie}; ${cookie}`}},
    {headers: {...fromPage, Cookie: `${cookie}x`}},
    {headers: {...fromPage, Cookie: `x=${code}; ${cookie}`}},
    {target: `/v1/config?${code}`, headers: {...fromPage, ...secretly}},
    {target: '/healthz', headers: secretly},
    {target: '/metrics', headers: secretly},
  ];
}

for (const format of ['human', 'json']) {
  test(`token leak: everything a visitor can provoke is provoked, and written down (log ${format})`, async () => {
    const portero = await deployment.serve(settings({log: {level: 'debug', format}}));
    secrets.push(
        ...keysOf(deployment.path('keys.json')).flatMap(({k}) => [['a sealing key', k], ['a sealing key', Buffer.from(k, 'base64url')]]));
    showProcess('serving', portero);
    const first = await login('a good login', portero.port);
    assert.equal(first.status, 201);
    const cookie = cookieOf(first).pair;
    for (const target of ['/v1/session', '/v1/config', '/healthz', '/readyz']) {
      await speak(target, portero.port, {target, headers: {...fromPage, Cookie: cookie}});
    }
    const codes = new Set();
    for (const at of ['token', 'user', 'revoke']) {
      for (const fault of faults) {
        await github.fault(at, fault, 3);
        const {code} = await login(`${fault} at ${at}`, portero.port);
        codes.add(code);
        await github.fault(at, fault, 0);
        await login('and a good one', portero.port);  // or GitHub would count as dead after five
      }
    }
    for (const code of ['code_rejected']) {
      assert.equal((await login('a bad verifier', portero.port, {code_verifier: random(43)})).code, code);
    }
    assert.equal((await login('a bad code', portero.port, {code: canary('code').slice(0, 40)})).code, 'code_rejected');
    const exchange = {code: canary('code').slice(0, 40), code_verifier: random(64)};
    secrets.push(['a code', exchange.code], ['a verifier', exchange.code_verifier]);
    for (const request of misuse(cookie, exchange)) {
      codes.add((await speak(`${request.method ?? 'GET'} ${request.target ?? ''}`, portero.port, request)).code);
    }
    await speak('signing out', portero.port, {method: 'DELETE', headers: {...fromPage, Cookie: cookie}});
    for (const code of [
      'upstream_invalid', 'upstream_refused', 'upstream_unreachable', 'bad_json', 'bad_request', 'origin_refused',
      'header_missing', 'too_large'
    ]) {
      assert.ok(codes.has(code), `${code} was not provoked, only ${[...codes]}`);
    }
    showProcess('after all that', portero);
    portero.child.kill('SIGHUP');
    await login('after SIGHUP', portero.port);
    const good = readFileSync(deployment.path('keys.json'), 'utf8');
    appendFileSync(deployment.path('keys.json'), `{"k":"${clientSecret}`);
    portero.child.kill('SIGHUP');
    await login('with a broken key file', portero.port);
    await sleep(300);
    deployment.write('keys.json', good);
    portero.child.kill('SIGHUP');
    await login('and a good one again', portero.port);
    for (const fault of pauses) {
      await github.fault('user', fault);
      codes.add((await login(`${fault} at user`, portero.port)).code);
    }
    await github.fault('token', pauses[format.length % 2]);
    for (let i = 0; i < 2; i += 1) assert.equal((await login('GitHub wants a pause', portero.port)).code, 'upstream_rate_limited');
    await until(async () => (await github.state()).hits.revoke >= 3, 'revocations');
    assert.equal(await portero.stop(), 0);
    show(`log ${format}`, portero.output());
    assert.match(portero.output(), /login_failed/);
  });
}

test('secret leak: everything an operator can get wrong is got wrong, and written down', () => {
  const run = (what, ...args) => {
    const {status, stdout, stderr} = deployment.run(...args);
    show(what, stdout + stderr);
    assert.ok(what.startsWith('keygen') || stdout + stderr, `${what} says nothing`);
    return status;
  };
  // Not by the relay: it lives in this process, which now waits for that one.
  const file = (more) => deployment.write('wrong.json', {...deployment.settings(github), ...more});
  assert.equal(run('check', 'check', '--settings', file({})), 0);
  assert.equal(run('--help', '--help'), 0);
  assert.equal(run('serve --help', 'serve', '--help'), 0);
  const keys = JSON.stringify(JSON.parse(readFileSync(deployment.path('keys.json'), 'utf8')));
  const wrong = [
    ['a secret file that others can read', {client_secret_file: deployment.write('loose', clientSecret, 0o644)}],
    ['a secret in the settings file', {client_secret: clientSecret}],
    ['a secret under a wrong name', {client_secrets: clientSecret}],
    ['a secret instead of its file', {client_secret_file: clientSecret}],
    ['a secret instead of an origin', {origins: {[clientSecret]: {redirect_uri: `${origin}/`}}}],
    ['a secret of two lines', {client_secret_file: deployment.write('lines', `${clientSecret}\n${secondSecret}\n`)}],
    ['a secret with a NUL', {client_secret_file: deployment.write('nul', `${clientSecret}\0${secondSecret}`)}],
    ['an empty secret', {client_secret_file: deployment.write('empty', '')}],
    ['keys that others can read', {session_keys_file: deployment.write('loose.json', keys, 0o644)}],
    ['keys that are cut', {session_keys_file: deployment.write('cut.json', keys.slice(0, -20))}],
    ['keys that are short', {session_keys_file: deployment.write('short.json', keys.replace(/("k":"[^"]{20})[^"]*/, '$1'))}],
    ['keys that are the secret', {session_keys_file: deployment.path('secret')}],
    ['keys of another type', {session_keys_file: deployment.write('typed.json', keys.replace(/"kid":"[^"]*"/, '"kid":7'))}],
    ['a page whose folder holds the secret', {static_dir: deployment.directory}],
    ['a wrong secret', {client_secret_file: deployment.write('other', secondSecret)}],
    ['a GitHub that is not there', {github: {url: 'http://127.0.0.1:9', api_url: 'http://127.0.0.1:9'}}],
  ];
  for (const [what, more] of wrong) {
    // These two are where an operator's own words must be repeated to be of use, and they are no secret's place.
    if (what === 'a secret instead of its file' || what === 'a secret instead of an origin') continue;
    const checked = run(`check: ${what}`, 'check', '--settings', file(more));
    if (!more.static_dir) assert.notEqual(checked, 0, what);
    if (!/wrong secret|not there/.test(what)) assert.notEqual(run(`serve: ${what}`, 'serve', '--settings', file(more)), 0, what);
  }
  const text = readFileSync(file({client_secret: clientSecret}), 'utf8');
  for (const [what, broken] of [
    ['cut', text.slice(0, -9)], ['a comma too many', text.replace('}', ',}')],
    ['a quote too few', text.replace(`${clientSecret}"`, clientSecret)], ['no JSON', clientSecret]
  ]) {
    assert.notEqual(run(`settings: ${what}`, 'check', '--settings', deployment.write('broken.json', broken)), 0);
  }
  for (const args of [[`--client-secret=${clientSecret}`], ['--client-secret', clientSecret], [clientSecret], ['serve', clientSecret]]) {
    assert.notEqual(run(`argv: ${args.length}`, ...args), 0);
  }
  assert.equal(run('keygen', 'keygen', deployment.path('new.json')), 0);
  assert.equal(run('keygen --rotate', 'keygen', deployment.path('new.json'), '--rotate'), 0);
  secrets.push(
      ...keysOf(deployment.path('new.json')).flatMap(({k}) => [['a sealing key', k], ['a sealing key', Buffer.from(k, 'base64url')]]));
});

test('secret leak: a secret that comes by the environment is gone from it, whatever the program does', async () => {
  const {client_secret_file: _, ...rest} = settings();
  const portero = await deployment.serve(rest, {env: {PORTERO_CLIENT_SECRET: clientSecret}});
  showProcess('secret by environment', portero);
  assert.equal((await login('with the secret of the environment', portero.port)).status, 201);
  showProcess('secret by environment, later', portero);
  assert.equal(await portero.stop(), 0);
  show('log: secret by environment', portero.output());
});

test('token leak: a page of another site signs in by its key, and everything is done wrong with its session and its proofs', async () => {
  const portero = await deployment.serve(settings({public_url: publicUrl, log: {level: 'debug'}}));
  const [prover, thief] = [new Prover(), new Prover()];
  const nonce = await nonceOf(portero.port);
  const proofs = [];
  const call = async (where, {headers, ...more}) => {
    if (headers.DPoP) proofs.push(headers.DPoP);
    return speak(where, portero.port, {headers, ...more});
  };
  const post = async (where, more, exchange) => {
    secrets.push(['a code', exchange.code], ['a verifier', exchange.code_verifier]);
    return call(where, {
      method: 'POST',
      body: exchangeBody(exchange),
      headers: {...fromElsewhere, ...json, DPoP: prover.prove({method: 'POST', nonce}), ...more}
    });
  };
  const {session} = (await post('a login by key', {}, await github.code())).json();
  for (const [where, request, status] of [
    ['who is it', proven(prover, {nonce, session}), 200],
    ['a thief', proven(thief, {nonce, session}), 401],
    ['an old nonce', proven(prover, {nonce: 'old', session}), 401],
    ['no proof', proven(prover, {nonce, session}, {DPoP: undefined}), 401],
    ['a bearer', proven(prover, {nonce, session}, {Authorization: `Bearer ${session}`}), 401],
    ['a session for a proof', proven(prover, {nonce, session}, {DPoP: session}), 401],
    ['a proof for a session', proven(prover, {nonce, session}, {Authorization: `DPoP ${thief.prove({nonce, session})}`}), 401],
    ['a percent', proven(prover, {nonce, session}, {Authorization: `DPoP ${session}%`}), 400],
    ['a session for a cookie', {headers: {...fromPage, Cookie: `x=${session}`}}, 200],
    ['a session for a page', {headers: {...fromElsewhere, 'X-Portero': session}}, 403],
    ['a session for a type',
      {method: 'POST', headers: {...fromElsewhere, 'Content-Type': session, 'DPoP': prover.prove({method: 'POST', nonce})}}, 415],
    ['signing out', proven(prover, {method: 'DELETE', nonce, session}), 204],
    ['and again', proven(prover, {nonce, session}), 200]
  ]) {
    assert.equal((await call(where, request)).status, status, where);
  }
  for (const [where, more] of [
    ['a login without a proof', {DPoP: undefined}], ['a login with another\'s', {DPoP: thief.prove({method: 'GET', nonce})}],
    ['a login that is not JSON', {'Content-Type': 'text/plain'}]
  ]) {
    assert.notEqual((await post(where, more, await github.code())).status, 201, where);
  }
  showProcess('by key', portero);
  assert.equal(await portero.stop(), 0);
  show('log: by key', portero.output());
  assert.match(portero.output(), /proof_refused/);
  secrets.push(
      ...proofs.map((proof) => proof.split('.').at(-1)).filter((part) => part.length >= kShortest).map((part) => ['a proof', part]));
});

test('token leak: metrics count all this and name none of it', async () => {
  const internal = deployment.path('internal.sock');
  const portero = await deployment.serve(settings({internal_listen: `unix:${internal}`}));
  await login('before metrics', portero.port);
  await login('before metrics', portero.port, {code_verifier: random(43)});
  const {text} = await converse(internal, writeRequest({target: '/metrics'}), {ends: false});
  assert.match(text, /^portero_logins_total\{.*code_rejected.*\} 1$/m);
  show('metrics', text);
  await portero.stop();
});

describe('what was written down', () => {
  test('token leak: the search finds a secret that is there, in every writing and at every place', () => {
    const [, secret] = secrets[0];
    const noise = randomBytes(300).toString('hex');
    for (const text of writings(secret)) assert.deepEqual(search(`${noise}${text}${noise}`, secrets.slice(0, 1)), ['the client secret']);
    for (const shift of ['', 'a', 'ab', 'abc']) {
      for (const alphabet of ['base64', 'base64url', 'hex']) {
        assert.equal(
            search(Buffer.from(`${shift}${secret}${shift}`).toString(alphabet), secrets.slice(0, 1)).length, 1, `${alphabet} ${shift}`);
      }
    }
    assert.deepEqual(search(noise, secrets), []);
  });

  test('token leak: the secrets were really in use: GitHub was told them, or told us', () => {
    const said = relay.said();
    const tokens = [...said.matchAll(/"(access|refresh)_token":"(gh[a-z]_\w{20,})"/g)].map(
        ([, kind, token]) => [kind === 'access' ? 'an access token' : 'a refresh token', token]);
    secrets.push(...tokens);
    assert.ok(tokens.length > 60, `${tokens.length} tokens`);
    for (const what of ['the client secret', 'a code', 'a verifier', 'an access token', 'a refresh token']) {
      assert.ok(secrets.some(([name, secret]) => name === what && said.includes(secret)), what);
    }
    for (const what of ['a session', 'a sealing key']) assert.ok(secrets.some(([name]) => name === what), what);
  });

  test('token leak, secret leak: none of it was sent, logged, exported or printed, nor is it in arguments or environment', () => {
    assert.ok(shown.length > 200, `${shown.length} streams`);
    const grams = new Set();  // every twelve bytes of it all: what is not among them need not be looked for
    for (const [, stream] of shown) for (let at = 0; at + 12 <= stream.length; at += 1) grams.add(stream.slice(at, at + 12));
    const suspects = secrets.filter(([, secret]) => writings(secret).some((text) => text.length < 12 || grams.has(text.slice(0, 12))));
    const found = shown.flatMap(([where, stream]) => search(stream, suspects).map((name) => `${where}: ${name}`));
    assert.deepEqual([...new Set(found)], []);
  });
});
