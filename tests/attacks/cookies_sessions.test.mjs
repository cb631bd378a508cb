// Attacks on the session: planted, tossed, forged, replayed, taken elsewhere. What is refused is treated as no session at
// all: 200 with no user, and always the same bytes.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {ask, askInTurn, cookieOf, exchangeBody, fromPage, json, signIn, whoIs} from '../wire.mjs';
import {goodHeader, keysOf, open, seal} from './sealing.mjs';

const deployment = new Deployment();
const other = 'https://other.example';
let github;
let proxy;
let key;
let name;
let victim;    // Ada's cookie value
let attacker;  // somebody else's
let claims;

before(async () => {
  const origins = {[origin]: {redirect_uri: `${origin}/`}, [other]: {redirect_uri: `${other}/`}};
  ({github, proxy} = await deployment.open({origins}, '--redirect-uri', `${other}/`));
  [key] = keysOf(deployment.path('keys.json'));
  ({name, value: victim} = cookieOf(await signIn(proxy.port, await github.code())));
  ({value: attacker} = cookieOf(await signIn(proxy.port, await github.code({user: '1'}))));
  claims = open(victim, key);
});
after(() => deployment.close());

const now = () => Math.floor(Date.now() / 1000);
const session = (headers) => ask(proxy.port, {headers: {...fromPage, ...headers}});
const withCookie = (value) => whoIs(proxy.port, `${name}=${value}`);
const noSession = '{"reason":"none","user":null,"v":1}';
const isNoSession = ({status, body}) => status === 200 && JSON.stringify(JSON.parse(body), ['reason', 'user', 'v']) === noSession;

test('both are who they are, and a session sealed by the test is taken: what is refused below could be accepted', async () => {
  assert.deepEqual([await withCookie(victim), await withCookie(attacker)], ['ada-page', 'nameless']);
  assert.equal(await withCookie(seal(claims, key)), 'ada-page');
});

describe('session fixation: a session planted before the login, or left after the logout', () => {
  test('each login makes a session of its own, whatever cookie was there', async () => {
    const answer = await signIn(proxy.port, await github.code(), {Cookie: `${name}=${attacker}`});
    const fresh = open(cookieOf(answer).value, key);
    assert.equal(fresh.sub, claims.sub);
    assert.equal(new Set([fresh.sid, claims.sid, open(attacker, key).sid]).size, 3);
  });
  test('a login that fails ends what was planted', async () => {
    const answer = await signIn(proxy.port, {code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)}, {Cookie: `${name}=${attacker}`});
    assert.equal(answer.code, 'code_rejected');
    assert.match(answer.header('set-cookie'), new RegExp(`^${name}=;.*; Max-Age=0$`));
  });
  test('a logout takes the cookie away, with or without a session that opens', async () => {
    for (const value of ['', seal({...claims, exp: now() - 5}, key), 'x']) {
      const answer = await ask(proxy.port, {method: 'DELETE', headers: {...fromPage, Cookie: `${name}=${value}`}});
      assert.equal(answer.status, 204);
      assert.match(answer.header('set-cookie'), new RegExp(`^${name}=;.*; Max-Age=0$`));
    }
  });
});

// What some server somewhere takes for white space, or for part of the grammar, around a cookie's name.
const spaces = [
  '\u0085', '\u00a0', '\u1680', ...Array.from({length: 11}, (_, i) => String.fromCodePoint(0x2000 + i)), '\u2028', '\u2029', '\u202f',
  '\u205f', '\u3000', '\ufeff', '\u180e', '\u00ad'
];
const bytes = (text) => Buffer.from(text).toString('latin1');
const code = (text) => text.replace(/[^\x21-\x7e]/gu, (one) => `U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`);

