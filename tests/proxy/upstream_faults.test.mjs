// Every way GitHub can fail, over TLS, against the real program: a line each. What the visitor is told, that nothing
// is shown, that whoever is not GitHub hears nothing, that memory stays flat, that a token which was granted is revoked,
// and that the next sign-in works.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import {origin} from '../deployment.mjs';
import {sleep, until} from '../programs.mjs';
import {Upstream} from './upstream.mjs';

const invalid = {code: 'upstream_invalid', status: 502};
const refused = {code: 'upstream_refused', status: 502};
const misconfigured = {code: 'proxy_misconfigured', status: 502};
const tls = {code: 'upstream_tls', status: 502};
const timeout = {code: 'upstream_timeout', status: 504};
const unreachable = {code: 'upstream_unreachable', status: 504};
const limited = (retryAfter) => ({code: 'upstream_rate_limited', status: 503, retryAfter});
const signedIn = null;

// What is said in HTTP: fault, told when it is the token's answer, told when it is the user's.
const said = [
  ['html_200', invalid, invalid],
  ['wrong_content_type', invalid, invalid],
  ['json_error_200', refused, invalid],  // `error` means nothing at /user: it has no id
  ['empty_json', invalid, invalid],
  ['empty_body', invalid, invalid],
  ['json_array', invalid, invalid],
  ['json_null', invalid, invalid],
  ['bad_json', invalid, invalid],
  ['bad_utf8', invalid, invalid],
  ['deep_json', invalid, invalid],
  ['mistyped', invalid, invalid],
  ['redirect_302', invalid, invalid],  // never followed
  ['unauthorized_401', refused, refused],
  ['forbidden_403', refused, refused],
  ['not_found_404', misconfigured, refused],  // so GitHub answers an unknown client_id
  ['rate_limited_403', limited(3600), limited(3600)],  // until 2100, and we say an hour at most
  ['rate_limited_429', limited(30), limited(30)],
  ['rate_limited_briefly', limited(1), limited(1)],
  ['secondary_limit_403', limited(60), limited(60)],  // says so in its text alone, and 60 s is what GitHub asks for then
  ['secondary_limit_429', limited(60), limited(60)],
  ['error_500', refused, refused],
  ['error_502', refused, refused],
  ['error_503', refused, refused],
  ['error_504', refused, refused],
];

// What breaks HTTP itself.
const broken = [
  ['silent', timeout, timeout],
  ['header_drip', timeout, timeout],
  ['body_drip', timeout, timeout],
  ['close_at_once', unreachable, unreachable],
  ['reset', unreachable, unreachable],
  ['garbage', invalid, invalid],
  ['many_interim', invalid, invalid],
  ['reason_50k', signedIn, signedIn],  // odd, allowed, and within what we read
  ['reason_64k', invalid, invalid],
  ['headers_64k', invalid, invalid],
  ['length_garbage', invalid, invalid],
  ['length_short', invalid, invalid],
  ['length_long', invalid, invalid],
  ['chunk_garbage', unreachable, unreachable],  // libcurl calls it a failure to receive
  ['truncated_chunk', invalid, invalid],
  ['body_256k', invalid, invalid],
  ['chunked_256k', invalid, invalid],
  ['gzip_body', invalid, invalid],  // nothing is ever unpacked
  ['slow_but_valid', signedIn, signedIn],
];

// What goes wrong before HTTP: told at github.com's own host, told at the API's. A handshake that breaks off is
// upstream_tls too, since TLS is what could not be had; one that stalls is a timeout.
const connecting = [
  ['tls_expired', tls, tls],
  ['tls_not_yet_valid', tls, tls],
  ['tls_self_signed', tls, tls],
  ['tls_unknown_authority', tls, tls],
  ['tls_wrong_host', tls, tls],
  ['tls_wrong_address', tls, tls],
  ['tls_common_name_only', tls, tls],
  ['tls_any_host', tls, tls],
  ['tls_any_subdomain', tls, tls],
  ['tls_weak_key', tls, tls],
  ['tls_sha1', tls, tls],
  ['tls_1_0', tls, tls],
  ['tls_1_1', tls, tls],
  ['tls_stall', timeout, timeout],
  ['tls_reset', tls, tls],
  ['tls_garbage', tls, tls],
  ['tls_close', tls, tls],
  ['tls_cut', tls, tls],
  // Whether the RST comes before or after connect() returns is a race.
  ['reset_on_connect', [tls, unreachable], [tls, unreachable]],
  ['refused', unreachable, unreachable],
  ['dropped', timeout, timeout],
];

// GitHub's token endpoint wants to be left alone, and is: see provePause().
const pauses = ({at, says}) => at === 'token' && says?.retryAfter > 0;

const hangs = ['silent', 'header_drip', 'body_drip', 'tls_stall', 'dropped'];
const rows = [
  ...[...said, ...broken].flatMap(([fault, token, user]) => [
    {at: 'token', fault, says: token},
    {at: 'user', fault, says: user, granted: true},
  ]),
  ...connecting.flatMap(([fault, github, api]) => [
    {at: 'github_connection', fault, says: github},
    {at: 'api_connection', fault, says: api, granted: true},
  ]),
].sort((a, b) => hangs.includes(b.fault) - hangs.includes(a.fault));  // those that take the whole budget, first

const lanes = 8;
const guard = {timeout: 120000};

/** Upstreams at rest; a test takes one for itself. */
class Pool {
  constructor() {
    this.idle = [];
    this.waiting = [];
    this.all = [];
  }
  async open() {
    this.all = await Promise.all(Array.from({length: lanes}, () => Upstream.start()));
    this.idle = [...this.all];
  }
  async use(work) {
    const upstream = this.idle.pop() ?? await new Promise((resolve) => this.waiting.push(resolve));
    try {
      await work(upstream);
    } finally {
      const next = this.waiting.shift();
      if (next) next(upstream);
      else this.idle.push(upstream);
    }
  }
}

