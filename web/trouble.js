// What is only needed once something went wrong, and loaded then: what can be found out about an error, in words for who
// runs the site, and a visitor's sentence for each, in English. (Those that must be said where nothing can be loaded
// any more are in messages.js.) Refuses to change what happens: it only says more of it.
/** @import {Messages, Pending, SignInError} from './types.js' */

/** Codes that mean the same to a visitor share a sentence. @type {Messages['sentences']} */
export const english = {
  'proxy_timeout request_timeout': 'The sign-in service does not answer. Try again in a minute.',
  state_unknown: 'You started in another browser or tab. Sign in here again.',
  'state_mismatch duplicate_parameter issuer_mismatch':
    'The answer does not belong to this sign-in, so it was not used. Sign in again.',
  'code_rejected callback_expired': 'That sign-in took too long or was already used. Sign in again.',
  callback_lost: 'GitHub’s answer did not reach this page. Please tell the people who run this site.',
  'no_session session_expired use_dpop_nonce': 'Your session has ended. Sign in again.',
  not_allowed: 'You are signed in, but this page is not open to your account.',
  too_old: 'You signed in some time ago, and this page asks for it anew. Sign in again.',
  gate_disagrees:
    'You are signed in, but this site’s server does not accept it. Please tell the people who run this site.',
  access_denied: 'You did not agree at GitHub, so nothing was shared. Sign in whenever you like.',
  scope_missing: 'This page needs a permission that is missing. Sign in again and grant it.',
  email_unverified: 'Verify your e-mail address at GitHub, then sign in again.',
  storage_blocked: 'Your browser blocks cookies and site data here. Allow them, then try again.',
  insecure_page: 'This page came over an insecure connection. Open its https:// address to sign in.',
  local_network_denied: 'Your browser keeps this page from your local network. Allow it, then try again.',
  core_unavailable: 'A part of this page did not load. Reload it, or try another browser.',
  browser_unsupported: 'This browser cannot do what signing in needs. Update it, or use another one.',
  'rate_limited overloaded upstream_rate_limited': 'Many people are signing in right now. Try again in a minute.',
  'upstream_unreachable upstream_timeout upstream_refused upstream_invalid upstream_tls':
    'GitHub cannot be reached right now. Try again in a minute.',
  'app_suspended redirect_uri_mismatch proxy_misconfigured proxy_conflict proxy_invalid cross_site_off origin_refused call_blocked option_invalid':
    'Sign-in is not set up correctly here. Please tell the people who run this site.',
};

/** @param {Messages['sentences']} sentences @param {string} code */
const pick = (sentences, code) => Object.entries(sentences).find(([codes]) => codes.split(' ').includes(code))?.[1];

/** English words that only some need, for words without. @satisfies {Partial<Messages>} */
export const rare = {
  open: 'Open this page to sign in',
  framed: 'Signing in does not work inside another page.',
  wait: (/** @type {number} */ seconds) => ` Wait ${seconds} seconds first.`,
};

/**
 * The sentence for an error. Words made of our English ones go on in English.
 * @param {Messages} words @param {{code: string, retry_after?: number}} error @param {Messages['sentences']} core our English ones that are always there
 */
export const find = ({sentences, wait = rare.wait}, {code, retry_after}, core) =>
  (pick(sentences, code) ??
    (sentences[''] === core[''] ? pick({...core, ...english}, code) : undefined) ??
    sentences['']) + (retry_after ? wait(retry_after) : '');

/** Into the card of a tag in another site's frame, where nobody can sign in. @param {Element} card @param {Messages} words */
export const lead = (card, {open = rare.open, framed = rare.framed}) => {
  const link = Object.assign(document.createElement('a'), {
    textContent: open,
    href: location.href,
    target: '_blank',
    rel: 'noopener',
  });
  link.setAttribute('part', 'button link');
  const message = Object.assign(document.createElement('p'), {textContent: framed, role: 'status'});
  message.setAttribute('part', 'message');
  card.replaceChildren(link, message);
};

/** @typedef {(code: string, more?: {hint?: string}) => SignInError} Make */

/** @param {string} hint for the console, too: there it is read by who makes the site */
const say = (hint) => {
  console.error(`portero: ${hint}`);
  return {hint};
};

/** The answer to a call, if there is one soon. @param {string} url @param {RequestInit} how */
const ask = async (url, how) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 4e3);
  try {
    return await fetch(url, {credentials: 'omit', cache: 'no-store', signal: stop.signal, ...how});
  } catch {
  } finally {
    clearTimeout(timer);
  }
};

/** A call whose answer nobody may read, and whether this page's policy stopped it. @param {string} url */
const probe = async (url) => {
  let forbidden = false;
  /** @param {SecurityPolicyViolationEvent} event */
  const note = ({disposition, effectiveDirective}) => {
    forbidden ||= disposition === 'enforce' && effectiveDirective === 'connect-src';
  };
  document.addEventListener('securitypolicyviolation', note);
  const answer = await ask(url, {mode: 'no-cors'});
  if (!answer) await new Promise((resolve) => setTimeout(resolve, 200)); // the event may come after the refusal
  document.removeEventListener('securitypolicyviolation', note);
  return {answer, forbidden};
};

/** Whether the visitor keeps this page from the local network. The permission has three names; no browser knows all. */
const isKeptFromLocalNetwork = async () => {
  for (const name of ['local-network-access', 'local-network', 'loopback-network']) {
    const asked = async () => navigator.permissions.query({name: /** @type {PermissionName} */ (name)});
    if ((await asked().catch(() => undefined))?.state === 'denied') return true;
  }
  return false;
};

/**
 * Why nobody answered that could be read: a code, and what to do.
 * @param {string} proxy @param {string} origin of it @param {string} config its first call @returns {Promise<[code: string, hint: string]>}
 */
