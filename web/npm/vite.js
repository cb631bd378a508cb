// A Vite plugin: puts portero.js where it must come, first in every page's head, and leaves portero.wasm and the
// style the files that they are. Refuses to touch anything else of the app.
import {readFileSync} from 'node:fs';

const source = readFileSync(new URL('portero.js', import.meta.url));
const ours = /portero\.wasm$|github-sign-in\.css$/;

/** What Vite inlines it writes as `data:`, which a good policy does not let a page fetch. */
const limit = (usual) => (path, content) => {
  if (ours.test(path)) return false;
  if (typeof usual === 'function') return usual(path, content);
  return usual === undefined ? undefined : content.length < usual;
};

export default () => {
  let base;
  return {
    name: 'portero',
    config: ({build}) => ({
      build: {assetsInlineLimit: limit(build?.assetsInlineLimit)},
      optimizeDeps: {exclude: ['portero']}, // or the development server loses sight of portero.wasm
    }),
    configResolved(config) {
      ({base} = config);
    },
    configureServer(server) {
      server.middlewares.use(`${base}portero.js`, (_, response) =>
        response.setHeader('Content-Type', 'text/javascript').end(source),
      );
    },
    generateBundle() {
      this.emitFile({type: 'asset', fileName: 'portero.js', source});
    },
    transformIndexHtml(_, {path}) {
      const here = base === '' || base === './' ? '../'.repeat(path.split('/').length - 2) : base;
      return [
        {tag: 'meta', attrs: {name: 'referrer', content: 'no-referrer'}, injectTo: 'head-prepend'},
        {tag: 'script', attrs: {src: `${here}portero.js`, 'data-wait': true}, injectTo: 'head-prepend'},
      ];
    },
  };
};
