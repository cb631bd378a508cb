// What a tab keeps from the click to the callback, in sessionStorage. Where site data is blocked nobody can sign in:
// both throw `storage_blocked`.
import {signInError} from './error.js';

/** @param {string} key @param {unknown} value */
export const put = (key, value) => {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
    if (sessionStorage.getItem(key)) return; // some keep nothing, and say nothing
  } catch {}
  throw signInError('storage_blocked');
};

/** What is taken is used once. @param {string} key */
export const take = (key) => {
  /** @type {any} */
  let text;
  try {
    text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
  } catch {
    throw signInError('storage_blocked');
  }
  try {
    return JSON.parse(text);
  } catch {
    return null; // not of our writing
  }
};