describe('GitHub fails', {concurrency: lanes + 2}, () => {
  const pool = new Pool();
  before(() => pool.open());
  after(() => Promise.all(pool.all.map((one) => one.close())));

  test('while it hangs, every login ends with an error of its own, and sessions are read as ever', guard, () => proveHang());

  for (const row of rows.filter(pauses)) {
    test(`${row.fault} (${row.at})`, guard, () => provePause(row));
  }

  for (const row of rows.filter((one) => !pauses(one))) {
    test(`${row.fault} (${row.at})`, guard, () => pool.use((upstream) => upstream.prove(row)));
  }

  test('a revocation that fails is tried again', guard, () => pool.use(async (upstream) => {
    const {revoked_tokens, hits} = await upstream.github.state();
    // An earlier test's token may be on its way, too; it is asked for once.
    const isRevoked = (now) => now.revoked_tokens > revoked_tokens && now.hits.revoke >= (hits.revoke ?? 0) + 3;
    await upstream.github.fault('revoke', 'error_500', 2);
    upstream.assertSignedIn(await upstream.signIn());
    await until(async () => isRevoked(await upstream.github.state()), 'revoked at the third try');
  }));

  test('a revocation that fails three times is told to the operator, without the token', guard, () => pool.use(async (upstream) => {
    // More than three: on a kept connection that ends, libcurl tries a DELETE again by itself.
    await upstream.github.fault('revoke', 'close_at_once', 20);
    const answer = await upstream.signIn();
    upstream.assertSignedIn(answer);
    await until(() => /revocation_failed.*upstream_unreachable/.test(upstream.proxy.output()), 'revocation_failed in the log');
    await upstream.github.fault('revoke', 'close_at_once', 0);
    upstream.assertNothingShown(answer);
  }));

  test('a name that does not exist', guard, () => pool.use(async (upstream) => {
    const port = new URL(upstream.github.tlsUrl).port;
    // What a resolver does with it is the machine's: most know it is not, one without a network may wait.
    await upstream.elsewhere(`https://github.invalid:${port}`, [unreachable, timeout]);
  }));
});

/** What GitHub said to one sign-in holds for the next ones, which are told so without asking it, until the time is over. */
async function provePause({at, fault, says}) {
  const upstream = await Upstream.start();
  try {
    const {answer} = await upstream.breakAndSignIn({at, fault});
    upstream.assertRefused(answer, says);
    upstream.assertNothingShown(answer);
    if (says.retryAfter > 1) {
      const next = await upstream.signIn();
      assert.equal(next.body.code, 'upstream_rate_limited');
      assert.ok(next.body.retry_after > 0 && next.body.retry_after <= says.retryAfter, next.text);
      assert.equal((await upstream.github.state()).hits.token, 1, 'nobody asked again');
    } else {
      await until(async () => (await upstream.signIn()).status === 201, 'the pause is over');
    }
  } finally {
    await upstream.close();
  }
}

/** GitHub takes every code and says no more. In the quick form 128 logins; script/soak has the figure. */
async function proveHang() {
  const count = Number(process.env.PORTERO_HUNG_LOGINS ?? 128);
  const upstream =
      await Upstream.start({settings: {limits: {logins_per_hour: 1000000, logins: Math.ceil(count / 4), queue: Math.ceil(count / 2)}}});
  try {
    const pairs = [];
    for (let i = 0; i < count; ++i) pairs.push({code: `hung${String(i).padStart(16, '0')}`, code_verifier: 'v'.repeat(43)});
    await upstream.github.fault('token', 'silent', 1000000);
    let over = false;
    const all = Promise.all(pairs.map((pair) => upstream.post(pair))).finally(() => { over = true; });
    let answered = 0;
    while (!over) {
      const answer = await fetch(
          `http://127.0.0.1:${upstream.proxy.port}/v1/session`,
          {headers: {'Origin': origin, 'X-Portero': '1', 'Sec-Fetch-Site': 'same-site'}});
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), {v: 1, user: null, reason: 'none'});
      answered += 1;
      await sleep(20);
    }
    const codes = (await all).map((answer) => answer.body.code);
    for (const code of codes) assert.ok(['upstream_timeout', 'upstream_unreachable', 'overloaded'].includes(code), code);
    assert.ok(codes.includes('upstream_timeout'), 'somebody waited for GitHub');
    assert.ok(answered >= 10, `${answered} sessions were read meanwhile`);
    await upstream.github.fault('token', 'silent', 0);
    await until(async () => (await upstream.signIn()).status === 201, 'GitHub is back, and so is the sign-in');
  } finally {
    await upstream.close();
  }
}

// A resolver of our own needs a network and a mount namespace; an unprivileged user may make them where the system lets
// them, and there only.
const namespace = ['-rmn', 'sh', '-c'];
const {status} = spawnSync('unshare', [...namespace, 'ip link set lo up && mount --bind /dev/null /etc/resolv.conf'], {stdio: 'ignore'});
const skip = status === 0 ?
    false :
    'this system lets nobody make a namespace (unshare -rmn), and a resolver that hangs is not to be had otherwise';

test('a resolver that says no, one that is not there and one that hangs', {skip, ...guard}, async () => {
  const child = spawn(
      'unshare', [...namespace, `ip link set lo up && exec ${process.execPath} tests/proxy/resolvers.mjs`],
      {stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => { output += chunk; });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(code, 0, output);
  assert.match(output, /nxdomain: as specified\nabsent: as specified\nhanging: as specified\n/);
});
