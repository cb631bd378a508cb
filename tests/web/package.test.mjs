// What is in the tarball and what is not; that importing it does nothing; and its types, as an app gets them.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {digest} from '../../web/npm/sri.mjs';
import {blocksOf, installPackage, run, tsc} from '../packed.mjs';

let packed;
let manifest;

before(() => {
  packed = installPackage();
  manifest = JSON.parse(readFileSync(join(packed.installed, 'package.json'), 'utf8'));
});
after(() => packed?.remove());

test('the tarball holds these files and no others', () => {
  assert.deepEqual(packed.listing.files.map(({path}) => path).sort(), [
    'LICENSE', 'README.md', 'custom-elements.json', 'integrity.json', 'package.json', 'portero.wasm',
    'web/define.d.ts', 'web/define.js', 'web/es.js', 'web/github-sign-in.css', 'web/index.d.ts', 'web/index.js', 'web/jsx.d.ts',
    'web/key.js', 'web/late.js', 'web/options.js', 'web/popup.js', 'web/portero.js', 'web/reload.js', 'web/trouble.js', 'web/vite.d.ts',
    'web/vite.js',
  ]);
});

test('every file of the site that a sign-in needs is in it, byte for byte', () => {
  const {files} = JSON.parse(readFileSync('build/site/integrity.json', 'utf8'));
  assert.ok(Object.keys(files).length >= 5);
  for (const name of [...Object.keys(files), 'web/github-sign-in.css', 'integrity.json']) {
    assert.ok(readFileSync(join(packed.installed, name)).equals(readFileSync(join('build/site', name))), name);
  }
});

test('the command of docs/integrity.md puts our hashes into an import map of the page\'s own', () => {
  const [command] = blocksOf('docs/integrity.md').sh.filter((text) => text.includes('map.json'));
  const ours = JSON.parse(readFileSync('build/site/integrity.json', 'utf8'));
  copyFileSync('build/site/integrity.json', join(packed.app, 'integrity.json'));
  for (const mine of [{imports: {dep: '/dep.js'}}, {integrity: {'/dep.js': 'sha384-x'}, scopes: {}}, {}]) {
    writeFileSync(join(packed.app, 'map.json'), JSON.stringify(mine, null, 2));
    const [, map, hash] = /^<script type="importmap">(.*)<\/script>\n(sha256-\S+)\n$/.exec(run(packed.app, 'sh', '-c', command));
    const {integrity} = JSON.parse(ours.importMap);
    assert.deepEqual(JSON.parse(map), {...mine, integrity: {...mine.integrity, ...integrity}});
    assert.equal(hash, digest('sha256', map));
  }
});

test('it runs nothing when it is installed and needs nothing else', () => {
  for (const key of ['scripts', 'bin', 'dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies', 'gypfile']) {
    assert.equal(manifest[key], undefined, key);
  }
});

test('its version is the project\'s, its licence the tree\'s', () => {
  const [, version] = /project\(portero VERSION ([\d.]+)/.exec(readFileSync('CMakeLists.txt', 'utf8'));
  assert.equal(manifest.version, version);
  assert.equal(manifest.license, 'MIT');
  assert.ok(readFileSync(join(packed.installed, 'LICENSE'), 'utf8').startsWith('MIT License'));
});

test('every name it exports is there, with types where it is a module', () => {
  const inTarball = new Set(packed.listing.files.map(({path}) => `./${path}`));
  for (const [name, target] of Object.entries(manifest.exports)) {
    for (const path of typeof target === 'string' ? [target] : [target.types, target.default]) {
      assert.ok(inTarball.has(path), `${name}: ${path}`);
    }
  }
  for (const path of [manifest.types, `./${manifest.customElements}`, ...manifest.sideEffects]) assert.ok(inTarball.has(path), path);
});

for (const name of ['portero', 'portero/define']) {
  test(`importing ${name} outside a browser does nothing`, () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis).concat(Object.getOwnPropertySymbols(globalThis)).length;
      globalThis.fetch = () => { throw new Error('it fetched'); };
      const {connect, define} = await import('${name}').then((loaded) => import('portero'));
      const after = Object.getOwnPropertyNames(globalThis).concat(Object.getOwnPropertySymbols(globalThis)).length;
      console.log(typeof connect, typeof define, after - before);`;
    // Node would be kept running by a timer or a socket; it ends by itself.
    assert.equal(run(packed.app, process.execPath, '--input-type=module', '-e', script), 'function function 0\n');
  });
}

const strict = {strict: true, noEmit: true, target: 'ES2022', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: []};

function check(name, files, compilerOptions) {
  const config = join(packed.app, `${name}.json`);
  writeFileSync(config, JSON.stringify({compilerOptions: {...strict, ...compilerOptions}, files}));
  const {status, stdout} = spawnSync(process.execPath, [tsc, '-p', config], {encoding: 'utf8'});
  return {status, stdout};
}

for (const [resolution, module] of [['bundler', 'ESNext'], ['nodenext', 'NodeNext']]) {
  test(`a page in TypeScript is checked as it should be: moduleResolution ${resolution}`, () => {
    copyFileSync('tests/types/page.ts', join(packed.app, 'page.ts'));
    assert.deepEqual(check(resolution, ['page.ts'], {module, moduleResolution: resolution}), {status: 0, stdout: ''});
  });
}