describe('cookie tossing: a cookie from a sibling, a name that only looks like ours', () => {
  for (const space of spaces) {
    test(`a cookie name behind ${code(space)} white space is not ours`, async () => {
      assert.equal(await whoIs(proxy.port, `${bytes(space)}${name}=${attacker}`), null);
      assert.equal(await whoIs(proxy.port, `${name}${bytes(space)}=${attacker}`), null);
      assert.equal(await whoIs(proxy.port, `${bytes(space)}${name}=${attacker}; ${name}=${victim}`), 'ada-page');
    });
  }
  const lines = [
    ['two copies', (n) => `${n}=${attacker}; ${n}=${victim}`, null],
    ['two copies, the other way round', (n) => `${n}=${victim}; ${n}=${attacker}`, null],
    ['the same twice', (n) => `${n}=${victim}; ${n}=${victim}`, null],
    ['a copy that is empty', (n) => `${n}=${victim}; ${n}=`, null],
    ['legacy parsing asked for', (n) => `$Version=1,${n}=${attacker}; ${n}=${victim}`, 'ada-page'],
    ['$Path and $Domain', (n) => `$Version=1; ${n}=${victim}; $Path=/; $Domain=evil.example`, 'ada-page'],
    ['a quoted value', (n) => `${n}="${attacker}"`, null],
    ['a sandwich of quotes', (n) => `a="x; ${n}=${victim}; b=y"`, 'ada-page'],
    ['a comma instead of a semicolon', (n) => `a=b, ${n}=${attacker}`, null],
    ['a name in other letters', (n) => `${n.toUpperCase()}=${attacker}; ${n.toLowerCase()}=${attacker}`, null],
    [
      'a name without its prefix',
      (n) => `${n.replace('__Host-Http-', '')}=${attacker}; ${n.replace('__Host-Http-', '__Host-')}=${attacker}`, null
    ],
    ['a development name', (n) => `${n.replace('__Host-Http-portero-', 'portero-dev-')}=${attacker}`, null],
    ['a name with a percent', (n) => `${n.replace('_', '%5f')}=${attacker}`, null],
    ['a semicolon with a percent', (n) => `a=%3B${n}=${attacker}`, null],
    ['a line break with a percent', (n) => `a=%0d%0aCookie:${n}=${attacker}`, null],
    ['a plus', (n) => `a=+${n}=${attacker}`, null],
    ['a cookie without a name', (n) => `=${n}=${attacker}`, null],
    ['a value that carries on', (n) => `${n}=${victim}=x`, null],
    ['a value with a percent', (n) => `${n}=%${victim}`, null],
    [
      'a value split in two ("cookie tossing" of chunks, oauth2-proxy)',
      (n) => `${n}_0=${victim.slice(0, 300)}; ${n}_1=${victim.slice(300)}`, null
    ],
    ['200 others', (n) => `${'a=b; '.repeat(100)}${n}=${victim}${'; c=d'.repeat(100)}`, 'ada-page'],
    ['others that are no cookies', (n) => `;;; =; =x; "; \\; {"a":1}; ${n}=${victim}; %%; \xff`, 'ada-page'],
  ];
  for (const [what, line, login] of lines) {
    test(`cookie tossing: ${what}: ${login === null ? 'no session' : 'the visitor\'s own session'}`,
        async () => assert.equal(await whoIs(proxy.port, line(name)), login));
  }
  test('the corpus hides no session of the attacker behind a second Cookie line', async () => {
    assert.equal(await whoIs(proxy.port, [`${name}=${attacker}`, `${name}=${victim}`]), null);
    assert.equal(await whoIs(proxy.port, ['a=b', `${name}=${victim}`]), 'ada-page');
  });
  test('two copies are both taken away', async () => {
    assert.match((await session({Cookie: `${name}=${attacker}; ${name}=${victim}`})).header('set-cookie'), /Max-Age=0/);
  });
  test('64 kB of cookies are refused', async () => {
    assert.deepEqual([(await session({Cookie: `${'x'.repeat(65536)}; ${name}=${victim}`})).code], ['headers_too_large']);
  });
});

