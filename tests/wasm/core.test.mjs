// portero.wasm through web/core.js, on the vectors that the native build is tested with.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {test} from 'node:test';
import {loadCore} from '../../web/core.js';
import {load, wasm as bytes} from '../core.mjs';

const at = (path) => new URL(`../../${path}`, import.meta.url);
const vectors = (name) => JSON.parse(readFileSync(at(`tests/vectors/${name}`), 'utf8'));
const hex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const core = await load();

/** What a call yields: {value} or {code}. */
function outcome(call) {
  try {
    return {value: call()};
  } catch (error) {
    return {code: error.code};
  }
}

async function whileServing(answer, use) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/portero.wasm`);
  } finally {
    server.close();
    server.closeAllConnections?.();
  }
}

test('the module imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
});

test('the module exports its memory, the calls of the boundary, and nothing else', () => {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({name}) => name).sort();
  assert.deepEqual(names, [
    'memory', ...['begin', 'buffer', 'capacity', 'finish', 'prepare', 'return_to', 'wipe'].map((name) => `portero_${name}`)
  ]);
});

test('the module does not carry the sentences for operators', () => {
  assert.ok(!bytes.includes('Start the sign-in again'));
});

test('prepare writes the verifier of RFC 7636 Appendix B', () => {
  const {octets, code_verifier} = vectors('pkce.json');
  const entropy = new Uint8Array(64);
  entropy.set(hex(octets), 32);
  assert.deepEqual(core.prepare(entropy, false), {state: `portero.${'A'.repeat(43)}`, code_verifier});
  assert.deepEqual(core.prepare(entropy, true), {state: `portero-popup.${'A'.repeat(43)}`, code_verifier});
});

test('prepare refuses any other amount of entropy', () => {
  for (const size of [0, 32, 63, 65, 40000]) assert.ok(outcome(() => core.prepare(new Uint8Array(size), false)).code, String(size));
});

const begin = vectors('begin.json');
for (const one of begin.cases) {
  test(`begin ${JSON.stringify(one.name)}`, () => {
    const {value, code} = outcome(
        () =>
            core.begin({...begin.settings, ...one.settings}, one.options ?? {}, {...begin.prepared, ...one.prepared}, hex(begin.digest)));
    assert.equal(value, one.url);
    assert.equal(code, one.error);
  });
}

const finish = vectors('finish.json');
for (const one of finish.cases) {
  test(`finish ${one.name}`, () => {
    const pending = {...finish.pending, ...one.pending};
    const {value, code} = outcome(() => core.finish(one.query, pending, one.now ?? finish.now));
    assert.equal(value?.code, one.code);
    assert.equal(code, one.error);
    if (value) assert.equal(value.code_verifier, pending.code_verifier);
  });
}

test('a return_to may be anywhere on the page itself', () => {
  for (const line of vectors('return_to.json').accepted) assert.equal(core.returnTo(line), true, line);
});

test('a return_to is refused in a hundred ways to leave the page', () => {
  for (const line of vectors('return_to.json').refused) assert.equal(core.returnTo(line), false, line);
});

test('a browser agrees that an accepted return_to stays on the origin', () => {
  for (const page of ['https://page.example/app/', 'https://page.example/']) {
    for (const line of vectors('return_to.json').accepted) {
      const url = new URL(line, page);
      assert.equal(url.origin, 'https://page.example', line);
      assert.equal(new URL(url.pathname, url).origin, 'https://page.example', line);
    }
  }
});

test('the module names what it refuses with, and carries no other name', () => {
  for (const name of ['bad_request', 'state_mismatch', 'redirect_uri_mismatch', 'proxy_misconfigured']) {
    assert.ok(bytes.includes(name), name);
  }
  for (const name of ['no_session', 'origin_refused', 'core_unavailable', 'internal']) assert.ok(!bytes.includes(name), name);
});

test('what is longer than the buffer is refused, not written beside it', () => {
  assert.equal(outcome(() => core.finish('a'.repeat(1 << 20), finish.pending, 0)).code, 'bad_request');
  const long = finish.cases[0].query.replace(finish.cases[0].code, 'a'.repeat(1 << 16));
  assert.equal(outcome(() => core.finish(long, finish.pending, finish.now)).code, 'bad_request');
  assert.equal(core.returnTo('/' + 'a'.repeat(1 << 20)), false);
  assert.equal(core.returnTo('/'), true);
});

test('no secret is left in the memory after a call', async () => {
  const {instance} = await WebAssembly.instantiate(bytes);
  const pick = WebAssembly.instantiate;
  WebAssembly.instantiate = async () => ({instance});
  const watched = await load(bytes).finally(() => { WebAssembly.instantiate = pick; });
  const memory = () => Buffer.from(instance.exports.memory.buffer);
  const before = memory();
  const {code} = watched.finish(finish.cases[0].query, finish.pending, finish.now);
  for (const secret of [code, finish.pending.code_verifier, finish.pending.state]) assert.equal(memory().indexOf(secret), -1);
  const prepared = watched.prepare(new Uint8Array(64).fill(9), false);
  assert.equal(memory().indexOf(prepared.code_verifier), -1);
  assert.equal(memory().length, before.length);
});

test('a hundred thousand calls need no more memory', () => {
  const entropy = new Uint8Array(64);
  for (let i = 0; i < 100000; ++i) core.prepare(entropy, false);
});

test('a request that lies about its lengths is refused', async () => {
  const {instance: {exports: wasm}} = await WebAssembly.instantiate(bytes);
  const calls = ['prepare', 'begin', 'finish', 'return_to'].map((name) => wasm[`portero_${name}`]);
  const start = wasm.portero_buffer();
  const badRequest = 1;
  const refusal = 1 + 4 + 'bad_request'.length;
  for (const call of calls) {
    for (const [field, length] of [
      [0xffffffff, 8], [5, 8], [0x80000000, 32768], [0, 3], [0, 0], [0, -1], [0, 0x7fffffff], [32768, 32768]
    ]) {
      new DataView(wasm.memory.buffer).setUint32(start, field, true);
      assert.equal(call(length), refusal);
      assert.equal(new Uint8Array(wasm.memory.buffer)[start], badRequest);
      wasm.portero_wipe();
    }
  }
});

test('a wrong MIME type is no reason to fail', async () => {
  for (const type of ['application/wasm', 'application/octet-stream', 'application/wasm; charset=utf-8', '']) {
    const loaded =
        await whileServing((request, response) => response.writeHead(200, type ? {'content-type': type} : {}).end(bytes), loadCore);
    assert.equal(loaded.returnTo('/'), true, type);
  }
});

test('a module that is missing, broken or unreachable is none', async () => {
  await whileServing((request, response) => response.writeHead(404).end(bytes), (url) => assert.rejects(loadCore(url)));
  await whileServing(
      (request, response) => response.writeHead(200, {'content-type': 'application/wasm'}).end('<html>'),
      (url) => assert.rejects(loadCore(url)));
  await whileServing((request) => request.socket.destroy(), (url) => assert.rejects(loadCore(url)));
  await assert.rejects(load(bytes.subarray(0, 100)));
});
