// Every error has a sentence for a visitor in every language, and the sentences name only errors there are.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {describe, test} from 'node:test';
import {language, languages, sentence} from '../../web/messages.js';

const header = readFileSync(new URL('../../wasm/error.h', import.meta.url), 'utf8');
const codes = [...header.matchAll(/^ {2}k(\w+) = \d+,/gm)]
    .map(([, name]) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase());

// What a visitor can neither cause nor fix: our own faults, all with the last sentence.
const ours = new Set(['bad_request', 'bad_json', 'header_missing', 'not_found', 'method_not_allowed', 'too_large',
  'unsupported_media_type', 'headers_too_large', 'internal', 'session_too_large']);

const {en} = languages;
const all = await Promise.all(Object.entries(languages).map(async ([tag, words]) =>
  [tag, typeof words === 'function' ? (await words()).default : words]));

test('wasm/error.h is read whole', () => assert.ok(codes.length > 40 && codes.includes('state_unknown')));

test('there are English and Spanish, and each is a file or here', () => {
  const files = readdirSync(new URL('../../web/', import.meta.url)).filter((name) => /^[a-z]{2}\.js$/.test(name));
  assert.deepEqual(Object.keys(languages).sort(), ['en', ...files.map((name) => name.slice(0, 2))].sort());
  assert.ok(languages.es);
});

for (const [tag, words] of all) {
  describe(`In the language ${tag}`, () => {
    for (const code of codes) {
      test(`${code} has its sentence`, () => {
        const text = sentence(words, {code});
        assert.match(text, /^[\p{Lu}¿¡].{20,160}\.$/u);
        assert.equal(text === words.sentences[''], ours.has(code));
      });
    }

    test('every code that has a sentence is an error there is, once', () => {
      const named = Object.keys(words.sentences).flatMap((group) => group.split(' ')).filter(Boolean);
      assert.deepEqual(named.filter((code) => !codes.includes(code)), []);
      assert.equal(new Set(named).size, named.length);
    });

    test('nothing is missing, and nothing but the English is English', () => {
      assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
      assert.deepEqual(Object.keys(words.sentences).sort(), Object.keys(en.sentences).sort());
      if (tag === 'en') return;
      for (const [key, text] of Object.entries({...words, ...words.sentences})) {
        assert.notEqual(text, ({...en, ...en.sentences})[key], key);
      }
    });

    test('a code of tomorrow, and none at all, get the last sentence', () => {
      assert.equal(sentence(words, {code: 'of_tomorrow'}), words.sentences['']);
      assert.equal(sentence(words), words.sentences['']);
    });

    test('a wait is told in seconds', () => {
      assert.ok(sentence(words, {code: 'overloaded', retry_after: 7}).endsWith(words.wait(7)));
      assert.match(words.wait(7), /\b7\b/);
    });
  });
}

const wishes = [
  [['es'], 'es'], [['es-MX'], 'es'], [['ES-419'], 'es'], [['fr', 'es', 'en'], 'es'], [['fr', 'de'], 'en'], [[], 'en'],
  [['en-GB', 'es'], 'en'], [[''], 'en'], [['constructor'], 'en'], [['est'], 'en'],
];
for (const [wanted, chosen] of wishes) {
  test(`Somebody who reads [${wanted}] gets ${chosen}`, () => assert.equal(language(wanted), chosen));
}
