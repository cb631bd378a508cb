// What the tabs of a page share: word of a change, and when somebody signed out last. There is no lock: a tab that sleeps
// would keep it. Where site data is blocked a tab stands alone, and one can still sign in. Refuses to say who is signed in:
// each tab asks by itself.

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

/** @param {() => void} changed */
export const listen = (changed) =>
  open()?.addEventListener('message', ({data}) => {
    if (data?.at) heard[data.key] = data.at;
    else changed();
  });

/** What other tabs said. Storage may have it later, or may be blocked. @type {Record<string, number>} */
const heard = {};

/** Grows with each sign-out in this browser. @param {string} proxy */
export const epoch = (proxy) => {
  const key = `portero ${proxy}`;
  let kept;
  try {
    kept = parseInt(/** @type {string} */ (localStorage.getItem(key)));
  } catch {}
  return (heard[key] = Math.max(kept || 0, heard[key] || 0));
};

/** Somebody signs out: no answer to what was asked before counts any more. @param {string} proxy */
export const raise = (proxy) => {
  const key = `portero ${proxy}`;
  const at = (heard[key] = Math.max(Date.now(), epoch(proxy) + 1));
  try {
    localStorage.setItem(key, `${at}`);
  } catch {}
  open()?.postMessage({key, at});
};
