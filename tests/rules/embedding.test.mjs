// docs/embedding.md names every attribute, part, event, slot, property and option there is, and none that is not.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {GitHubSignInElement} from '../../web/element.js';

const read = (path) => readFileSync(path, 'utf8');
const text = read('docs/embedding.md');
const element = read('web/element.js') + read('web/nodes.js');
const css = read('web/github-sign-in.css');
const types = read('web/npm/index.d.ts');
const client = read('web/client.js');

/** The names in a column of the table below a heading: what stands first in backquotes. */
function named(heading, column = 0) {
  const section = text.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^#/m)[0];
  assert.ok(section, heading);
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 0, heading);
  return rows.map((row) => /^`([^`(]+)/.exec(row.split('|')[column + 1].trim())[1]);
}
const sorted = (names) => [...new Set(names)].sort();
const all = (source, pattern) => [...source.matchAll(pattern)].map((found) => found[1]);
const equal = (documented, there) => {
  assert.deepEqual(documented.filter((name, i) => documented.indexOf(name) !== i), [], 'named twice');
  assert.deepEqual(sorted(documented), sorted(there));
};
/** The members of an interface of the package's types. */
const members = (name) =>
    all(new RegExp(`interface ${name}[^{]*\\{([^]*?)\\n\\}`).exec(types)[1], /^ {2}(?:readonly )?'?([\w:-]+)'?(?:\??:|\()/gm);

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const written = all(/const properties = \[([^\]]*)\]/.exec(element)[1], /'(\w+)'/g)
  .map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));

test('attributes, and the property of each', () => {
  assert.ok(written.length >= 7);
  equal(named('Attributes'), [...written, 'lang', 'state']);
  assert.deepEqual(named('Attributes', 1), named('Attributes').map(camel));
  for (const name of GitHubSignInElement.observedAttributes) assert.ok(named('Attributes').includes(name), name);
});

test('properties and methods', () => {
  const inherited = /^(constructor|connectedCallback|disconnectedCallback|attributeChangedCallback|handleEvent)$/;
  const own = Object.getOwnPropertyNames(GitHubSignInElement.prototype).filter((name) => !inherited.test(name));
  equal([...named('Properties and methods'), ...named('Attributes', 1)], [...own, 'lang']);
});

test('events', () => {
  equal(named('Events'), ['change', ...members('GitHubSignInEventMap')]);
});

test('members of a user', () => {
  const listed = /`\{(id, [^}]*)\}`/.exec(text)[1].split(', ');
  equal(listed, members('User'));
});

test('parts', () => {
  const made = all(element, /\b(?:make|item)\(\s*'\w+',\s*'([\w -]+)'/g).flatMap((parts) => parts.split(' '));
  const drawn = ['web/popup.js', 'web/reload.js', 'web/trouble.js'].flatMap((path) => all(read(path), /'part', '([\w -]+)'/g));
  equal(named('Parts'), [...made, ...drawn.flatMap((parts) => parts.split(' ')), ...all(element, /`([\w-]+) \$\{part\}`/g)]);
  const styled = all(css, /\[part~?=([\w-]+)\]/g);
  assert.deepEqual(styled.filter((name) => !named('Parts').includes(name)), [], 'the style knows no other');
});

test('slots', () => {
  equal(named('Slots'), all(element, /\bslot\('([\w-]+)'/g));
});

test('custom properties', () => {
  equal(named('Custom properties'), all(css, /var\((--[\w-]+)/g));
});

test('the JavaScript API, and its options', () => {
  const [, options] = /`signIn\(options\)`.*Options: (.*) \|/.exec(text);
  equal(all(options, /`(\w+)`/g), members('SignInOptions'));
  equal(named('From JavaScript'), members('Client'));
  for (const name of members('Client')) {
    assert.match(client, new RegExp(`^  (async |get )?${name}(\\(| =|;)`, 'm'), name);
  }
});

test('languages', () => {
  assert.match(read('web/messages.js'), /export const languages = \{en, es: \(\) => import\('\.\/es\.js'\)/);
});
