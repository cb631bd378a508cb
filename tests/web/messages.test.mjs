// Every error has a sentence for a visitor, and the sentences name only errors there are.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {messages, sentence, sentences} from '../../web/messages.js';

const header = readFileSync(new URL('../../wasm/error.h', import.meta.url), 'utf8');
const codes = [...header.matchAll(/^ {2}k(\w+) = \d+,/gm)]
    .map(([, name]) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase());

// What a visitor can neither cause nor mend: our own faults, all with the last sentence.
const ours = new Set(['bad_request', 'bad_json', 'header_missing', 'not_found', 'method_not_allowed', 'too_large',
  'unsupported_media_type', 'headers_too_large', 'internal', 'session_too_large']);

test('wasm/error.h is read whole', () => assert.ok(codes.length > 40 && codes.includes('state_unknown')));

for (const code of codes) {
  test(`${code} has its sentence`, () => {
    const text = sentence({code});
    assert.match(text, /^[A-Z].{20,140}\.$/);
    assert.equal(text === sentences[''], ours.has(code));
  });
}

test('every code that has a sentence is an error there is', () => {
  const named = Object.keys(sentences).flatMap((group) => group.split(' ')).filter(Boolean);
  assert.deepEqual(named.filter((code) => !codes.includes(code)), []);
  assert.equal(new Set(named).size, named.length);
});

test('a code of tomorrow, and none at all, get the last sentence', () => {
  assert.equal(sentence({code: 'of_tomorrow'}), sentences['']);
  assert.equal(sentence(), sentences['']);
});

test('a wait is told in seconds', () => {
  assert.ok(sentence({code: 'overloaded', retry_after: 7}).endsWith(messages.wait(7)));
  assert.match(messages.wait(7), /\b7\b/);
});
