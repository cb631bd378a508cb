// What portero.js does to the address, for a page that lacks it: better late than never. It is as much of that script again
// as a bundle can run; a test holds the two together. Refuses to touch any other query.

/** Takes GitHub's answer out of the address. @returns {string} the query as it was, or '' */
export const takeLate = () => {
  const here = new URL(location.href);
  const query = here.searchParams;
  const has = (/** @type {string} */ name) => query.has(name);
  const isAnswer =
    query.getAll('state').some((state) => /^portero(-popup)?\./.test(state)) && (has('code') || has('error'));
  const isInstallation = !has('state') && (has('setup_action') || (has('code') && has('installation_id')));
  if (!isAnswer && !isInstallation) return '';
  const taken = isAnswer ? /^(code|state|iss|error(_description|_uri)?)=/ : /^(code|installation_id|setup_action)=/;
  const callback = here.search;
  const rest = callback
    .slice(1)
    .split('&')
    .filter((piece) => !taken.test(`${new URLSearchParams(`&${piece}`)}`))
    .join('&');
  here.search = rest && `?${rest}`;
  history.replaceState(history.state, '', here);
  return callback;
};
