// No wait without an end: whatever a page waits for, it waits through this. Refuses to know what it is.
import {signInError} from './error.js';

/**
 * What `work` comes to. At `end`, by performance.now(), it is given up with a `TimeoutError`; the signal tells it so.
 * @template T @param {number} end @param {(signal: AbortSignal) => Promise<T>} work @returns {Promise<T>}
 */
export const within = async (end, work) => {
  const control = new AbortController();
  let timer = 0;
  const late = new Promise((_, reject) => {
    const give = () => reject(new DOMException('', 'TimeoutError'));
    timer = setTimeout(() => (timer = setTimeout(give, 100)), end - performance.now()); // what came while the page slept goes first
  });
  try {
    return await Promise.race([work(control.signal), late]);
  } finally {
    clearTimeout(timer);
    control.abort();
  }
};

/**
 * A part of the page that is loaded when it is needed.
 * @template T @param {number} end @param {(signal: AbortSignal) => Promise<T>} load @returns {Promise<T>}
 */
export const part = (end, load) =>
  within(end, load).catch(() => {
    throw Object.assign(signInError('core_unavailable'), {why: {}});
  });

/** What nobody should wait for long. @template T @param {() => Promise<T>} load */
export const soon = (load) => within(performance.now() + 5e3, load);

/** What knows more of errors, loaded with the first one. */
export const trouble = () => soon(() => import('./trouble.js'));
