// `GET /v1/check/{policy}`, as a web server in front asks it: the real program on its internal listener, with what fronts really
// pass on from a visitor's request. Only the cookie counts; every answer is one that each front understands.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {keysOf, seal} from '../attacks/sealing.mjs';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, askInTurn, converse, cookieOf, fromPage, readAnswers, signIn, writeRequest} from '../wire.mjs';

const deployment = new Deployment();
const other = 'https://other.example';
const internal = deployment.path('internal.sock');
const cookieName = (page) => `__Host-Http-portero-${createHash('sha256').update(page).digest('base64url').slice(0, 8)}`;
const names = ['user', 'user-id', 'preferred-username', 'name', 'email', 'groups'].map((name) => `x-auth-request-${name}`);
const policies = {
  readers: {origin, allow: 'signed-in'},
  staff: {origin, allow: {organizations: ['acme'], teams: ['acme/writers'], push: ['acme/site']}},
  ada: {origin, allow: {users: [583231]}},
  recent: {origin, allow: 'signed-in', max_age: '10m'},
  elsewhere: {origin: other, allow: 'signed-in'},
};
let github;
let running;
let settings;
let visitor;  // the Cookie line of somebody who has just signed in

const check = (policy, headers = {}, more = {}) => ask(internal, {target: `/v1/check/${policy}`, headers, ...more});

/** A session as portero would seal it for somebody at the page, but for `claims`; the Cookie line that holds it. */
function cookieWith({page = origin, user = {}, ...claims} = {}) {
  const now = Math.floor(Date.now() / 1000);
  const who = {id: 583231, login: 'ada-page', name: 'Ada Page', avatar_url: null, html_url: null, email: null, ...user};
  const session = {iss: `${github.url}/login/oauth`, sub: String(who.id), aud: page, sid: randomBytes(16).toString('base64url'),
    auth_time: now, iat: now, exp: now + 3600, ...claims, user: who};
  return `${cookieName(page)}=${seal(session, keysOf(deployment.path('keys.json'))[0])}`;
}

/** Who the program behind the front is told it is. */
const identity = (answer) => Object.fromEntries(names.map((name) => [name.slice('x-auth-request-'.length), answer.header(name)]));
const ada = {'user': 'ada-page', 'user-id': '583231', 'preferred-username': 'ada-page', 'name': 'Ada Page', 'email': '', 'groups': ''};

/** What holds of every answer to a check. */
function expectPlain(answer) {
  assert.ok([200, 401, 403, 404, 405].includes(answer.status), answer.line);
  assert.equal(answer.header('cache-control'), 'no-store');
  for (const name of ['set-cookie', 'www-authenticate', 'etag', 'last-modified', 'location', 'vary', 'retry-after']) {
    assert.equal(answer.header(name), undefined, name);
  }
  if (answer.status === 200) return assert.equal(answer.body, '');
  for (const name of names) assert.equal(answer.header(name), undefined, name);
  assert.equal(answer.header('content-type'), 'application/problem+json');
}

before(async () => {
  github = await deployment.github();
  settings = deployment.settings(github, {internal_listen: `unix:${internal}`, policies, log: {level: 'info', format: 'json'}});
  settings.origins[other] = {redirect_uri: `${other}/`};
  running = await deployment.serve(settings);
  visitor = cookieOf(await signIn(running.port, await github.code({scope: 'read:org'}))).pair;
});
after(() => deployment.close());

