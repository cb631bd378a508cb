// What a page must load to sign people in: the module and every script, each as brotli -11 sends it.
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {brotliCompressSync, constants} from 'node:zlib';

const limit = 12000;  // bytes; THREATS F16, and less than any other client that shows a button

function brotliBytes(path) {
  return brotliCompressSync(readFileSync(path), {
    params: {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24},
  }).length;
}

export function pageSizes(root) {
  const site = join(root, 'build/site');
  const scripts = readdirSync(join(site, 'web')).filter((name) => name.endsWith('.js'));
  const names = ['portero.wasm', ...scripts.map((name) => join('web', name))];
  const files = names.map((name) => ({name, bytes: brotliBytes(join(site, name))}));
  return {files, total: files.reduce((sum, {bytes}) => sum + bytes, 0), limit};
}
