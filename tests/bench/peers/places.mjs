// Where script/bench puts what it unpacks, and where we are.
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';

export const here = resolve('tests/bench/peers');
const unpacked = resolve('build/peers/debian');
export const nodePeers = resolve('build/peers/node');
export const results = resolve('build/peers/results');
export const nginx = resolve('build/servers/usr/sbin/nginx');

const machine = execFileSync('g++', ['-print-multiarch'], {encoding: 'utf8'}).trim();
/** A file of a package of Debian's: as script/bench unpacks it, or where it is if the machine has the package. */
export const debian = (path) => (existsSync(join(unpacked, path)) ? join(unpacked, path) : `/${path}`);

/** The environment of an unpacked program, whose libraries are unpacked beside it. */
export const withLibraries = {
  LD_LIBRARY_PATH: `${unpacked}/usr/lib/${machine}`, VALGRIND_LIB: debian('usr/libexec/valgrind'),
};
