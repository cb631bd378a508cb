// What Emscripten gives a library of its kind (browser.js), as far as that is used.
interface PorteroEntry {
  /** null until the page's modules are there. */
  client: import('../client.js').Client | null;
  /** Somebody asked to sign in before. */
  wanted: boolean;
  options: Record<string, string>;
  /** As browser.h numbers them, in UTF-8. */
  fields: Uint8Array[];
  changed: () => void;
}

interface PorteroLibrary {
  $portero: typeof portero;
  portero_browser_connect(proxy: number, size: number, changed: number, client: number): number;
  portero_browser_disconnect(handle: number): void;
  portero_browser_measure(handle: number, field: number): number;
  portero_browser_copy(handle: number, field: number, room: number): void;
  portero_browser_option(handle: number, name: number, nameSize: number, value: number, valueSize: number): void;
  portero_browser_sign_in(handle: number): void;
  portero_browser_sign_out(handle: number): void;
  portero_browser_cancel(handle: number): void;
  [dependencies: `${string}__deps`]: string[];
}

declare const LibraryManager: {library: object};
declare function mergeInto(library: object, more: PorteroLibrary): void;
/** Writes, as the program is linked, the call of a function by its number in the table. */
declare function makeDynCall(signature: string, name: string): void;

/** The program's memory. */
declare const HEAPU8: Uint8Array;
declare const portero: {
  entries: any[];
  text(data: number, size: number): string;
  fields(client: import('../client.js').Client): Uint8Array[];
  signIn(entry: PorteroEntry): void;
};
