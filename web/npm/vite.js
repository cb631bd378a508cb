// A Vite plugin: puts portero.js where it must come, first in every page's head, and leaves portero.wasm and the
// style the files that they are. Refuses to touch anything else of the app. A generator that writes its pages' HTML by
// itself never asks it for a head: then the build fails, unless `head: false` says that the lines are there.
import {readFileSync} from 'node:fs';

const source = readFileSync(new URL('portero.js', import.meta.url));
const ours = /portero\.wasm$|github-sign-in\.css$/;

/** What Vite inlines it writes as `data:`, which a good policy does not let a page fetch. */
const limit = (usual) => (path, content) => {
  if (ours.test(path)) return false;
  if (typeof usual === 'function') return usual(path, content);
  return usual === undefined ? undefined : content.length < usual;
};

const tags = (src) => `<meta name="referrer" content="no-referrer">\n  <script src="${src}" data-wait></script>`;

/** Who writes the pages' HTML, known by a plugin of its own: its name, where the lines go, the lines. */
const generators = [
  [
    /^astro:/,
    'Astro',
    'first in <head> of each layout (src/layouts/*.astro), or of each page without one',
    (base) => tags(`${base}portero.js`).replace('<script', '<script is:inline'),
  ],
  [
    /^vite-plugin-sveltekit/,
    'SvelteKit',
    'first in <head> of src/app.html',
    () => tags('%sveltekit.assets%/portero.js'),
  ],
  [
    /^vitepress/,
    'VitePress',
    'first in the list "head" of .vitepress/config',
    (base) =>
      `['meta', {name: 'referrer', content: 'no-referrer'}],\n  ['script', {src: '${base}portero.js', 'data-wait': ''}],`,
  ],
  [/^/, 'whatever makes the pages', 'first in <head> of every page', (base) => tags(`${base}portero.js`)],
];

/** What to do where nobody asked for a head. */
const instructions = ({plugins, base}) => {
  const [, name, where, lines] = generators.find(([known]) => plugins.some((plugin) => known.test(plugin.name)));
  return (
    `portero: no page's HTML came through Vite (${name} writes it), so portero.js is in no page. Without it, GitHub's ` +
    `answer stays in the address until the bundle runs.\nWrite these two lines ${where}:\n\n  ${lines(base)}\n\n` +
    `and say in Vite's config that they are there: portero({head: false})\n`
  );
};

export default ({head = true} = {}) => {
  let config;
  let client = false;
  let written = false;
  let asked = false;
  return {
    name: 'portero',
    config: ({build}) => ({
      build: {assetsInlineLimit: limit(build?.assetsInlineLimit)},
      optimizeDeps: {exclude: ['portero']}, // or the development server loses sight of portero.wasm
    }),
    configResolved(resolved) {
      config = resolved;
      client ||= !resolved.build.ssr; // one plugin may serve two builds at a time
    },
    configureServer(server) {
      server.middlewares.use(`${config.base}portero.js`, (_, response) =>
        response.setHeader('Content-Type', 'text/javascript').end(source),
      );
    },
    generateBundle() {
      this.emitFile({type: 'asset', fileName: 'portero.js', source});
    },
    writeBundle() {
      written = true;
    },
    /**
     * At the very end: by then every page has been asked for. What a server runs, and a library, have no pages; before
     * Vite 6 there is no `environment`. A build that failed, and the development server, have written nothing.
     */
    closeBundle() {
      const hasPages = (this.environment ? this.environment.config.consumer === 'client' : client) && !config.build.lib;
      if (head && hasPages && written && !asked) this.error(instructions(config));
    },
    // Without it where it is not wanted: a generator that never asks may warn of whoever expects it to.
    transformIndexHtml:
      head &&
      ((_, {path}) => {
        asked = true;
        const {base} = config;
        const here = base === '' || base === './' ? '../'.repeat(path.split('/').length - 2) : base;
        return [
          {tag: 'meta', attrs: {name: 'referrer', content: 'no-referrer'}, injectTo: 'head-prepend'},
          {tag: 'script', attrs: {src: `${here}portero.js`, 'data-wait': true}, injectTo: 'head-prepend'},
        ];
      }),
  };
};
