/**
 * A Vite plugin: puts portero.js first in every page's head, and leaves portero.wasm and the style files of their own.
 * @param options `head: false`: the pages' HTML does not come through Vite and has the lines for portero.js already.
 * Without it a build in which no HTML came through fails, and says which lines to write where.
 */
export default function portero(options?: {head?: boolean}): {name: string};
