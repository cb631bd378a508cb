// What a bundled page imports: makes <github-sign-in> known and hands over what portero.js took out of the
// URL. Outside a browser (a page rendered on a server) it does nothing.
import {define} from './index.js';

if (globalThis.customElements) {
  if (!globalThis[Symbol.for('portero')])
    console.error('portero: <script src="…/portero.js" data-wait> must come first in <head>');
  define();
}
