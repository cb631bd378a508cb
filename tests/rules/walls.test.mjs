// The walls between the rooms, as grep: each library in the one or two sources that its header says, and no room
// reaching where it must not.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

const tracked =
    execFileSync(
        'git', ['ls-files', '-co', '--exclude-standard', 'wasm', 'proxy', 'tests', 'web', 'script', 'index.html'], {encoding: 'utf8'})
        .split('\n')
        .filter((name) => /\.(cpp|h|js|mjs|html)$/.test(name) && !name.includes('node_modules'));
const files = tracked.map((name) => ({name, text: readFileSync(name, 'utf8')}));

const filesWith = (pattern, among) => files.filter(({name, text}) => among.test(name) && pattern.test(text)).map(({name}) => name).sort();

test('cpp-httplib is included by the router alone', () => {
  assert.deepEqual(filesWith(/#include [<"]httplib\.h/, /^(wasm|proxy)\//), ['proxy/gate/router.cpp']);
});

test('libcurl is included by what opens it alone', () => {
  assert.deepEqual(filesWith(/#include <curl\//, /^(wasm|proxy)\//), ['proxy/github/libcurl.h']);
});

test('libevent is included by the gate alone', () => {
  for (const name of filesWith(/#include <event2\//, /^(wasm|proxy)\//)) assert.match(name, /^proxy\/gate\//);
});

test('CLI11 is included in one source', () => {
  assert.equal(filesWith(/#include <CLI\//, /^(wasm|proxy)\//).length, 1);
});

test('prometheus-cpp is included by the metrics alone, and of it the core only', () => {
  assert.deepEqual(filesWith(/#include [<"]prometheus\//, /^(wasm|proxy|tests)\/.*\.(cpp|h)$/), ['proxy/telemetry/metrics.cpp']);
  assert.deepEqual(filesWith(/prometheus\/(exposer|gateway)\.h/, /^proxy\//), []);
});

test('JSON is parsed by the one strict reader alone', () => {
  assert.deepEqual(filesWith(/nlohmann/, /^(wasm|proxy)\/.*\.(cpp|h)$/), ['proxy/base/json.cpp', 'proxy/base/json.h']);
  assert.deepEqual(filesWith(/\bJson::(sax_)?parse\b/, /^(wasm|proxy)\//), ['proxy/base/json.cpp']);
});

test('Emscripten is known to exports.cpp alone, and to the library that links a C++ program to the browser', () => {
  for (const name of filesWith(
      /#include <emscripten|__wasm|__EMSCRIPTEN__|\bEM_(JS|ASM|BOOL)\b|LibraryManager/, /^(wasm|proxy|web)\/.*\.(cpp|h|js)$/)) {
    assert.ok(['wasm/exports.cpp', 'web/cpp/browser.js'].includes(name), name);
  }
});

test('the C++ client includes the pure room alone', () => {
  assert.deepEqual(filesWith(/#include "(?!wasm\/|web\/cpp\/)/, /^web\/cpp\//), []);
});

test('the pure room has no clock, no random, no environment, no file and no socket', () => {
  const impure = /#include <(ctime|chrono|random|fstream|iostream|cstdio|filesystem|thread|mutex|atomic|sys\/|unistd)|getenv|std::rand/;
  assert.deepEqual(filesWith(impure, /^wasm\//), []);
});

test('the pure room includes nothing of the proxy, and nobody includes the tests but the tests', () => {
  assert.deepEqual(filesWith(/#include "proxy\//, /^wasm\//), []);
  assert.deepEqual(filesWith(/#include "tests\//, /^(wasm|proxy)\//), []);
});

test('the environment is read by settings and main alone', () => {
  for (const name of filesWith(/\bgetenv\b|\benviron\b/, /^(wasm|proxy)\//)) {
    assert.match(name, /^proxy\/(settings\/|main\.cpp|command_line\.cpp)/, name);
  }
});

test('no std::regex of ours, no PKCE but S256, no switch that turns TLS verification off', () => {
  assert.deepEqual(filesWith(/std::regex|#include <regex>/, /^(wasm|proxy)\//), []);
  assert.deepEqual(filesWith(/code_challenge_method=plain/, /^(wasm|proxy|web)\//), []);
  assert.deepEqual(filesWith(/SSL_VERIFY(PEER|HOST),\s*0/, /^proxy\//), []);
});

test('the page builds no HTML from text and posts nothing to everyone', () => {
  assert.deepEqual(
      filesWith(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage\([^)]*'\*'/, /^(web\/|index\.html)/), []);
  assert.deepEqual(filesWith(/<script(?![^>]*\bsrc=)|\son[a-z]+="|\sstyle="/, /^index\.html$/), []);
});
