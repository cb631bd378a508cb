// What a bundled page imports: makes <github-sign-in> known and hands over what portero.js took out of the
// URL. Where that script is missing it takes it itself, and says so. Outside a browser (a page rendered on a server) it
// does nothing.
import {define} from './index.js';
import {takeLate} from './late.js';

if (globalThis.customElements) {
  const isLate = !globalThis[Symbol.for('portero')];
  if (isLate)
    console.error(
      'portero: <script src="…/portero.js" data-wait></script> must come first in <head>. This page lacks it: until now every ' +
        "script could read GitHub's answer in the address.",
    );
  define(isLate ? takeLate() : undefined);
}