describe('stolen session: used elsewhere', () => {
  test('the session of one page, under the name of another page\'s cookie, is none there', async () => {
    const answer = await github.code({redirect_uri: `${other}/`});
    const theirs = cookieOf(await signIn(proxy.port, answer, {Origin: other}));
    assert.notEqual(theirs.name, name);
    assert.equal(await whoIs(proxy.port, theirs.pair, {Origin: other}), 'ada-page');
    assert.equal(await withCookie(theirs.value), null);
    assert.equal(await whoIs(proxy.port, `${theirs.name}=${victim}`, {Origin: other}), null);
  });
  const elsewhere = [
    ['another page', {aud: other}], ['a page in a list', {aud: [origin]}], ['no page', {aud: undefined}],
    ['another GitHub', {iss: 'https://github.com/login/oauth'}], ['no GitHub', {iss: undefined}],
    ['a subject that is not the user', {sub: '1'}], ['a subject that is a number', {sub: 583231}],
  ];
  for (const [what, more] of elsewhere) {
    test(`stolen session: a session for ${what}, though sealed with our key, is none`,
        async () => assert.equal(await withCookie(seal({...claims, ...more}, key)), null));
  }
  test('a session is over when its time is, and says so', async () => {
    for (const [left, reason] of [[60, undefined], [0, 'expired'], [-1, 'expired'], [-86400, 'expired']]) {
      const answer = (await session({Cookie: `${name}=${seal({...claims, exp: now() + left}, key)}`})).json();
      assert.equal(answer.reason, reason, String(left));
      if (reason) assert.equal(answer.user, null);
    }
  });
});