describe('a visitor who may pass', () => {
  test('is let in with every identity header, each once, and an empty body', async () => {
    const answer = await check('readers', {Cookie: visitor});
    assert.equal(answer.status, 200);
    expectPlain(answer);
    const {name, email, ...rest} = identity(answer);
    const {name: _, email: __, ...expected} = {...ada, groups: 'acme,acme:writers,acme/site'};
    assert.deepEqual(rest, expected);
    assert.notEqual(name, undefined);
    assert.notEqual(email, undefined);
    for (const one of names) assert.equal(answer.headers.filter(([key]) => key === one).length, 1, one);
  });

  test('passes by a user id, an organization, a team, or a repository', async () => {
    assert.equal((await check('ada', {Cookie: visitor})).status, 200);
    for (const group of ['acme', 'acme:writers', 'acme/site']) {
      const answer = await check('staff', {Cookie: cookieWith({groups: [group], unmet: '', hidden: ''})});
      assert.equal(answer.status, 200, group);
      assert.equal(answer.header('x-auth-request-groups'), group);
    }
  });

  test('is named in ASCII that no front can read in two ways, whatever the name is', async () => {
    const user = {name: ' Ädä, "100%"\r\nX-Auth-Request-User: root\0 ', email: 'a b@c.example'};
    const answer = await check('readers', {Cookie: cookieWith({user, groups: ['a,b', 'ü'], unmet: '', hidden: ''})});
    assert.deepEqual(identity(answer), {...ada,
      name: '%20%C3%84d%C3%A4, "100%25"%0D%0AX-Auth-Request-User: root%00%20', email: 'a b@c.example', groups: 'a%2Cb,%C3%BC'});
  });

  test('in a hundred groups, with the longest names, comes with a head of at most 2,048 bytes', async () => {
    const user = {login: 'l'.repeat(128), name: '\u00ff'.repeat(64), email: '\u00ff'.repeat(127)};
    const groups = Array.from({length: 100}, (_, i) => `acme:${i + 1000}`);
    const cookie = cookieWith({user, groups, unmet: '', hidden: ''});
    const {text} = await converse(internal, writeRequest({target: '/v1/check/readers', headers: {Cookie: cookie}}), {ends: false});
    const [answer] = readAnswers(text);
    assert.equal(answer.status, 200);
    assert.ok(text.length <= 2048, `${text.length} bytes`);
    const told = answer.header('x-auth-request-groups').split(',');
    assert.deepEqual(told, groups.slice(0, told.length));
    await check('readers', {Cookie: cookie});
    assert.equal(running.output().match(/"groups_cut"/g).length, 1, 'it is logged once');
    assert.match((await ask(internal, {target: '/metrics'})).body, /^portero_check_groups_cut_total 2$/m);
  });
});

describe('a visitor who may not', () => {
  const reason = async (policy, cookie) => {
    const answer = await check(policy, cookie && {Cookie: cookie});
    expectPlain(answer);
    return [answer.status, answer.code, answer.json().reason].filter(Boolean).join(' ');
  };
  const minutes = (count) => ({auth_time: Math.floor(Date.now() / 1000) - count * 60});

  test('has no session: none, a broken one, an ended one, another page’s, one bound to a key', async () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    const sessions = [undefined, `${cookieName(origin)}=`, `${cookieName(origin)}=abc`, visitor.slice(0, -1), cookieWith({exp: past}),
      cookieWith({page: other}), cookieWith({page: other}).replace(cookieName(other), cookieName(origin)),
      cookieWith({cnf: {jkt: 'k'.repeat(43)}}), cookieWith({iss: 'https://github.example'})];
    for (const cookie of sessions) assert.equal(await reason('readers', cookie), '401 no_session', cookie);
    assert.equal((await check('elsewhere', {Cookie: cookieWith({page: other})})).status, 200);
  });

  test('who signed in too long ago is too_old, for that policy only', async () => {
    assert.equal(await reason('recent', cookieWith(minutes(10))), '401 too_old');
    assert.equal((await check('recent', {Cookie: cookieWith(minutes(9))})).status, 200);
    assert.equal((await check('readers', {Cookie: cookieWith(minutes(10))})).status, 200);
    const member = {groups: ['acme'], unmet: '', hidden: ''};
    assert.equal(await reason('staff', cookieWith({...minutes(720), ...member})), '401 too_old');
    assert.equal((await check('staff', {Cookie: cookieWith({...minutes(719), ...member})})).status, 200);
  });

  test('whose sign-in did not ask what the policy asks now is too_old', async () => {
    assert.equal(await reason('staff', cookieWith()), '401 too_old');
    assert.equal(await reason('staff', cookieWith({groups: [], unmet: 'ByTTxxxx', hidden: ''})), '401 too_old');
  });

  test('whom no rule names is not_allowed, and told why', async () => {
    // The digests of acme, acme:writers and acme/site.
    const asked = Buffer.from('acme acme:writers acme/site').toString().split(' ').map((group) => {
      let hash = 0xcbf29ce484222325n;
      for (const byte of Buffer.from(group)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
      return Buffer.from(hash.toString(16).padStart(16, '0').slice(0, 6), 'hex').toString('base64url');
    });
    assert.equal(await reason('staff', cookieWith({groups: [], unmet: asked.join(''), hidden: ''})), '403 not_allowed no_rule');
    assert.equal(await reason('staff', cookieWith({groups: [], unmet: asked[1] + asked[2], hidden: asked[0]})),
        '403 not_allowed hidden');
    assert.equal(await reason('ada', cookieWith({user: {id: 583232}})), '403 not_allowed no_rule');
    const lines = running.output().split('\n').filter((line) => line.includes('check_refused')).map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({policy, subject, reason: why}) => [policy, subject, why]),
        [['staff', '583231', 'no_rule'], ['staff', '583231', 'hidden'], ['ada', '583232', 'no_rule']]);
    assert.match(running.output(), /"event":"rule_hidden","policy":"staff","subject":"583231","rules":"acme"/);
  });

  test('has signed out: at once, though the cookie is still good elsewhere', async () => {
    const {pair} = cookieOf(await signIn(running.port, await github.code({scope: 'read:org'})));
    assert.equal((await check('readers', {Cookie: pair})).status, 200);
    assert.equal((await ask(running.port, {method: 'DELETE', headers: {...fromPage, Cookie: pair}})).status, 204);
    assert.equal(await reason('readers', pair), '401 no_session');
  });
});

