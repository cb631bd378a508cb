// What the browser keeps for us, one wrapper each: each throws where site data is blocked. Without
// sessionStorage nobody can sign in (`storage_blocked`); without the others one still can.
import {fault} from './exchange.js';

/** @param {string} key @param {unknown} value */
export const put = (key, value) => {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    throw fault('storage_blocked');
  }
};

/** What is taken is used once. @param {string} key */
export const take = (key) => {
  let text;
  try {
    text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
  } catch {
    throw fault('storage_blocked');
  }
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // not of our writing
  }
};

/** @type {BroadcastChannel | undefined} */
let channel;
const open = () => {
  try {
    channel ??= new BroadcastChannel('portero');
  } catch {}
  return channel;
};

/** Other tabs learn that the session changed; never whose. */
export const tell = () => open()?.postMessage(1);

/** @param {() => void} heard */
export const listen = (heard) => open()?.addEventListener('message', heard);

/**
 * One tab at a time, so that a late answer cannot overtake a sign-out.
 * @template T @param {() => Promise<T>} work @returns {Promise<T>}
 */
export const locked = async (work) => {
  /** @type {Promise<T> | undefined} */
  let run;
  try {
    await navigator.locks.request('portero', () => (run = work()));
  } catch {}
  return run ?? work();
};
