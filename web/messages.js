// Every word the element says, in English, and where the other languages are. To add one, write a file like es.js and
// a line below. A site adds its own: `languages.fr = {...}`, before the tag is defined.
/** @import {Messages} from './types.js' */

/** @type {Messages} */
const en = {
  signIn: 'Sign in with GitHub',
  signOut: 'Sign out',
  other: 'Use another account',
  profile: 'Your profile at GitHub',
  manage: 'Manage access at GitHub',
  retry: 'Try again',
  cancel: 'Cancel',
  open: 'Open this page to sign in',
  starting: 'One moment…',
  'signed-out': 'GitHub asks whether you agree, then you come back here.',
  busy: 'One moment…',
  popup: 'Go on in the window that has opened.',
  close: 'You can close this window.',
  'signed-in': 'You are signed in.',
  framed: 'Signing in does not work inside another page.',
  wait: (seconds) => ` Wait ${seconds} seconds first.`,
  // Codes that mean the same to a visitor share a sentence; '' is any other code.
  sentences: {
    state_unknown: 'You started in another browser or tab. Sign in here again.',
    'state_mismatch duplicate_parameter issuer_mismatch':
      'The answer does not belong to this sign-in, so it was not used. Sign in again.',
    'code_rejected callback_expired': 'That sign-in took too long or was already used. Sign in again.',
    'no_session session_expired use_dpop_nonce': 'Your session has ended. Sign in again.',
    access_denied: 'You did not agree at GitHub, so nothing was shared. Sign in whenever you like.',
    scope_missing: 'This page needs a permission that is missing. Sign in again and grant it.',
    email_unverified: 'Verify your e-mail address at GitHub, then sign in again.',
    storage_blocked: 'Your browser blocks cookies and site data here. Allow them, then try again.',
    insecure_page: 'This page came over an insecure connection. Open its https:// address to sign in.',
    offline: 'You are offline. Connect to the internet, then try again.',
    'proxy_unreachable request_timeout': 'The sign-in service does not answer. Try again in a minute.',
    core_unavailable: 'A part of this page did not load. Reload it, or try another browser.',
    'rate_limited overloaded upstream_rate_limited': 'Many people are signing in right now. Try again in a minute.',
    'upstream_unreachable upstream_timeout upstream_refused upstream_invalid upstream_tls':
      'GitHub cannot be reached right now. Try again in a minute.',
    'app_suspended redirect_uri_mismatch proxy_misconfigured proxy_conflict cross_site_off origin_refused':
      'Sign-in is not set up correctly here. Please tell the people who run this site.',
    '': 'Something went wrong on our side. Try again in a minute.',
  },
};

/** By the language's first subtag. @type {Record<string, Messages | (() => Promise<{default: Messages}>)>} */
export const languages = {en, es: () => import('./es.js')};

/** The first wanted language there is, else English. @param {readonly string[]} wanted language tags */
export const language = (wanted) =>
  wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => Object.hasOwn(languages, tag)) ?? 'en';

/** @param {Messages} words @param {{code?: string, retry_after?: number}} [error] */
export const sentence = ({sentences, wait}, {code = '', retry_after} = {}) =>
  sentences[Object.keys(sentences).find((codes) => codes.split(' ').includes(code)) ?? ''] +
  (retry_after ? wait(retry_after) : '');
