// Attacks by size and by slowness. Only outcomes are asserted here: who is served, who is cut, what is refused, and that
// memory does not follow what is sent. How fast is script/soak's business.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {Deployment} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {
  ask, chunked, converse, cookieOf, exchangeBody, fromPage, inChunks, json, readAnswers, signIn, whoIs, writeRequest
} from '../wire.mjs';

const deployment = new Deployment();
let github;
let proxy;

before(async () => {
  github = await deployment.github();
  mkdirSync(deployment.path('site'));
  writeFileSync(deployment.path('site/index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(deployment.path('site/large.txt'), 'portero '.repeat(1024 * 1024));
  proxy = await deployment.serve(
      deployment.settings(github, {static_dir: deployment.path('site'), limits: {request_time: 3, answer_time: 3}}));
});
after(() => deployment.close());

const login = async () => (await signIn(proxy.port, await github.code())).status;
const privateKilobytes = () => ['Private_Clean', 'Private_Dirty'].reduce((sum, name) =>
  sum + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${proxy.pid}/smaps_rollup`, 'utf8'))[1]), 0);

/** Opens a connection that says `bytes` at once and then, with `drip`, one byte of it each time; it never says goodbye. */
function hold({bytes = '', drip = '', reads = true}) {
  const socket = connect({port: proxy.port, host: '127.0.0.1', allowHalfOpen: true});
  const held = {text: '', closed: false, socket};
  socket.on('error', () => (held.closed = true));
  socket.on('close', () => (held.closed = true));
  socket.on('end', () => (held.closed = true));
  if (reads) socket.on('data', (chunk) => (held.text += chunk.toString('latin1')));
  else socket.pause();
  socket.write(bytes);
  let at = 0;
  held.timer = drip &&
      setInterval(() => (socket.writable && !held.closed ? socket.write(drip[at++ % drip.length]) : clearInterval(held.timer)), 200);
  held.end = () => {
    clearInterval(held.timer);
    socket.destroy();
  };
  return held;
}

describe('slow clients: half-open, dripping and unread connections', () => {
  const body = exchangeBody({code: 'a'.repeat(20), code_verifier: 'v'.repeat(43)});
  const start = {method: 'POST', headers: {...fromPage, ...json, Connection: undefined}};
  const post = writeRequest({...start, body}).toString('latin1');
  const chunks = writeRequest({...start, headers: {...start.headers, ...chunked}}).toString('latin1');
  const kinds = [
    ['half a request line', {bytes: 'GET /v1/ses'}, true],
    ['half the headers', {bytes: 'GET /v1/session HTTP/1.1\r\nHost: p\r\nA: '}, true],
    ['headers that never end', {bytes: 'GET /v1/session HTTP/1.1\r\nHost: p\r\n', drip: 'A: b\r\n'}, true],
    ['a body that never comes', {bytes: post.slice(0, -body.length)}, true],
    ['a body byte by byte', {bytes: post.slice(0, -body.length), drip: '   '}, true],
    ['chunks that never come', {bytes: chunks}, true],
    ['half a chunk', {bytes: `${chunks}20\r\nabc`}, true],
    ['chunks byte by byte', {bytes: chunks, drip: '1\r\nx\r\n'}, true],
    ['a size byte by byte', {bytes: chunks, drip: '0'}, true],
    ['a TLS greeting', {bytes: '\x16\x03\x01'}, true],
    ['nothing at all', {}, false],
    ['an answer that nobody reads', {bytes: 'GET /large.txt HTTP/1.1\r\nHost: p\r\n\r\n', reads: false}, false],
  ];
  test('200 of them: every login meanwhile succeeds, then the slow are cut', async () => {
    const held = Array.from({length: 200}, (_, i) => ({kind: kinds[i % kinds.length], is: hold(kinds[i % kinds.length][1])}));
    try {
      await until(() => held.every(({is}) => !is.socket.connecting), '200 open connections');
      for (let i = 0; i < 5; i += 1) assert.deepEqual(await Promise.all(Array.from({length: 4}, login)), Array(4).fill(201));
      for (const {kind: [what, , cut], is} of held.filter(({kind}) => kind[2])) {
        await until(() => is.closed, `${what}: cut is ${cut}`);
        const answers = readAnswers(is.text);
        assert.equal(answers.length, 1, what);
        assert.ok([408, 400].includes(answers[0].status), `${what}: ${answers[0].line}`);
      }
      assert.equal(await login(), 201);
    } finally {
      for (const {is} of held) is.end();
    }
  });
});

describe('size bombs: requests that are larger than they look', () => {
  const head = 'HTTP/1.1\r\nHost: p\r\n';
  const [line, headers, fields, body] = [1024, 16384, 64, 4096];  // the limits as they are set
  const zeros = Buffer.alloc(body + 1);
  const post = (headers, body) => writeRequest({method: 'POST', headers: {...fromPage, ...json, ...headers}, body});
  const bombs = [
    ['a target a byte too long', () => `GET /${'x'.repeat(line)} ${head}\r\n`, [431]],
    ['a line that does not end', () => `GET /${'x'.repeat(headers)}`, [431]],
    ['a header that does not end', () => `GET / ${head}A: ${'x'.repeat(headers)}`, [431]],
    ['65 headers', () => `GET / ${head}${'A: b\r\n'.repeat(fields)}\r\n`, [431]],
    ['65 headers without a value', () => `GET / ${head}${'a:\r\n'.repeat(fields)}\r\n`, [431]],
    ['a length of 4,097', () => Buffer.concat([post({'Content-Length': body + 1}), zeros]), [413]],
    ['a chunk of 4,097 bytes', () => Buffer.concat([post(chunked, '1001\r\n'), zeros]), [400]],
    ['4,097 bytes in chunks', () => post(chunked, inChunks(zeros, 256)), [400]],
    ['17 kB for 1,500 bytes in chunks', () => post(chunked, '00000001\r\nx\r\n'.repeat(1500)), [400]],
    ['a chunk of 4 GB', () => post(chunked, `ffffffff\r\n${'x'.repeat(9000)}`), [400]],
    ['a size that would wrap', () => post(chunked, `10000000000000001\r\nx\r\n0\r\n\r\n`), [400]],
    ['a size of noughts', () => post(chunked, '0'.repeat(headers)), [400]],
    ['an extension without an end', () => post(chunked, `1;${'x'.repeat(headers)}`), [400]],
    ['trailers without an end', () => post(chunked, `0\r\n${'A: b\r\n'.repeat(4000)}`), [400]],
    ['a body without a length', () => Buffer.concat([post({'Content-Length': undefined}), zeros]), [400, 411, 415]],
    ['4,097 bytes in a small gzip', () => post({'Content-Encoding': 'gzip'}, gzipSync(zeros)), [415]],
    ['4,097 bytes in a small brotli', () => post({'Content-Encoding': 'br'}, brotliCompressSync(zeros)), [415]],
    ['a multipart', () => post({'Content-Type': 'multipart/form-data; boundary=x'}, '--x\r\n\r\na\r\n--x--\r\n'), [415]],
    ['a body of 4,097 bytes', () => post({}, 'x'.repeat(4097)), [413]],
  ];
  for (const [what, bytes, statuses] of bombs) {
    test(`${what}: refused or cut, and nothing of it is kept`, async () => {
      const sent = bytes();
      const before = privateKilobytes();
      for (let i = 0; i < 3; i += 1) {
        const {text, closed} = await converse(proxy.port, sent, {ends: false});
        assert.ok(closed);
        // Who goes on sending after a refusal may see a reset instead of the refusal.
        if (text) assert.ok(statuses.includes(readAnswers(text)[0].status), text.slice(0, 60));
      }
      const grown = privateKilobytes() - before;
      assert.ok(grown < 32 << 10, `${grown} kB more`);
      assert.equal(await login(), 201);
    });
  }
  test('ranges of a file are answered with the file, once', async () => {
    const answer = await ask(proxy.port, {target: '/index.html', headers: {Range: 'bytes=0-,1-,2-'}});
    assert.deepEqual([answer.status, answer.body.length], [200, 38]);
    assert.equal(answer.header('content-range'), undefined);
    const {text} = await converse(proxy.port, writeRequest({target: '/large.txt', headers: {Range: 'bytes=0-,0-,0-'}}), {ends: false});
    assert.equal(readAnswers(text)[0].body.length, 8 << 20);
  });
  test('"Expect: 100-continue" is not answered by one', async () => {
    const answer = await ask(proxy.port, {method: 'POST', headers: {...fromPage, ...json, Expect: '100-continue'}, body: '{}'});
    assert.equal(answer.code, 'bad_json');
  });
});

describe('stack exhaustion: long paths', () => {
  test('the longest paths, on threads with 2 MiB of stack: 404, and it goes on', async () => {
    const before = ['sh', '-c', 'ulimit -s 2048; exec "$0" "$@"'];
    const small = await deployment.serve(deployment.settings(github), {before});
    const {port} = small;
    for (const unit of ['x', '/', 'a/', '(', '(a*)*b', '.*', '%41', 'ab|', '[', '\\d']) {
      for (const prefix of ['/v1/session', '/v1/', '/a/', '/']) {
        const target = prefix + unit.repeat(1024).slice(0, 1024 - prefix.length);
        const answer = await ask(port, {target, headers: fromPage});
        assert.ok([404, 400].includes(answer.status), answer.line);
      }
    }
    assert.equal((await ask(port, {target: `/${'x'.repeat(8192)}`})).status, 431);
    const {pair} = cookieOf(await signIn(port, await github.code()));
    assert.equal(await whoIs(port, pair), 'ada-page');
    assert.equal(await small.stop(), 0);
  });
});
