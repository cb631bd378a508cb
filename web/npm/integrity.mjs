// integrity.mjs SITE VERSION SCRIPT...: writes SITE/integrity.json and SITE/integrity.txt, the hashes by which a
// browser recognises these scripts, each named as below SITE, and portero.wasm. The style cannot run, so it has none.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {digest, sri} from './sri.mjs';

const [site, version, ...names] = process.argv.slice(2);
const files = Object.fromEntries(names.map((name) => [name, sri(join(site, name))]));
files['portero.wasm'] = sri(join(site, 'portero.wasm'), 'sha256'); // as index.js has it, which fetches it by that

// portero.js comes by a tag, which has an attribute of its own.
const modules = names.filter((name) => name !== 'web/portero.js');
const importMap = JSON.stringify({integrity: Object.fromEntries(modules.map((name) => [`./${name}`, files[name]]))});
const importMapHash = digest('sha256', importMap);

const head = `<meta name="referrer" content="no-referrer">
<script type="importmap">${importMap}</script>
<script src="web/portero.js" integrity="${files['web/portero.js']}" crossorigin></script>`;

writeFileSync(join(site, 'integrity.json'), `${JSON.stringify({version, files, importMap, importMapHash}, null, 2)}\n`);
writeFileSync(
  join(site, 'integrity.txt'),
  `portero ${version}: what to paste, so that a browser runs these files as they are or not at all.

First in <head>, on a page in the folder that holds portero.wasm and web/ (docs/integrity.md has the other cases):

${head}

Firefox takes one import map: where the page has its own, put this "integrity" into that (docs/integrity.md has a command).

In that page's headers. Without this hash the browser ignores the import map, and checks portero.js alone; with the
second header it runs no script that it cannot check:

Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval' '${importMapHash}'; ...
Integrity-Policy: blocked-destinations=(script)
`,
);
