// docs/protocol.md says what the sources do: its tables are compared with the route table, the errors and the claims.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

const read = (name) => readFileSync(name, 'utf8');
const text = read('docs/protocol.md');
const section = (heading) => {
  const start = text.indexOf(`\n## ${heading}\n`);
  assert.ok(start >= 0, `a section "${heading}"`);
  return text.slice(start + 1).split(/^## /m)[1];
};
/** The cells of a section's rows, without back quotes. */
const rows = (body) => body.split('\n').filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(1, -1).split('|').map((cell) => cell.replaceAll('`', '').trim()));
const sorted = (list) => [...list].sort();

const source = ['proxy/app/routes.cpp', 'proxy/app/app.cpp'].find(existsSync);
const constants = ['wasm/protocol.h', 'proxy/telemetry/metrics.h']
  .flatMap((name) => [...read(name).matchAll(/ (k\w+Path) = "([^"]+)";/g)]);
const paths = Object.fromEntries(constants.map(([, name, path]) => [name, path]));
/** Every row of the route table: method and path, lane, listener, and the name of what it needs. */
const routes = [...read(source).matchAll(/\{"([A-Z]+)", (k\w+Path), Lane::k(\w+)(?:, Listener::k(\w+), (\w+|\{\}))?/g)]
  .map(([, method, path, lane, listener = 'Visitors', needs]) =>
    ({call: `${method} ${paths[path]}`, lane: lane.toLowerCase(), listener, needs}));

test('the table of calls is the route table: method, path and lane', () => {
  assert.ok(routes.length >= 6, `${source} has ${routes.length} routes`);
  const told = rows(section('Calls')).map(([call, lane]) => `${call} ${lane}`);
  assert.deepEqual(told, routes.filter(({listener}) => listener !== 'Internal').map(({call, lane}) => `${call} ${lane}`));
});

test('what a call needs is what its route needs', () => {
  const words = {page: 'origin', header: 'header', json: 'JSON body',
    kOfASession: 'proof if a session is named by key', kAlways: 'proof if carried by key'};
  const needs = Object.fromEntries([...read(source).matchAll(/constexpr Needs (\w+)\{(.+?)\};/gs)].map(([, name, members]) =>
    [name, Object.keys(words).filter((word) => members.includes(word)).map((word) => words[word]).sort()]));
  for (const [call, , told] of rows(section('Calls'))) {
    const route = routes.find((one) => one.call === call);
    if (route.needs) assert.deepEqual(sorted(told.split(', ').filter(Boolean)), needs[route.needs] ?? [], call);
  }
});

test('the internal listener answers what its table says', () => {
  const told = rows(section('The internal listener')).map(([call]) => call).filter((call) => call.includes(' /'));
  const internal = routes.filter(({listener}) => listener !== 'Visitors').map(({call}) => call);
  if (internal.length) assert.deepEqual(sorted(told), sorted(internal));
  assert.ok(told.includes(`GET ${paths.kMetricsPath}`));
});

test('each call that has a section of its own is in the table', () => {
  const calls = rows(section('Calls')).map(([call]) => call);
  const own = [...text.matchAll(/^### ([A-Z]+ \/.+)$/gm)].map(([, call]) => call);
  assert.deepEqual(own, calls.filter((call) => call.includes('/v1/')));
});

test('the table of errors is that of the sources: name and status, in their order', () => {
  const errors = [...read('wasm/error.cpp').matchAll(/^ {4}Row\{Error::(k\w+), (\d+), "(\w+)"\},$/gm)];
  const enumerators = [...read('wasm/error.h').matchAll(/^ {2}(k\w+) = \d+,$/gm)].map(([, name]) => name);
  assert.deepEqual(errors.map(([, name]) => name), enumerators);
  const told = rows(section('Errors')).map(([code, status]) => ({code, status: Number(status)}));
  assert.deepEqual(told, errors.map(([, , status, code]) => ({code, status: Number(status)})));
});

test('an error without a status is said by the page alone; what nobody says yet is what has no test yet', () => {
  const {tested, later} = JSON.parse(read('tests/vectors/codes.json'));
  const errors = rows(section('Errors'));
  assert.deepEqual(sorted(errors.map(([code]) => code)), sorted([...Object.keys(tested), ...Object.keys(later)]));
  for (const [code, status, by] of errors) assert.equal(status === '', by === 'page', code);
  assert.deepEqual(errors.filter(([, , by]) => by === 'nobody yet').map(([code]) => code), Object.keys(later));
});

test('what a section says of the sources is there', () => {
  const claims = (name) => [...read(name).matchAll(/claims\.add_\w+\("(\w+)", /g)].map(([, claim]) => claim);
  assert.deepEqual(rows(section('The session')).map(([claim]) => claim), claims('proxy/session/session.cpp'));
  for (const [claim] of rows(section('A session by key')).filter((row) => row.length === 2)) {
    assert.ok(read('proxy/session/proof.cpp').includes(`"${claim}"`), claim);
  }
  const header = read('proxy/session/jwe.cpp').match(/R"\((\{"alg".*?"kid":")\)";\n.*R"\((.*?\})\)";/);
  assert.ok(section('The session').includes(`${header[1]}…${header[2]}`));
  const constant = /^(Access-Control-(?:Allow-Credentials|Allow-Methods|Allow-Headers|Max-Age)): (.+)$/gm;
  for (const [, name, value] of section('CORS').matchAll(constant)) {
    assert.ok(read('proxy/gate/cors.cpp').includes(`{"${name}", "${value}"}`), name);
  }
  for (const prefix of ['__Host-Http-portero-', 'portero-dev-']) {
    assert.ok(read('proxy/session/cookies.cpp').includes(`"${prefix}"`), prefix);
    assert.ok(section('A session by cookie').includes(`\`${prefix}\``), prefix);
  }
});

test('the numbers that both sides share are told as they are', () => {
  const constant = (name) => Number(read('wasm/protocol.h').match(new RegExp(` ${name} = (\\d+);`))[1]);
  assert.ok(text.includes(`1 to ${constant('kCodeMax')} visible`));
  assert.ok(text.includes(`${constant('kVerifierMin')} to ${constant('kVerifierMax')} unreserved`));
  assert.ok(text.includes(`at most ${constant('kCallbackMax').toLocaleString('en')} bytes`));
  assert.ok(text.includes(`at most ${constant('kPendingSeconds') / 60} minutes since the click`));
});

test('what the page takes out of the URL is what the script takes', () => {
  const [, names] = read('web/portero.js').match(/\^\(([a-z_|]+)\)=/);
  for (const name of names.split('|')) assert.ok(section('The page').includes(`\`${name}\``), name);
});
