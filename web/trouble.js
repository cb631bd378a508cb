// What is only needed once something went wrong, and loaded then: a visitor's sentence for each error, in English. Those
// that must be said where nothing can be loaded any more are in messages.js.
/** @import {Messages} from './types.js' */

/** Codes that mean the same to a visitor share a sentence. @type {Messages['sentences']} */
export const english = {
  request_timeout: 'The sign-in service does not answer. Try again in a minute.',
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
  core_unavailable: 'A part of this page did not load. Reload it, or try another browser.',
  'rate_limited overloaded upstream_rate_limited': 'Many people are signing in right now. Try again in a minute.',
  'upstream_unreachable upstream_timeout upstream_refused upstream_invalid upstream_tls':
    'GitHub cannot be reached right now. Try again in a minute.',
  'app_suspended redirect_uri_mismatch proxy_misconfigured proxy_conflict cross_site_off origin_refused':
    'Sign-in is not set up correctly here. Please tell the people who run this site.',
};

/** @param {Messages['sentences']} sentences @param {string} code */
const pick = (sentences, code) => Object.entries(sentences).find(([codes]) => codes.split(' ').includes(code))?.[1];

/**
 * The sentence for a code; undefined: it is one of those without. Words made of our English ones go on in English.
 * @param {Messages['sentences']} sentences @param {string} code @param {Messages['sentences']} core our English ones that are always there
 */
export const find = (sentences, code, core) =>
  pick(sentences, code) ?? (sentences[''] === core[''] ? pick({...core, ...english}, code) : undefined);
