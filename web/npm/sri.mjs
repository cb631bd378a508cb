// A file's integrity, as Subresource Integrity writes it.
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';

/** @param {string} algorithm @param {string | Uint8Array} bytes */
export const digest = (algorithm, bytes) => `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;

/** @param {string} path @param {string} [algorithm] */
export const sri = (path, algorithm = 'sha384') => digest(algorithm, readFileSync(path));
