/** A Vite plugin: puts portero.js first in every page's head, and leaves portero.wasm and the style files of their own. */
export default function portero(): {name: string};