const findOut = async (proxy, origin, config) => {
  const {answer, forbidden} = await probe(config);
  if (forbidden)
    return ['call_blocked', `The page's Content-Security-Policy forbids to call ${origin}. Add it to connect-src.`];
  if (!answer && (await isKeptFromLocalNetwork()))
    return [
      'local_network_denied',
      `Nobody answers at ${origin}, and this browser denies the page access to the local network. If the proxy is there, ` +
        `each visitor must allow it.`,
    ];
  if (!answer)
    return [
      'proxy_unreachable',
      `Nobody answers at ${origin}. Look whether the proxy runs and its certificate is valid. A visitor's content blocker looks the same.`,
    ];
  if (answer.type === 'basic' && answer.url !== config)
    return [
      'proxy_invalid',
      `${config} ends at ${answer.url}, with status ${answer.status}. Write the address that is answered without a redirect.`,
    ];
  // What can be read now could be read then, but for a moment's failure or for the preflight.
  if (!(await ask(config, {redirect: 'error'})))
    return [
      'origin_refused',
      `${origin} answers, but lets ${location.origin} read nothing. List that under "origins" in the proxy's settings. If it is listed, ` +
        `the server in front of the proxy redirects, or changes the Access-Control headers.`,
    ];
  if (answer.type !== 'basic' && !(await ask(`${proxy}/v1/session`, {redirect: 'error', headers: {'X-Portero': '1'}})))
    return [
      'origin_refused',
      `${origin} answers, but not to the preflight of ${location.origin}. The server in front of the proxy must let OPTIONS through.`,
    ];
  return ['proxy_unreachable', `${origin} did not answer; a moment later it did.`];
};

/**
 * Why a call had no answer of the proxy's. `thrown` is the name of the exception; a `status` without one that is not the
 * parser's came with something else than our JSON.
 * @param {{proxy: string, thrown?: string, status?: number}} why @returns {Promise<[code: string, hint: string]>}
 */
const diagnose = async ({proxy, thrown, status}) => {
  const config = `${proxy}/v1/config`;
  let origin = '';
  try {
    ({origin} = new URL(proxy));
  } catch {}
  if (!origin.startsWith('http'))
    return ['proxy_invalid', `"${proxy}" is no address of a proxy. Write it with https:// in front.`];
  if (thrown === 'TimeoutError')
    return ['proxy_timeout', `${proxy} did not answer in time. Look whether the proxy runs behind what listens there.`];
  const isOther = status && (!thrown || thrown === 'SyntaxError');
  if (isOther && status === 429)
    return [
      'rate_limited',
      `The server in front of ${proxy} answers with status 429: it lets only so many calls through.`,
    ];
  if (isOther && status >= 500)
    return [
      'proxy_unreachable',
      `${proxy} answers with status ${status}, in place of the proxy, which seems not to run.`,
    ];
  if (isOther)
    return [
      'proxy_invalid',
      `What answers at ${config}, with status ${status}, is no proxy of portero. Name its address in proxy="…", or let the ` +
        `server there pass /v1/ on to it.`,
    ];
  if (location.protocol === 'https:' && /^http:\/\/(?!([\w-]+\.)*localhost[:/]|127\.|\[::1\])/.test(`${proxy}/`))
    return ['call_blocked', `A page on https may not call ${proxy}. Give the proxy an https:// address.`];
  return findOut(proxy, origin, config);
};

const needed = [
  'crypto.subtle',
  'crypto.getRandomValues',
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'BroadcastChannel',
  'WebAssembly',
];

const unloaded =
  'portero.wasm, or a script of web/, did not load or may not run. Upload both whole; a Content-Security-Policy needs ' +
  `'wasm-unsafe-eval' in script-src.`;

/** @param {string} path */
const isMissing = (path) => !path.split('.').reduce((/** @type {any} */ at, name) => at?.[name], globalThis);

/** The error with all that can be found out about it. @param {any} error as it was thrown @param {Make} make */
export const explain = async (error, make) => {
  const {why} = error;
  if (why?.proxy !== undefined) {
    const [code, hint] = await diagnose(why);
    return make(code, say(hint));
  }
  const missing = needed.filter(isMissing);
  if (missing[0]) return make('browser_unsupported', say(`This browser has no ${missing.join(' and no ')}.`));
  if (why) return make(error.code, say(unloaded));
  console.error(error);
  return make('internal');
};

/**
 * The error that GitHub sent the visitor back and the answer was lost on the way, if so: this is the tab of a click, and
 * it was led here from where that click went, within the life of a code. By Back, a reload or an address that was typed
 * nobody is led. @param {Make} make @returns {SignInError | undefined}
 */
export const lose = (make) => {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  if (navigation?.type !== 'navigate' || history.length < 2) return; // a tab that was just opened is another one
  const {origin} = new URL(document.referrer);
  let sent = '';
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith('portero.'))) {
    try {
      const {issuer, redirect_uri, created} = /** @type {Pending} */ (JSON.parse(sessionStorage[key]));
      if (new URL(issuer).origin !== origin || Date.now() / 1e3 - created > 600) continue;
      sessionStorage.removeItem(key);
      sent = redirect_uri;
    } catch {} // not of our writing
  }
  const here = location.origin + location.pathname;
  const cure =
    sent === here
      ? 'A redirect took the query away, or a script before portero.js, which must come first in <head>.'
      : `A redirect dropped the query: register ${here} at GitHub, and as redirect_uri in the proxy's settings.`;
  if (sent)
    return make(
      'callback_lost',
      say(`GitHub sent its answer to ${sent}. This page came without it, as ${here}. ${cure}`),
    );
};
