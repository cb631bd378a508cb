// The one script a page includes: classic and blocking, so that nothing sees the address before it. Takes a
// callback of ours out of the URL and hands it over once, by a call. Refuses to change any other query, to keep
// the callback in a global, and to check it. With `data-wait` it loads nothing: the page's own bundle has
// index.js, and its define() asks for the callback. Next: index.js.
(() => {
  const once = Symbol.for('portero'); // no element's id can pose as a symbol
  const page = /** @type {any} */ (window);
  if (page[once]) return; // included twice
  page[once] = 1; // below: the promise of index.js, for scripts that are no modules

  const here = new URL(location.href);
  const query = here.searchParams;
  let callback = '';
  // An answer to our sign-in; or GitHub's to an app's installation, which nobody here asked for and which has no state.
  const taken =
    query.getAll('state').some((state) => /^portero(-popup)?\./.test(state)) &&
    (query.has('code') || query.has('error'))
      ? /^(code|state|iss|error(_description|_uri)?)=/
      : !query.has('state') &&
        (query.has('setup_action') || (query.has('code') && query.has('installation_id'))) &&
        /^(code|installation_id|setup_action)=/;
  if (taken) {
    callback = here.search;
    // Piece by piece: URLSearchParams would write the other parameters anew.
    const rest = callback
      .slice(1)
      .split('&')
      .filter((piece) => !taken.test(new URLSearchParams(`&${piece}`) + ''))
      .join('&');
    here.search = rest && '?' + rest;
    history.replaceState(history.state, '', here);
  }

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  page[once] = {take: () => [callback, (callback = '')][0]};
  if (script?.dataset.wait !== undefined) return;
  const say = (/** @type {unknown[]} */ ...why) =>
    console.error('portero: write <script src="web/portero.js"></script> first in <head>', ...why);
  if (!script?.src) return say(); // a module, inlined, evaluated: nobody says where index.js is
  page[once] = (async () => {
    // Firefox takes no import map any more once a module was asked for: one that may come is waited for.
    if (document.readyState === 'loading' && !document.querySelector('[type=importmap],[rel=modulepreload]'))
      await new Promise((resolve) => document.addEventListener('readystatechange', resolve));
    const index = await import(new URL('index.js', script.src).href);
    index.define(callback);
    return index;
  })();
  page[once].catch(say);
})();