describe('forgery: sessions', () => {
  const headers = [
    ['alg none', (k) => goodHeader(k).replace('dir', 'none')],
    ['another alg', (k) => goodHeader(k).replace('dir', 'A256KW')],
    ['another enc', (k) => goodHeader(k).replace('A256GCM', 'A128GCM')],
    ['another type', (k) => goodHeader(k).replace('portero+jwe', 'JWT')],
    ['no type', (k) => goodHeader(k).replace(',"typ":"portero+jwe"', '')],
    ['a key that is not ours', (k) => goodHeader({kid: `${k.kid}x`})],
    ['a compressed content', (k) => goodHeader(k).replace('{', '{"zip":"DEF",')],
    ['a critical extension', (k) => goodHeader(k).replace('{', '{"crit":["x"],')],
    ['a key of its own', (k) => goodHeader(k).replace('{', '{"jwk":{"kty":"oct"},')],
    ['a blank', (k) => goodHeader(k).replace(':', ': ')],
    ['its members in another order', (k) => `{"enc":"A256GCM","alg":"dir","kid":"${k.kid}","typ":"portero+jwe"}`],
  ];
  for (const [what, header] of headers) {
    test(`forgery: a header with ${what} opens nothing, though the seal is right`,
        async () => assert.equal(await withCookie(seal(claims, key, header(key))), null));
  }

  test('every single bit of a session turned: none opens, and every answer is the same', async () => {
    const parts = victim.split('.');
    const turned = [];
    parts.forEach((part, at) => {
      const raw = Buffer.from(part, 'base64url');
      for (let bit = 0; bit < raw.length * 8; bit += 1) {
        const copy = Buffer.from(raw);
        copy[bit >> 3] ^= 1 << (bit & 7);
        turned.push(parts.map((one, i) => (i === at ? copy.toString('base64url') : one)).join('.'));
      }
    });
    assert.ok(turned.length > 3000);
    const shapes = new Set();
    for (let i = 0; i < turned.length; i += 500) {
      const answers =
          await askInTurn(proxy.port, turned.slice(i, i + 500).map((value) => ({headers: {...fromPage, Cookie: `${name}=${value}`}})));
      assert.ok(answers.every(isNoSession));
      for (const {line, body, headers: lines} of answers) {
        shapes.add([line, body, ...lines.map(([one]) => one).filter((one) => one !== 'connection')].join());
      }
    }
    assert.equal(shapes.size, 1);
  });

  test('a session written another way (padding, unused bits, parts) is none', async () => {
    const parts = victim.split('.');
    const last = parts[4].slice(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(last) + 1];  // 16 bytes leave four unused bits
    assert.deepEqual(Buffer.from(parts[4].slice(0, -1) + twin, 'base64url'), Buffer.from(parts[4], 'base64url'));
    const written = [
      victim.slice(0, -1) + twin, `${victim}=`, `${victim}==`, `${victim}.`, `.${victim}`, parts.slice(0, 4).join('.'),
      victim.replace('..', '.'), victim.replace('..', '.AA.'), parts.join('...'),
      [parts[0], parts[1], parts[2], parts[3], parts[4].slice(0, -6)].join('.'),
      [parts[0], parts[1], `${parts[2]}AAAA`, parts[3], parts[4]].join('.'), [parts[0], parts[1], parts[2], '', parts[4]].join('.'),
      '....', '.', 'x', 'A'.repeat(4096)
    ];
    for (const value of written) assert.ok(isNoSession(await session({Cookie: `${name}=${value}`})), value);
  });

  test('2,000 random changes: none opens', async () => {
    const changed = Array.from({length: 2000}, (_, i) => {
      const raw = [...victim];
      for (let k = 0; k <= i % 4; k += 1) {
        const at = randomBytes(2).readUInt16BE() % raw.length;
        raw[at] = randomBytes(3).toString('base64url')[0];
      }
      return raw.join('');
    }).filter((value) => value !== victim);
    for (let i = 0; i < changed.length; i += 500) {
      const answers =
          await askInTurn(proxy.port, changed.slice(i, i + 500).map((value) => ({headers: {...fromPage, Cookie: `${name}=${value}`}})));
      assert.ok(answers.every(isNoSession));
    }
  });

  test('60 sessions have 60 nonces and 60 ids', async () => {
    const fresh = [];
    for (let i = 0; i < 6; i += 1) {
      const codes = await Promise.all(Array.from({length: 10}, () => github.code()));
      fresh.push(...(await Promise.all(codes.map((one) => signIn(proxy.port, one)))).map((answer) => cookieOf(answer).value));
    }
    assert.equal(new Set(fresh.map((value) => value.split('.')[2])).size, 60);
    assert.equal(new Set(fresh.map((value) => open(value, key).sid)).size, 60);
  });
});

test('replay after sign-out: a session that was signed out is none, in this process', async () => {
  const mine = cookieOf(await signIn(proxy.port, await github.code()));
  assert.equal(await whoIs(proxy.port, mine.pair), 'ada-page');
  await ask(proxy.port, {method: 'DELETE', headers: {...fromPage, Cookie: mine.pair}});
  assert.equal(await whoIs(proxy.port, mine.pair), null);
  assert.equal(await withCookie(victim), 'ada-page', 'another session of the same person goes on');
});

test('forgery: the keys of one proxy open nothing of another', async () => {
  deployment.keygen('others.json');
  assert.equal(await withCookie(seal(claims, keysOf(deployment.path('others.json'))[0])), null);
  assert.equal(await withCookie(seal(claims, {...keysOf(deployment.path('others.json'))[0], kid: key.kid})), null);
});

test('user enumeration: no answer tells whether a user exists: every failed sign-in has one shape', async () => {
  const shapes = new Set();
  for (const exchange of [{code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)}, {...await github.code(), code_verifier: 'w'.repeat(43)}]) {
    const answer = await ask(proxy.port, {method: 'POST', headers: {...fromPage, ...json}, body: exchangeBody(exchange)});
    shapes.add(answer.body);
  }
  assert.equal(shapes.size, 1);
});
