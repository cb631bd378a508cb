// `portero check` and bodies: a front that passes everything on, until it does one thing to the body of a POST. Browsers send
// a length; a tunnel or CDN makes chunks of it, so both ways are tried.
import assert from 'node:assert/strict';
import {createServer, request} from 'node:http';
import {resolve} from 'node:path';
import {after, before, test} from 'node:test';
import {spawn} from 'node:child_process';
import {Deployment, portero} from '../deployment.mjs';
import {converse, inChunks, readAnswers, writeRequest} from '../wire.mjs';

const deployment = new Deployment();
let front;
let proxy;
let url;
let file;
let breaks = () => undefined;  // what is done to a POST: (whether it came in chunks) => {status, headers, sends, body, version}
let seen;

before(async () => {
  front = createServer(async (asked, answer) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
    const came = asked.headers['transfer-encoding'] !== undefined;
    if (asked.method === 'POST') seen.push(came);
    const {status, sends, body = Buffer.concat(chunks), version, headers} = (asked.method === 'POST' && breaks(came)) || {};
    if (status) return void answer.writeHead(status).end('<h1>no</h1>');
    const to = {port: proxy.port, method: asked.method, path: asked.url, headers: {...asked.headers, ...sends}, setHost: false};
    for (const [name, value] of Object.entries(to.headers)) if (value === undefined) delete to.headers[name];
    if (version) {
      const passed = {method: 'POST', version, headers: {Host: asked.headers.host, ...to.headers}, body: inChunks(body)};
      const {text} = await converse(proxy.port, writeRequest(passed));
      const [got] = readAnswers(text);
      return void answer.writeHead(got.status, Object.fromEntries(got.headers)).end(got.body);
    }
    request(to, (got) => {
      const all = {...got.headers, ...headers};
      for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
      answer.writeHead(got.statusCode, all);
      got.pipe(answer);
    }).end(body);
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${front.address().port}`;
  const github = await deployment.github('--redirect-uri', `${url}/`);
  const settings = deployment.settings(
      github, {origins: {[url]: {redirect_uri: `${url}/`}}, public_url: url, static_dir: resolve('build/site')});
  proxy = await deployment.serve(settings);
  file = proxy.file;
});
after(async () => {
  front.close();
  front.closeAllConnections?.();
  await deployment.close();
});

/** What it says of bodies: the lines with `POST` or `bodies` in them, and whether it failed. */
async function check(how = () => undefined) {
  breaks = how;
  seen = [];
  const child = spawn(portero, ['check', '--settings', file], {stdio: ['ignore', 'pipe', 'inherit']});
  let said = '';
  child.stdout.on('data', (chunk) => { said += chunk; });
  const status = await new Promise((resolve) => child.once('close', resolve));
  const linesLike = (pattern) => said.split('\n').filter((line) => pattern.test(line));
  return {status, said, failures: linesLike(/^FAIL /), bodies: linesLike(/ a POST |bodies/)};
}

test('a body is posted by its length and in chunks, and GitHub is not asked for it', async () => {
  const {status, said, bodies} = await check();
  assert.deepEqual([status, seen, bodies], [0, [false, true], [`ok   ${url}: bodies arrive whole, in chunks too`]], said);
  assert.doesNotMatch(proxy.output(), /code_rejected/);
});

test('chunks that the front makes of every body pass', async () => {
  const {status, said} = await check(() => ({sends: chunked}));
  assert.equal(status, 0, said);
});

const chunked = {'content-length': undefined, 'transfer-encoding': 'chunked'};
const ofLength = (body) => ({body, sends: {'content-length': body.length, 'transfer-encoding': undefined}});
const failures = [
  ['a body that is lost', () => ofLength(''), / with its length loses its body; \S/],
  ['a body that is cut', () => ofLength('{"v":1,'), / loses its body; \S/],
  ['a body in chunks of HTTP/1.0', () => ({version: '1.0', sends: chunked}), / with its length .*cannot be read; .*HTTP\/1\.1/],
  ['a length beside chunks', (came) => came && {version: '1.1', sends: {'content-length': '3', 'connection': 'close'}},
    / in chunks does not arrive; \S/],
  ['chunks of HTTP/1.0', (came) => came && {version: '1.0'}, / in chunks does not arrive; .*proxy_http_version 1\.1/],
  ['chunks whose body is lost', (came) => came && ofLength(''), / in chunks does not arrive; \S/],
  ['POST refused by the front', () => ({status: 405}), / with its length answers 405; \S/],
  ['Content-Type taken away', () => ({sends: {'content-type': undefined}}), / answers 415 unsupported_media_type; .*Content-Type/],
  ['Set-Cookie taken away', () => ({headers: {'set-cookie': undefined}}), / loses Set-Cookie, .*; \S/],
];
for (const [what, how, pattern] of failures) {
  test(`${what}: one failure, with its fix`, async () => {
    const {status, said, failures} = await check(how);
    assert.equal(status, 1, said);
    assert.equal(failures.length, 1, said);
    assert.match(failures[0], pattern);
  });
}

test('a front that takes no chunks harms no browser: a warning', async () => {
  for (const status of [411, 400, 501]) {
    const {status: exit, said, bodies} = await check((came) => came && {status});
    assert.equal(exit, 0, said);
    assert.match(bodies.join(), new RegExp(`^warn .* in chunks answers ${status}; \\S`));
  }
});

test('too many sign-ins just now: a warning', async () => {
  const {status, bodies} = await check(() => ({status: 429}));
  assert.equal(status, 0);
  assert.match(bodies.join(), /^warn .*answers 429; try again/);
});
