// The module of a page, loaded once for all its clients. Refuses to know what it does (core.js).
import {loadCore} from './core.js';
import {part} from './within.js';

/** @type {ReturnType<typeof loadCore> | undefined} */
let loaded;

/** Throws `core_unavailable`. @param {number} time to wait for it, in ms */
export const load = (time) =>
  part(time, (signal) => {
    loaded ??= loadCore(new URL('../portero.wasm', import.meta.url), signal);
    loaded.catch(() => (loaded = undefined)); // the next try loads again
    return loaded;
  });
