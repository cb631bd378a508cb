// bundle.mjs WASM ESBUILD ARGUMENT...: runs esbuild with the hash of portero.wasm put in, so that a browser refuses a
// changed one. SHA-256, the shortest there is, since every page carries it. The sources as they lie in the tree say
// nothing, and so check nothing.
import {spawnSync} from 'node:child_process';
import {sri} from './sri.mjs';

const [wasm, esbuild, ...rest] = process.argv.slice(2);
const {status} = spawnSync(
  esbuild,
  [`--define:import.meta.wasmIntegrity=${JSON.stringify(sri(wasm, 'sha256'))}`, ...rest],
  {stdio: 'inherit'},
);
process.exit(status ?? 1);
