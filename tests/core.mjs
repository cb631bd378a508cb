// The page's module as it was built, without a browser that fetches it.
import {readFileSync} from 'node:fs';
import {loadCore} from '../web/core.js';

export const wasm = readFileSync('build/wasm/wasm/portero.wasm');

export const load = (bytes = wasm) => loadCore(`data:application/wasm;base64,${bytes.toString('base64')}`);
