// The npm package as people get it: laid out by the build, packed by npm, installed from its tarball into an app of
// its own. Without a network, as its having no dependencies promises.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

/** Runs a command in `cwd`; what it says on standard output. */
export const run = (cwd, command, ...args) => execFileSync(command, args, {cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/** {app, installed, listing, remove()}: an app's directory, the package inside it, and what npm says of the tarball. */
export function installPackage() {
  const place = mkdtempSync(join(tmpdir(), 'portero-package-'));
  const [laidOut, app, cache] = ['npm', 'app', 'cache'].map((name) => join(place, name));
  const npm = (cwd, ...args) => run(cwd, 'npm', ...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier', '--cache', cache);
  run('.', 'cmake', '--install', 'build/wasm', '--component', 'npm', '--prefix', laidOut);
  const [listing] = JSON.parse(npm(laidOut, 'pack', '--json', '--pack-destination', place));
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private": true, "type": "module"}');
  npm(app, 'install', join(place, listing.filename));
  return {app, installed: join(app, 'node_modules/portero'), listing, remove: () => rmSync(place, {recursive: true, force: true})};
}

/** The fenced blocks of a Markdown file, by language, in order. */
export function blocksOf(path) {
  const blocks = {};
  for (const [, language, text] of readFileSync(path, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)) (blocks[language] ??= []).push(text);
  return blocks;
}

export const tsc = resolve('tests/node_modules/typescript/bin/tsc');
