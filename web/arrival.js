// How the visitor came to this page: with a callback, which is kept until a client takes it; as a popup that has its
// answer; or neither. Refuses to check a callback (client.js asks the module).
/** @import {Pending, SignInError} from './types.js' */
import {signInError} from './error.js';
import {take} from './store.js';
import {soon, trouble} from './within.js';

/**
 * `callback`: what came back, and the record of its click. `lost`: whether one should have come, and did not. `popup`:
 * this window is one. `notice`: `close` when all is done in such a one; or from where the visitor came, while nobody is
 * signed in.
 * @type {{callback?: {query: string, pending: Pending | null}, lost?: Promise<SignInError | void>, popup?: boolean,
 *   notice?: 'close' | 'installed'}}
 */
export const arrival = {};

/** @type {(value?: unknown) => void} */
let start;
/** Settles once receive() was called. */
export const started = new Promise((resolve) => (start = resolve));

/** @param {string} query what portero.js took out of the URL, or '' @param {() => void} done a popup is */
export const receive = (query, done) => {
  const state = new URLSearchParams(query).get('state');
  if (state?.startsWith('portero-popup.')) {
    arrival.popup = true;
    // Later it still hands over.
    soon(() => import('./popup.js').then(({answer}) => answer(state, query)))
      .catch(() => {})
      .then(() => {
        arrival.notice = 'close';
        done();
      });
  } else if (query && state === null) {
    arrival.notice = 'installed';
  } else {
    try {
      if (query) arrival.callback = {query, pending: take(state ?? '')};
      else if (document.referrer && /portero\./.test(`${Object.keys(sessionStorage)}`))
        arrival.lost = trouble()
          .then(({lose}) => lose(signInError))
          .catch(() => {});
    } catch {} // refresh() says so
  }
  start();
};

/** Settles when every element written in the page has named its proxy. */
export const parsed = () =>
  new Promise((resolve) => {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', resolve);
    else resolve(0);
  });

/** Whether this is a frame in another site's page, where nobody can sign in. */
export const isFramed = () => {
  try {
    return top?.location.origin !== location.origin;
  } catch {
    return true;
  }
};
