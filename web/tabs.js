// What the tabs of a page share: word of a change, and one lock. Where site data is blocked a tab stands alone, and
// one can still sign in. Refuses to say who is signed in: each tab asks by itself.

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
