// Every word that most pages need, in English, and where the other languages are. To add one, write a file like es.js and
// a line below. A site adds its own: `languages.fr = {...}`, before the tag is defined.
/** @import {Messages} from './types.js' */
import {soon, trouble} from './within.js';

/** @type {Messages} */
const en = {
  signIn: 'Sign in with GitHub',
  signOut: 'Sign out',
  other: 'Use another account',
  profile: 'Your profile at GitHub',
  manage: 'Manage access at GitHub',
  retry: 'Try again',
  starting: 'One moment…',
  'signed-out': 'GitHub asks whether you agree, then you come back here.',
  busy: 'One moment…',
  close: 'You can close this window.',
  installed: 'You are back from GitHub. Now sign in here.',
  'signed-in': 'You are signed in.',
  // What must be said where nothing can be loaded any more; '' is any code without a sentence. The rest is in trouble.js.
  sentences: {
    offline: 'You are offline. Connect to the internet, then try again.',
    proxy_unreachable: 'The sign-in service cannot be reached. Try again in a minute.',
    '': 'Something went wrong on our side. Try again in a minute.',
  },
};

/** By the language's first subtag. @type {Record<string, Messages | (() => Promise<{default: Messages}>)>} */
export const languages = {en, es: () => import('./es.js')};

/** The first wanted language there is, else English. @param {readonly string[]} wanted language tags */
export const language = (wanted) =>
  wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => Object.keys(languages).includes(tag)) ?? 'en';

/** @type {((...about: Parameters<typeof import('./trouble.js').find>) => string | undefined) | undefined} */
let find;
/** @type {Promise<unknown> | undefined} */
let learning;

/** @param {Messages} words @param {{code: string, retry_after?: number}} [error] */
export const sentence = (words, error = {code: ''}) =>
  find?.(words, error, en.sentences) ?? words.sentences[error.code] ?? words.sentences[''];

/**
 * What has to come before these words, and the error's sentence, can be said: settles when it has, or will not.
 * @param {string} tag of a language there is @param {{code: string, retry_after?: number}} [error] @returns {Promise<unknown> | undefined}
 */
export const missing = (tag, error) => {
  const words = languages[tag];
  if (typeof words === 'function') {
    const file = soon(words);
    languages[tag] = () => file; // asked for once
    return file.then(
      (loaded) => (languages[tag] = loaded.default),
      () => (languages[tag] = languages.en),
    );
  }
  if (error && !find && (error.retry_after || !words.sentences[error.code]))
    return (learning ??= trouble().then(
      (loaded) => ({find} = loaded),
      () => (find = () => undefined), // the last sentence does
    ));
};
