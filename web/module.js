// The module of a page, loaded once for all its clients. Refuses to know what it does (core.js).
import {loadCore} from './core.js';
import {part} from './within.js';

/** @type {ReturnType<typeof loadCore> | undefined} */
let loaded;

/** Throws `core_unavailable`. @param {number} end of the wait, by performance.now() */
export const load = (end) =>
  part(end, (signal) => {
    loaded ??= loadCore(new URL('../portero.wasm', import.meta.url), signal);
    loaded.catch(() => (loaded = undefined)); // the next try loads again
    return loaded;
  });
