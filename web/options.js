// What a page asks of a sign-in, as people write it: false or 'false', a list or a text, any form of an address. Loaded
// for a click that asks for something. Refuses, by a TypeError that names the option, what is of another type or value.
/** @import {Core} from './core.js' */
/** @import {SignInOptions} from './types.js' */

/** @type {Record<string, [form: RegExp, what: string]>} */
const forms = {
  mode: [/^(redirect|popup|)$/, '"redirect" or "popup"'],
  returnTo: [/^/, 'an address of this origin, like "notes.html" or "/app/?a=b#c"'],
  scope: [/^[\w:.,/\s-]*$/, 'a text or a list of texts, like "read:user user:email"'],
  loginHint: [/^/, 'a text'],
  prompt: [/^(select_account|)$/, '"select_account"'],
  allowSignup: [/^(true|false|allow-signup|)$/i, 'true or false'],
};

/** @param {string} option @returns {never} */
const refuse = (option) => {
  const attribute = option.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());
  const hint = `portero: ${option} (in the tag: ${attribute}) must be ${forms[option][1]}`;
  throw Object.assign(new TypeError(hint), {code: 'option_invalid', hint});
};

/** An option as text, '' where it is not set. @param {string} option @param {any} value @returns {string} */
const text = (option, value) => {
  if (option === 'scope' && Array.isArray(value) && value.every((one) => typeof one === 'string'))
    value = value.join(' ');
  if (option === 'allowSignup' && typeof value === 'boolean') value = `${value}`;
  if (option === 'returnTo') value = value?.href ?? value; // of a URL, or location
  value ??= '';
  return typeof value === 'string' && forms[option][0].test(value) ? value : refuse(option);
};

/**
 * A place of this origin. Seen from the page's own address, for a <base> may be another host's.
 * @param {string} address @param {Core} core
 */
const place = (address, core) => {
  try {
    const {origin, pathname, search, hash} = new URL(address, location.href);
    const path = pathname.replace(/%(?![\da-f]{2})/gi, '%25') + search + hash;
    if (origin === location.origin && core.returnTo(path)) return path;
  } catch {}
  return refuse('returnTo');
};

/** All of them, each in the one form that is sent. @param {any} options @param {Core} core */
export const read = (options, core) => {
  // A page may hand on its click's event, which has a name of its own.
  const unknown = Object.keys(options).filter((name) => !(name in forms) && name !== 'isTrusted');
  if (unknown[0])
    console.warn(`portero: signIn() knows no ${unknown.join(', no ')}. It knows ${Object.keys(forms).join(', ')}.`);
  const [, returnTo, scope, login, prompt, signup] = Object.keys(forms).map((option) => text(option, options[option]));
  return {
    returnTo: returnTo && place(returnTo, core),
    scope: scope.replace(/[\s,]+/g, ' ').trim(),
    login,
    prompt,
    allow_signup: signup && `${!/false/i.test(signup)}`,
  };
};
