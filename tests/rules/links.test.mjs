// Every link from one of our documents to another leads somewhere: the file is there, and so is the heading.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {test} from 'node:test';

const documents = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {encoding: 'utf8'}).split('\n')
  .filter((name) => name && existsSync(name));
const plain = (text) => text.replace(/^```[^]*?^```/gm, '').replace(/^ {3,}```[^]*?^ {3,}```/gm, '');

/** The anchors GitHub gives a document's headings. */
function anchorsOf(name) {
  const counts = new Map();
  return new Set([...plain(readFileSync(name, 'utf8')).matchAll(/^#{1,6} +(.+?)\s*$/gm)].map(([, heading]) => {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count ? `${slug}-${count}` : slug;
  }));
}

/** {from, target} of every link and picture that stays in this repository; code is not read. */
const links = documents.flatMap(
    (from) =>
        [...plain(readFileSync(from, 'utf8')).replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, '')).matchAll(/\]\(([^)\s]+)\)/g)]
            .map(([, target]) => ({from, target}))
            .filter(({target}) => !/^[a-z]+:/.test(target)));

test('there are documents, and they link to each other', () => {
  for (const name of [
    'README.md', 'README.es.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/hosting.md', 'docs/embedding.md'
  ]) {
    assert.ok(documents.includes(name), name);
  }
  assert.ok(links.length > 40);
});

test('every link leads to a file, and to a heading of it', () => {
  const broken = links.filter(({from, target}) => {
    const [path, anchor] = target.split('#');
    const file = path ? normalize(join(dirname(from), path)) : from;
    if (file.startsWith('..') || !existsSync(file)) return true;
    return anchor !== undefined && (statSync(file).isDirectory() || !anchorsOf(file).has(anchor));
  });
  assert.deepEqual(broken, []);
});

test('every document in docs/ is linked from README, and so is its reader in the other language', () => {
  const from = (name) => links.filter((link) => link.from === name).map(({target}) => target.split('#')[0]);
  for (const readme of ['README.md', 'README.es.md']) {
    const missing = documents.filter((name) => /^docs\/[\w-]+\.md$/.test(name) && !from(readme).includes(name));
    assert.deepEqual(missing, [], readme);
  }
  assert.ok(from('README.md').includes('README.es.md'));
  assert.ok(from('README.es.md').includes('README.md'));
});
