// Both ends of a sign-in in a popup: the tab that opened it waits, the page that GitHub leads back to answers. They
// share only a BroadcastChannel named by the state of this sign-in: no opener and no postMessage between windows (COOP
// cuts both), and `closed` is never read. Loaded only for a popup. Refuses to check the answer: the tab does.
/** @import {Messages} from './types.js' */

/**
 * The callback, once the popup has it. Rejects with `callback_expired` when it takes longer than a code lives, and
 * with the signal's reason.
 * @param {string} state @param {AbortSignal} signal @param {(code: string) => Error} signInError @param {number} [life] in ms
 * @returns {Promise<string>} its query
 */
export const wait = (state, signal, signInError, life = 6e5) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) throw signal.reason; // cancelled before
    const channel = new BroadcastChannel(state);
    const end = () => {
      clearTimeout(timer);
      channel.onmessage = null;
      setTimeout(() => channel.close()); // what was posted goes first
    };
    const timer = setTimeout(() => {
      end();
      reject(signInError('callback_expired'));
    }, life);
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason);
    });
    channel.onmessage = ({data}) => {
      if (typeof data !== 'string' || !data.startsWith('?')) return;
      channel.postMessage('taken');
      end();
      resolve(data);
    };
  });

/**
 * Into the tag's card, while the window is open: what goes on, and how to end it.
 * @param {Element} card @param {Messages} words @param {EventTarget & {cancel(): void}} client
 */
export const offer = (card, {popup = 'Go on in the window that has opened.', cancel = 'Cancel'}, client) => {
  const [button, message, drawn] = ['[part=button]', '[part=message]', '[part=cancel]'].map(
    (part) => /** @type {HTMLElement} */ (card.querySelector(part)),
  );
  const shown = drawn ?? document.createElement('button');
  shown.textContent = cancel;
  message.textContent = popup;
  if (drawn) return; // in another language now
  shown.setAttribute('part', 'cancel');
  shown.onclick = () => client.cancel();
  message.before(shown);
  const gone = () => {
    if (shown.matches(':focus')) button.focus();
    shown.remove();
  };
  client.addEventListener('change', gone, {once: true});
};

/**
 * Hands the callback to the tab that waits, and closes this window once it was taken. Settles when that failed, or
 * nobody took it within a second: then the visitor is told to close it.
 * @param {string} state @param {string} query
 */
export const answer = async (state, query) => {
  const channel = new BroadcastChannel(state);
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, 1e3);
    channel.onmessage = ({data}) => {
      if (data !== 'taken') return;
      clearTimeout(timer);
      close();
      setTimeout(resolve, 500); // still here: the browser keeps it open
    };
    channel.postMessage(query);
  });
  channel.close();
};
