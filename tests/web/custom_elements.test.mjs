// custom-elements.json, which editors and documentation read, says of the sources what is so: nothing is missing from
// it and nothing in it is made up.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import * as index from '../../web/index.js';

const read = (path) => readFileSync(path, 'utf8');
const manifest = JSON.parse(read('web/npm/custom-elements.json'));
const [module] = manifest.modules;
const element = module.declarations.find(({customElement}) => customElement);
const source = read('web/element.js') + read('web/nodes.js');
const style = read('web/github-sign-in.css');
const types = read('web/npm/index.d.ts');

const all = (pattern, text) => [...new Set([...text.matchAll(pattern)].map(([, found]) => found))].sort();
const namesOf = (list) => list.map(({name}) => name).sort();
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const reflected = all(/'(\w+)'/g, /^const properties = \[(.*)\];$/m.exec(source)[1]).map(kebab);

test('attributes: what the element reads, what it observes, and the one it writes', () => {
  const written = all(/attribute\(this, '([\w-]+)'/g, source);
  assert.deepEqual(written, ['state']);
  assert.deepEqual(
      namesOf(element.attributes), [...new Set([...reflected, ...index.GitHubSignInElement.observedAttributes, ...written])].sort());
});

test('properties: one an attribute, what the class has besides, and what its type says', () => {
  const fields = element.members.filter(({kind}) => kind === 'field');
  const own = Object.entries(Object.getOwnPropertyDescriptors(index.GitHubSignInElement.prototype));
  assert.deepEqual(namesOf(fields), own.filter(([, {get}]) => get).map(([name]) => name).sort());
  assert.deepEqual(
      fields.filter(({readonly}) => readonly).map(({name}) => name).sort(),
      own.filter(([, {get, set}]) => get && !set).map(([name]) => name).sort());
  assert.deepEqual(fields.filter(({readonly}) => !readonly).map(({name}) => name).sort(), reflected.map(camel).sort());
  for (const {name, attribute, reflects} of fields.filter((field) => field.attribute)) {
    assert.equal(reflects, true, name);
    assert.equal(camel(attribute), name);
    assert.equal(element.attributes.find((one) => one.name === attribute).fieldName, name);
  }
  const typed = /^export declare class GitHubSignInElement.*?^}/ms.exec(types)[0];
  assert.deepEqual(all(/^ {2}(?:readonly |get )?(\w+)(?:(?<=get \w+)\(\))?: /gm, typed), namesOf(fields));
});

test('methods: those of the class that are for a page to call', () => {
  const platform = ['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'handleEvent'];
  const methods = Object.getOwnPropertyNames(index.GitHubSignInElement.prototype)
      .filter((name) => typeof Object.getOwnPropertyDescriptor(index.GitHubSignInElement.prototype, name).value === 'function');
  assert.deepEqual(
      namesOf(element.members.filter(({kind}) => kind === 'method')), methods.filter((name) => !platform.includes(name)).sort());
});

test('events: those of the types, under the name that the element gives them', () => {
  const typed = all(/^ {2}'(github-sign-in:[\w-]+)'/gm, types);
  assert.ok(typed.length === 3 && source.includes("'github-sign-in:' + state"));
  assert.ok(source.includes("new Event('change',"));
  assert.deepEqual(namesOf(element.events), ['change', ...typed]);
});

test('slots', () => {
  assert.deepEqual(namesOf(element.slots), all(/\bslot\('(\w+)',/g, source));
});

test('parts: every one that is made; the style names no other', () => {
  const rare = ['popup', 'reload', 'trouble'].map((name) => read(`web/${name}.js`)).join();  // what only few see is made there
  const made = [...all(/\b(?:make|item)\(\s*'\w+',\s*'([^']+)'/g, source), ...all(/setAttribute\('part', '([^']+)'\)/g, rare)]
      .flatMap((part) => part.split(' '));
  const shared = all(/\bmake\(tag, `(\w+) \$\{part\}`/g, source); // what every item is, beside its own name
  const parts = [...new Set([...made, ...shared])].sort();
  assert.ok(parts.length > 10);
  assert.deepEqual(namesOf(element.cssParts), parts);
  for (const part of all(/\[part~?=([\w-]+)\]/g, style)) assert.ok(parts.includes(part), part);
});

test('custom properties: every one in the style, with its default where that is a plain one', () => {
  assert.deepEqual(namesOf(element.cssProperties), all(/var\((--[\w-]+)/g, style));
  for (const {name, default: usual} of element.cssProperties.filter((property) => property.default)) {
    assert.ok(style.includes(`var(${name}, ${usual})`), name);
  }
});

test('what the module exports, each declared', () => {
  const exported = namesOf(module.exports);
  assert.deepEqual(exported, Object.keys(index).sort());
  assert.deepEqual(namesOf(module.declarations), exported);
  assert.deepEqual(all(/^export (?:declare )?(?:function|class|const) (\w+)/gm, types), exported);
});

test('it is a manifest of the schema, and says something of everything', () => {
  assert.match(manifest.schemaVersion, /^[12]\.\d+\.\d+$/);
  for (const {kind, path} of manifest.modules) assert.ok(kind === 'javascript-module' && path.startsWith('web/'));
  for (const list of ['attributes', 'events', 'slots', 'cssParts', 'cssProperties']) {
    assert.equal(new Set(namesOf(element[list])).size, element[list].length, list);
    for (const {name, description} of element[list]) assert.ok(description, `${list}: ${name}`);
  }
});
