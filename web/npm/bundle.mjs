// bundle.mjs WASM CSS ESBUILD ARGUMENT...: runs esbuild with the SHA-384 of what the scripts fetch put in, so that
// a browser refuses a changed portero.wasm. The sources as they lie here say nothing, and so check nothing.
import {spawnSync} from 'node:child_process';
import {sri} from './sri.mjs';

const [wasm, css, esbuild, ...rest] = process.argv.slice(2);
const put = (name, path) => `--define:import.meta.${name}=${JSON.stringify(sri(path))}`;
const {status} = spawnSync(esbuild, [put('wasmIntegrity', wasm), put('cssIntegrity', css), ...rest], {stdio: 'inherit'});
process.exit(status ?? 1);
