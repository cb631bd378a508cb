// What an operator sees of the running program: its log as JSON, its metrics on the internal listener, and that
// neither can stop it. docs/operating.md is checked against both.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {closeSync, constants, existsSync, openSync, readFileSync, statSync, writeSync} from 'node:fs';
import {request} from 'node:http';
import {after, before, describe, test} from 'node:test';
import {Deployment, clientSecret, origin, portero} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, converse, cookieOf, fromPage, signIn, whoIs} from '../wire.mjs';

/** GET over a unix socket: {status, type, text}. */
function get(socketPath, path, headers = {}) {
  return new Promise((resolve, reject) => {
    request({socketPath, path, headers, agent: false}, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({status: answer.statusCode, type: answer.headers['content-type'], text}));
    }).on('error', reject).end();
  });
}

/**
 * Reads the Prometheus exposition format 0.0.4, strictly: every line is a HELP, a TYPE or a sample of the family it
 * stands in; no series comes twice; counters and histograms are whole. {families: name -> {type, labels}, samples}.
 */
function readExposition(text) {
  assert.ok(text.endsWith('\n'), 'the last line has its end');
  const families = new Map();
  const samples = new Map();
  let family;
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_][a-z0-9_]*) \S.*$/.exec(line);
    if (help) {
      assert.ok(!families.has(help[1]), `twice: ${line}`);
      family = {name: help[1], type: undefined, labels: new Set()};
      families.set(family.name, family);
      continue;
    }
    const type = /^# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram)$/.exec(line);
    if (type) {
      assert.equal(type[1], family?.name, line);
      assert.equal(family.type, undefined, line);
      family.type = type[2];
      continue;
    }
    const sample = /^([a-z_][a-z0-9_]*)(?:\{((?:[a-z_]+="[^"\\\n]*",?)+)\})? (\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
    assert.ok(sample, `neither comment nor sample: ${JSON.stringify(line)}`);
    const [, name, inside = '', value] = sample;
    const suffix = family.type === 'histogram' ? /_(bucket|sum|count)$/ : /$/;
    assert.equal(name.replace(suffix, ''), family.name, line);
    const labels = [...inside.matchAll(/([a-z_]+)="([^"]*)"/g)];
    assert.equal(labels.map(([all]) => all).join(','), inside, line);
    for (const [, label] of labels) if (label !== 'le') family.labels.add(label);
    const series = `${name}{${inside}}`;
    assert.ok(!samples.has(series), `twice: ${series}`);
    samples.set(series, Number(value));
    if (family.type === 'counter') assert.match(family.name, /_total$/);
  }
  for (const [series, value] of samples) {
    const found = /^(.*)_bucket\{(.*?),?le="\+Inf"\}$/.exec(series);
    if (found) assert.equal(value, samples.get(`${found[1]}_count{${found[2]}}`), series);
  }
  return {families, samples};
}

const linesOf = (output) => output.split('\n').filter(Boolean);

const policies = {readers: {origin, allow: 'signed-in'}};

describe('what an operator sees', () => {
  const deployment = new Deployment();
  const internal = deployment.path('internal.sock');
  const settings = (github, more = {}) => deployment.settings(github,
      {internal_listen: `unix:${internal}`, log: {level: 'info', format: 'json'}, policies, ...more});
  let github;
  let running;
  let exchange;
  let cookie;
  let metrics;

  before(async () => {
    github = await deployment.github();
    running = await deployment.serve(settings(github));
    exchange = await github.code();
    const signedIn = await signIn(running.port, exchange);
    assert.equal(signedIn.status, 201);
    cookie = cookieOf(signedIn).pair;
    assert.equal((await signIn(running.port, {...exchange, code: 'codecanary0123456789'})).status, 400);
    assert.match((await converse(running.port, 'GET / HTTP/1.1\nHost: x\n\n')).text, /^HTTP\/1\.1 400 /);
    assert.equal(await whoIs(running.port, cookie), 'ada-page');
    assert.equal(await whoIs(running.port, undefined), null);
    assert.equal((await ask(running.port, {method: 'DELETE', headers: {...fromPage, Cookie: cookie}})).status, 204);
    assert.equal(await whoIs(running.port, cookie), null);
    assert.equal((await ask(running.port, {headers: {...fromPage, Origin: 'https://evil.example'}})).status, 403);
    // The revocation comes after the answer.
    await until(async () => (await get(internal, '/metrics')).text.includes('_count{call="revoke",result="2xx"} 1'), 'revoked');
    metrics = readExposition((await get(internal, '/metrics')).text);
  });
  after(() => deployment.close());

  test('the metrics are in the exposition format and say which portero it is', async () => {
    const {status, type} = await get(internal, '/metrics');
    assert.equal(status, 200);
    assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8');
    const {version} = /VERSION (?<version>[\d.]+) LANG/.exec(readFileSync('CMakeLists.txt', 'utf8')).groups;
    assert.equal(metrics.samples.get(`portero_build_info{version="${version}"}`), 1);
  });

  for (const [series, value] of Object.entries({
    'portero_logins_total{outcome="succeeded"}': 1,
    'portero_logins_total{outcome="code_rejected"}': 1,
    'portero_logins_total{outcome="upstream_timeout"}': 0,
    'portero_upstream_seconds_count{call="token",result="2xx"}': 2,
    'portero_upstream_seconds_count{call="user",result="2xx"}': 1,
    'portero_upstream_seconds_count{call="revoke",result="2xx"}': 1,
    'portero_revocations_failed_total{}': 0,
    'portero_sessions_opened_total{}': 2,
    'portero_sessions_refused_total{reason="none"}': 1,
    'portero_sessions_refused_total{reason="signed_out"}': 1,
    'portero_gate_refusals_total{reason="bad_request"}': 1,
    'portero_answers_total{class="2xx",lane="login"}': 1,
    'portero_answers_total{class="4xx",lane="login"}': 1,
    'portero_answers_total{class="2xx",lane="loop"}': 4,
    'portero_answers_total{class="4xx",lane="loop"}': 2,
    'portero_connections_accepted_total{}': 8,
    'portero_session_keys{}': 1,
    'portero_log_lines_lost_total{}': 0,
  })) {
    test(`${series} is ${value}`, () => assert.equal(metrics.samples.get(series), value));
  }

  test('a key that seals has begun to', () => {
    const began = metrics.samples.get('portero_sealing_key_start_timestamp_seconds{}');
    assert.ok(began > 0 && began <= Date.now() / 1000);
  });

  test('nobody outside is shown the metrics', async () => {
    const answer = await ask(running.port, {target: '/metrics', headers: {}});
    assert.equal(answer.status, 404);
    assert.ok(!answer.text?.includes('portero_'));
    assert.ok(!answer.body.includes('portero_'));
  });

  test('each line of the log is one JSON object that says when, how bad and what', () => {
    const lines = linesOf(running.output());
    assert.ok(lines.length >= 7, running.output());
    for (const line of lines) {
      const {time, level, event} = JSON.parse(line);
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(level, /^(debug|info|warning|error)$/);
      assert.match(event, /^[a-z_]+$/);
    }
  });

  test('the log says who came from which page and address, and who was refused why', () => {
    const events = linesOf(running.output()).map((line) => JSON.parse(line));
    const one = (event) => {
      const found = events.filter((line) => line.event === event);
      assert.equal(found.length, 1, event);
      const {time: _, request: id, ...rest} = found[0];
      return {id, rest};
    };
    const who = {origin, address: '127.0.0.1', subject: '583231'};
    for (const event of ['login_succeeded', 'session_signed_out']) {
      const {id, rest} = one(event);
      assert.match(id, /^[0-9a-f]{16}$/);
      assert.deepEqual(rest, {level: 'info', event, ...who});
    }
    assert.deepEqual(one('login_failed').rest,
        {level: 'info', event: 'login_failed', origin, address: '127.0.0.1', reason: 'code_rejected'});
    assert.deepEqual(one('request_refused').rest,
        {level: 'info', event: 'request_refused', origin: '-', address: '127.0.0.1', reason: 'bad_request'});
    assert.equal(one('origin_refused').rest.origin, 'https://evil.example');
    assert.equal(one('started').rest.origins, '1');
  });

  test('neither log nor metrics hold a code, a verifier, a session, a key or the secret', async () => {
    const shown = running.output() + (await get(internal, '/metrics')).text;
    const [{k}] = JSON.parse(readFileSync(deployment.path('keys.json'), 'utf8')).keys;
    const session = cookie.split('=')[1];
    for (const canary of [
      exchange.code, exchange.code_verifier, 'codecanary', clientSecret, k, session, session.split('.').pop(), 'gho_'
    ]) {
      assert.ok(!shown.includes(canary), `${canary} is shown`);
    }
  });

  test('a flood of refusals becomes a few lines and a sum, and the metrics count it all', async () => {
    const before = metrics.samples.get('portero_gate_refusals_total{reason="headers_too_large"}');
    const bad = `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(100)}\r\n`;
    await Promise.all(Array.from({length: 200}, () => converse(running.port, bad)));
    const {samples} = readExposition((await get(internal, '/metrics')).text);
    assert.equal(samples.get('portero_gate_refusals_total{reason="headers_too_large"}'), before + 200);
    const written = () => linesOf(running.output()).map((line) => JSON.parse(line));
    const lines = () => written().filter(({event, reason}) => event === 'request_refused' && reason === 'headers_too_large').length;
    assert.ok(lines() < 200, `${lines()} lines`);
    const told = () => written().filter(({event, of}) => event === 'lines_suppressed' && of === 'request_refused headers_too_large')
        .reduce((sum, {suppressed}) => sum + Number(suppressed), 0);
    // The next line of any kind brings it.
    await until(async () => {
      await ask(running.port, {headers: {...fromPage, Origin: 'https://evil.example'}});
      return lines() + told() === 200;
    }, 'every refusal is written or told');
    assert.ok(samples.get('portero_log_lines_suppressed_total{}') > 0);
  });

  test('docs/operating.md lists every metric, with its type and labels', () => {
    const text = readFileSync('docs/operating.md', 'utf8');
    const documented = [...text.matchAll(/^\| `(portero_\w+)` \| (\w+) \| (.*?) \|/gm)]
        .map(([, name, type, labels]) => [name, type, [...labels.matchAll(/`(\w+)`:/g)].map(([, label]) => label).sort()]);
    const real = [...metrics.families.values()].map(({name, type, labels}) => [name, type, [...labels].sort()]);
    assert.deepEqual(documented.sort(), real.sort());
  });
});

test('docs/operating.md lists every event of the log, with its levels and fields', () => {
  const call = /\b(?:log_event|log_limited|log_who|write_line|make_log_line)\(([^";{]*?)"([a-z_]+)"([\s\S]*?)\);/g;
  const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
  const events = new Map();
  for (const file of execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'proxy/*.cpp'], {encoding: 'utf8'}).split('\n')) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // Whoever signed in or out is logged by one function.
    const who = /void log_who\([^{]*\{([\s\S]*?)\);\n\}/.exec(text)?.[1] ?? '';
    for (const [all, head, event, fields] of text.matchAll(call)) {
      const said = all.startsWith('log_who') ? who : head + fields;
      const {levels, keys} = events.get(event) ?? {levels: new Set(), keys: new Set()};
      for (const level of names(said, /Level::k(\w+)/g)) levels.add(level.toLowerCase());
      for (const key of names(said, /\{"(\w+)",/g)) keys.add(key);
      events.set(event, {levels, keys});
    }
  }
  events.get('log_lines_lost').levels.add('warning');  // spdlog's own word for it
  assert.ok(events.size >= 20, 'the pattern finds them');
  const sorted = (words) => [...words].sort().join(' ');
  const real = [...events].map(([event, {levels, keys}]) => [event, sorted(levels), sorted(keys)]);
  const documented =
      [...readFileSync('docs/operating.md', 'utf8').matchAll(/^\| `([a-z]\w+)` \| ((?:info|warning|error)[a-z, ]*) \| (.*?) \|/gm)].map(
          ([, event, levels, fields]) => [event, sorted(levels.split(', ')), sorted(names(fields, /`(\w+)`/g))]);
  assert.deepEqual(documented.sort(), real.sort());
});

describe('a log that cannot be written stops nothing', () => {
  const deployment = new Deployment();
  const stranger = {'X-Portero': '1', 'Origin': 'https://evil.example'};
  after(() => deployment.close());

  /** Serves on a unix socket with standard error as given; its log tells us nothing. */
  async function serveWith(name, stderr, wrap = (program, args) => [program, args]) {
    deployment.keygen('keys.json', '--if-missing');
    const visitors = deployment.path(`${name}.sock`);
    const file = deployment.write(`${name}.json`, deployment.settings({url: 'http://127.0.0.1:9'},
        {listen: `unix:${visitors}`, internal_listen: `unix:${visitors}.internal`}));
    const child = spawn(...wrap(portero, ['serve', '--settings', file]), {stdio: ['ignore', 'ignore', stderr]});
    const gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    await until(() => get(visitors, '/healthz').then(({status}) => status === 200, () => false), `${name} serves`);
    return {child, gone, visitors, internal: `${visitors}.internal`};
  }

  async function keepsServing({child, gone, visitors, internal}, {loses}) {
    try {
      for (let i = 0; i < 30; ++i) {
        assert.equal((await get(visitors, '/v1/session', stranger)).status, 403);  // origin_refused is logged
        assert.equal((await get(visitors, '/healthz')).status, 200);
      }
      const {samples} = readExposition((await get(internal, '/metrics')).text);
      assert.equal(samples.get('portero_log_lines_lost_total{}') > 0, loses);
    } finally {
      child.kill('SIGTERM');
    }
    assert.equal(await gone, 0);
  }

  test('a pipe that is full and that nobody reads', async () => {
    const fifo = deployment.path('fifo');
    execFileSync('mkfifo', [fifo]);
    const filler = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const stderr = openSync(fifo, 'w');
    const junk = Buffer.alloc(4096, 'x');
    assert.throws(() => {
      for (let i = 0; i < 10000; ++i) writeSync(filler, junk);
    }, {code: 'EAGAIN'});
    await keepsServing(await serveWith('full', stderr), {loses: true});
    closeSync(stderr);
    closeSync(filler);
  });

  test('a full disk', async () => {
    const stderr = openSync('/dev/full', 'w');
    await keepsServing(await serveWith('disk', stderr), {loses: true});
    closeSync(stderr);
  });

  test('a reader that has gone', async () => {
    const running = await serveWith('gone', 'pipe');
    running.child.stderr.destroy();
    await keepsServing(running, {loses: true});
  });

  test('no standard error at all: no socket is taken for it', async () => {
    const running = await serveWith('closed', 'ignore', (program, args) => ['sh', ['-c', 'exec "$0" "$@" 2>&-', program, ...args]]);
    assert.ok(statSync(`/proc/${running.child.pid}/fd/2`).isCharacterDevice(), '/dev/null');
    await keepsServing(running, {loses: false});
  });
});
