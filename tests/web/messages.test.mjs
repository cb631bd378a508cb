// Every error has a sentence for a visitor in every language, and the sentences name only errors there are.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {describe, test} from 'node:test';
import {english, rare} from '../../web/trouble.js';
import {language, languages, missing, sentence} from '../../web/messages.js';

const header = readFileSync(new URL('../../wasm/error.h', import.meta.url), 'utf8');
const codes = [...header.matchAll(/^ {2}k(\w+) = \d+,/gm)]
    .map(([, name]) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase());

// What a visitor can neither cause nor fix: our own faults, all with the last sentence.
const ours = new Set(['bad_request', 'bad_json', 'header_missing', 'not_found', 'method_not_allowed', 'too_large',
  'unsupported_media_type', 'headers_too_large', 'internal', 'session_too_large']);

const {setTimeout: wait} = globalThis;
globalThis.setTimeout = (...args) => wait(...args).unref();  // a limit that nothing reaches keeps no process

const {en} = languages;
const core = {...en, sentences: {...en.sentences}};  // as a page has it that has shown no error
const known = Object.keys(core.sentences).filter(Boolean).map((code) => [code, missing('en', {code})]);
const firstSaid = sentence(core, {code: 'access_denied'});
await missing('en', {code: 'access_denied'});
const all = await Promise.all(Object.entries(languages).map(async ([tag, words]) =>
  [tag, typeof words === 'function' ? (await words()).default : words]));

/** All sentences of a language; of the English ones most are in trouble.js. */
const wordsFor = (words) => (words === en ? {...en.sentences, ...english} : words.sentences);

test('wasm/error.h is read whole', () => assert.ok(codes.length > 40 && codes.includes('state_unknown')));

test('there are English and Spanish, and each is a file or here', () => {
  const files = readdirSync(new URL('../../web/', import.meta.url)).filter((name) => /^[a-z]{2}\.js$/.test(name));
  assert.deepEqual(Object.keys(languages).sort(), ['en', ...files.map((name) => name.slice(0, 2))].sort());
  assert.ok(languages.es);
});

test('what can be said without a network is there from the start, and the rest once it was needed', () => {
  assert.deepEqual(known, [['offline', undefined], ['proxy_unreachable', undefined]]);
  assert.equal(firstSaid, en.sentences['']);
  assert.notEqual(sentence(en, {code: 'access_denied'}), en.sentences['']);
  assert.equal(missing('en', {code: 'of_tomorrow', retry_after: 7}), undefined, 'it is asked for once');
});

test('a site\'s own words made of ours say errors as ours do, and those of its own as it says them', () => {
  languages.aa = {...core, signIn: 'Come in'};
  languages.bb = {...core, sentences: {...core.sentences, 'access_denied no_session': 'Never mind.'}};
  languages.cc = {...core, sentences: {'access_denied no_session': 'Rien.', '': 'Autre chose.'}};
  const say = (tag, code) => [missing(tag, {code}), sentence(languages[tag], {code})];
  try {
    assert.deepEqual(say('aa', 'storage_blocked'), [undefined, sentence(en, {code: 'storage_blocked'})]);
    assert.deepEqual(say('bb', 'storage_blocked'), [undefined, sentence(en, {code: 'storage_blocked'})]);
    assert.deepEqual(say('bb', 'no_session'), [undefined, 'Never mind.']);
    assert.deepEqual(say('cc', 'no_session'), [undefined, 'Rien.']);
    assert.deepEqual(say('cc', 'storage_blocked'), [undefined, 'Autre chose.']);
  } finally {
    for (const tag of ['aa', 'bb', 'cc']) delete languages[tag];
  }
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
      const named = Object.keys(wordsFor(words)).flatMap((group) => group.split(' ')).filter(Boolean);
      assert.deepEqual(named.filter((code) => !codes.includes(code)), []);
      assert.equal(new Set(named).size, named.length);
    });

    test('nothing is missing, and nothing but the English is English', () => {
      const few = ['again', 'cancel', 'framed', 'open', 'popup', 'renew', 'wait'];  // of the English ones, these are where they are needed
      assert.deepEqual(Object.keys(words).sort(), [...Object.keys(en), ...tag === 'en' ? [] : few].sort());
      assert.deepEqual(Object.keys(wordsFor(words)).sort(), Object.keys(wordsFor(en)).sort());
      if (tag === 'en') return;
      for (const [key, text] of Object.entries({...words, ...words.sentences})) {
        assert.notEqual(text, ({...en, ...rare, ...wordsFor(en)})[key], key);
      }
    });

    test('a code of tomorrow, and none at all, get the last sentence', () => {
      assert.equal(sentence(words, {code: 'of_tomorrow'}), words.sentences['']);
      assert.equal(sentence(words), words.sentences['']);
    });

    test('a wait is told in seconds', () => {
      const {wait = rare.wait} = words;
      for (const code of ['overloaded', 'offline', 'of_tomorrow']) {
        assert.ok(sentence(words, {code, retry_after: 7}).endsWith(wait(7)), code);
      }
      assert.match(wait(7), /\b7\b/);
    });
  });
}

test('a gate that disagrees with its proxy is for those who run the site: gate_disagrees', () => {
  for (const [, words] of all) {
    assert.match(sentence(words, {code: 'gate_disagrees'}), /server|servidor/);
    assert.match(sentence(words, {code: 'gate_disagrees'}), /people who run|quienes mantienen/);
  }
});

const wishes = [
  [['es'], 'es'], [['es-MX'], 'es'], [['ES-419'], 'es'], [['fr', 'es', 'en'], 'es'], [['fr', 'de'], 'en'], [[], 'en'],
  [['en-GB', 'es'], 'en'], [[''], 'en'], [['constructor'], 'en'], [['est'], 'en'],
];
for (const [wanted, chosen] of wishes) {
  test(`Somebody who reads [${wanted}] gets ${chosen}`, () => assert.equal(language(wanted), chosen));
}
