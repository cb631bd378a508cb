// What a page must load to sign people in, as brotli -11 sends it: in all, without the element, and what only some need.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {brotliCompressSync, constants} from 'node:zlib';

const brotliBytes = (data) => brotliCompressSync(data, {
  params: {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24},
}).length;

/** [{name, bytes, limit?}]: bytes; the limits are less than any other client's that shows a button. */
export function pageSizes(root) {
  const inSite = (name) => brotliBytes(readFileSync(join(root, 'build/site', name)));
  const loader = brotliBytes(execFileSync('esbuild',
    ['--bundle', '--format=esm', '--minify', '--target=es2022', join(root, 'web/core.js')]));
  const wasm = inSite('portero.wasm');
  const scripts = inSite('web/portero.js') + inSite('web/index.js');
  return [
    {name: 'the client alone: portero.wasm and its loader', bytes: wasm + loader, limit: 6000},
    {name: 'with the element: portero.wasm, portero.js, index.js', bytes: wasm + scripts, limit: 10500},
    {name: 'where the proxy is another site, besides: key.js', bytes: inSite('web/key.js'), limit: 1800},
    {name: 'on a click that asks for something: options.js', bytes: inSite('web/options.js')},
    {name: 'on a click that opens a popup: popup.js', bytes: inSite('web/popup.js')},
    {name: 'in place of another page, with then="reload": reload.js', bytes: inSite('web/reload.js')},
    {name: 'once something went wrong: trouble.js', bytes: inSite('web/trouble.js')},
    {name: 'in Spanish: es.js', bytes: inSite('web/es.js')},
    {name: 'its looks: github-sign-in.css', bytes: inSite('web/github-sign-in.css')},
  ];
}
