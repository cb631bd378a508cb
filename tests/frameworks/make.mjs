// Makes a site of tests/frameworks/NAME in build/frameworks/NAME: its packages at the versions it names, as they were on one
// day, and portero as it is packed from this tree. Refuses to run what a package would run when it is installed.
import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join, relative, resolve} from 'node:path';

const root = 'build/frameworks';
const packagesOf = '2026-11-28T12:00:00Z';
const nodeVersion = '24.22.3';  // two of the generators want more than Debian has
const standsFor = 'https://auth.example.com';  // in the sites, as in docs/frameworks.md, the proxy
const install = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier',
  `--before=${packagesOf}`];
const quiet = {ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', CI: '1', NO_COLOR: '1'};

function run(cwd, command, args, env = {}) {
  const {status, stdout, stderr} = spawnSync(
      command, args, {cwd, encoding: 'utf8', maxBuffer: 1 << 26, env: {...process.env, ...quiet, ...env}});
  return {status, said: `${stdout}${stderr}`};
}

function must(what, {status, said}) {
  if (status !== 0) throw new Error(`${what} ends with ${status}:\n${said.slice(-3000)}`);
  return said;
}

/** Installs what the package.json of `place` names, unless it is there from the last time. */
function installInto(place) {
  const stamp = join(place, 'node_modules/.portero-stamp');
  const wanted = readFileSync(join(place, 'package.json'), 'utf8') + packagesOf;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(join(place, 'node_modules'), {recursive: true, force: true});
  must(`npm install in ${place}`, run(place, 'npm', install));
  mkdirSync(join(place, 'node_modules'), {recursive: true});
  writeFileSync(stamp, wanted);
}

let environment;
/** The environment in which the sites are built: a Node of its own comes first. */
function withNode() {
  if (environment) return environment;
  const place = join(root, 'node');
  const name = `node-linux-${process.arch}`;
  mkdirSync(place, {recursive: true});
  writeFileSync(join(place, 'package.json'), JSON.stringify({private: true, dependencies: {[name]: nodeVersion}}));
  installInto(place);
  return (environment = {PATH: `${resolve(place, 'node_modules', name, 'bin')}:${process.env.PATH}`});
}

let packed;
/** The package's tarball. */
export function tarball() {
  if (packed) return packed;
  const place = resolve(root, 'package');
  rmSync(place, {recursive: true, force: true});
  execFileSync('cmake', ['--install', 'build/wasm', '--component', 'npm', '--prefix', place], {stdio: 'ignore'});
  const [{filename}] = JSON.parse(execFileSync('npm', ['pack', '--json', '--offline'], {cwd: place, encoding: 'utf8'}));
  return (packed = join(place, filename));
}

/** Writes the proxy's address where the site, as docs/frameworks.md, has https://auth.example.com. */
function nameProxy(name, place, proxy) {
  for (const file of readdirSync(join('tests/frameworks', name), {recursive: true, withFileTypes: true}).filter((one) => one.isFile())) {
    const path = join(place, relative(join('tests/frameworks', name), file.parentPath), file.name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(standsFor, proxy));
  }
}

/** Lays the site out, with its packages, for a proxy; gives its folder. */
export function layOut(name, proxy) {
  const place = resolve(root, name);
  mkdirSync(place, {recursive: true});
  for (const file of readdirSync(place)) if (file !== 'node_modules') rmSync(join(place, file), {recursive: true});
  cpSync(join('tests/frameworks', name), place, {recursive: true});
  nameProxy(name, place, proxy);
  installInto(place);
  const ours = join(place, 'node_modules/portero');
  rmSync(ours, {recursive: true, force: true});
  mkdirSync(ours);
  execFileSync('tar', ['-xzf', tarball(), '-C', ours, '--strip-components=1']);
  return place;
}

/** Runs a script of the site's package.json, or a program of its packages: {status, said}. */
export function runIn(place, script, ...args) {
  return run(place, 'npm', [...script === 'build' ? ['run', script] : ['exec', '--offline', '--', script], ...args], withNode());
}

/** Builds it. */
export const buildSite = (place) => must(`the build of ${place}`, runIn(place, 'build'));