describe('what a front passes on of a visitor’s request changes nothing', () => {
  const pad = (bytes) => `theme=${'x'.repeat(bytes - 'theme='.length)}`;
  const cases = {
    'a Content-Length of a body that does not come': {headers: {'Content-Length': '1000000'}},
    'a Transfer-Encoding of a body that does not come': {headers: {'Transfer-Encoding': 'chunked'}},
    'Upgrade with Connection: upgrade': {headers: {'Connection': 'upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Version': '13'}},
    'Expect': {headers: {Expect: '100-continue'}},
    'If-None-Match': {headers: {'If-None-Match': '*', 'If-Modified-Since': 'Sun, 06 Nov 2044 08:49:37 GMT'}},
    'Range': {headers: {'Range': 'bytes=0-0', 'If-Range': '"a"'}},
    'HTTP/1.0 without a Host': {version: '1.0', headers: {Host: undefined}},
    'a query': {query: '?a=%00&b=/../../x'},
    'forged identity headers': {headers: {'X-Auth-Request-User': 'root', 'X-Auth-Request-Groups': 'acme', 'Remote-User': 'root'}},
    'an 8 kB cookie line of somebody else': {headers: {Cookie: pad(8192)}},
    'another page’s address and origin': {
      headers: {'Host': 'evil.example', 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'}},
    'Authorization and a proof': {headers: {Authorization: 'Basic cm9vdDpyb290', DPoP: 'a.b.c'}},
    'a type and a coding': {headers: {'Content-Type': 'text/plain', 'Content-Encoding': 'gzip', 'Accept-Encoding': 'br'}},
    'the addresses of others': {headers: {'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Uri': '/v1/check/ada', 'X-Original-Method': 'PUT'}},
  };
  for (const [title, {headers = {}, query = '', version}] of Object.entries(cases)) {
    test(title, async () => {
      const send = async (cookie) => {
        const cookies = [headers.Cookie, cookie].filter(Boolean);
        const request = {target: `/v1/check/readers${query}`, version, headers: {...headers, Cookie: cookies}};
        // What stays open is closed by a second request, which is answered, too.
        const stays = headers.Connection !== undefined;
        const bytes = [writeRequest(request), ...stays ? [writeRequest({target: '/healthz'})] : []];
        const {text} = await converse(internal, Buffer.concat(bytes), {ends: false});
        const answers = readAnswers(text);
        assert.deepEqual(answers.slice(1).map(({status}) => status), stays ? [200] : [], text);
        expectPlain(answers[0]);
        return answers[0];
      };
      const passed = await send(cookieWith());
      assert.equal(passed.status, 200);
      assert.deepEqual(identity(passed), ada);
      assert.equal((await send(undefined)).code, 'no_session');
    });
  }

  test('two copies of our cookie: neither counts, and none is expired', async () => {
    for (const cookies of [`${visitor}; ${visitor}`, [visitor, visitor], `${visitor}; ${cookieName(origin)}=x`]) {
      const answer = await check('readers', {Cookie: cookies});
      assert.equal(answer.code, 'no_session');
      expectPlain(answer);
    }
  });

  test('what comes behind a Content-Length is not read as a request', async () => {
    const smuggled = 'GET /v1/check/ada HTTP/1.1\r\nHost: x\r\n\r\n';
    const request = {target: '/v1/check/readers', headers: {'Connection': undefined, 'Content-Length': String(smuggled.length)}};
    const {text, closed} = await converse(internal, Buffer.concat([writeRequest(request), Buffer.from(smuggled)]), {ends: false});
    assert.equal(readAnswers(text).length, 1);
    assert.ok(closed);
  });
});

test('the path is compared byte for byte: another policy, a longer path, an encoded one are not found', async () => {
  for (const path of ['none', 'Readers', 'readers/', 'readers/x', '%72eaders', '', 'readers%00', '../check/readers', 'a'.repeat(900)]) {
    const answer = await check(path, {Cookie: visitor});
    assert.deepEqual([answer.status, answer.code], [404, 'not_found'], path);
    expectPlain(answer);
  }
});

test('HEAD is answered as GET, any other method with 405', async () => {
  const head = await check('readers', {Cookie: visitor}, {method: 'HEAD'});
  assert.deepEqual([head.status, head.header('x-auth-request-user-id')], [200, '583231']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    const answer = await check('readers', {Cookie: visitor}, {method});
    assert.deepEqual([answer.status, answer.header('allow')], [405, 'GET, HEAD'], method);
    expectPlain(answer);
  }
});

test('visitors cannot ask it', async () => {
  for (const headers of [{Cookie: visitor}, {...fromPage, Cookie: visitor}]) {
    assert.equal((await ask(running.port, {target: '/v1/check/readers', headers})).code, 'not_found');
  }
});

test('a thousand checks on one connection are answered in their order, GitHub is not asked, and each is counted', async () => {
  const calls = await github.calls();
  const counted = async () => {
    const text = (await ask(internal, {target: '/metrics'})).body;
    return ['allowed', 'no_session'].map((result) =>
      Number(new RegExp(`^portero_checks_total\\{policy="readers",result="${result}"\\} (\\d+)$`, 'm').exec(text)[1]));
  };
  const [allowed, none] = await counted();
  const requests = Array.from({length: 1000}, (_, i) =>
    ({target: '/v1/check/readers', headers: i % 3 === 0 ? {} : {Cookie: visitor}}));
  const answers = await askInTurn(internal, requests);
  assert.deepEqual(answers.map(({status}) => status), requests.map((_, i) => (i % 3 === 0 ? 401 : 200)));
  assert.deepEqual(await counted(), [allowed + 666, none + 334]);
  assert.equal(await github.calls(), calls);
});

test('a policy that came with a reload is asked at once, and one that went is not found', async () => {
  const {ada: _, ...rest} = policies;
  deployment.write(running.file.split('/').at(-1), {...settings, policies: {...rest, new: {origin, allow: {users: [583231]}}}});
  running.child.kill('SIGHUP');
  await until(async () => (await check('new', {Cookie: visitor})).status === 200, 'the new one');
  assert.equal((await check('ada', {Cookie: visitor})).code, 'not_found');
});

test('portero check refuses policies whose names might not fit into a cookie, and says by how much', () => {
  const teams = Array.from({length: 64}, (_, i) => `acme/${'a-long-name-of-a-team-'.repeat(2)}${i}`);
  const file = deployment.write('long.json', {...settings, policies: {staff: {origin, allow: {teams}}}});
  const {status, stdout} = deployment.run('check', '--offline', '--settings', file);
  assert.equal(status, 1);
  assert.match(stdout, /^FAIL policies: name so much for \S+good\.example that a session may take \d{4} bytes, and browsers keep 4096; /m);
  const served = deployment.run('serve', '--settings', file);
  assert.equal(served.status, 1);
  assert.match(served.stderr, /policies: name so much for/);
});
