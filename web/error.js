// The one way an error is made in the page: an Error with a stable `code` (wasm/error.h). Refuses to know the codes.
/** @import {SignInError} from './types.js' */

/** @param {string} code @param {{hint?: string, retry_after?: number}} [more] @returns {SignInError} */
export const signInError = (code, {hint, retry_after} = {}) =>
  Object.assign(new Error(code), {code, hint, retry_after});
