// Everything a page may import; importing does nothing. portero.js calls define().
import {receive} from './client.js';
import {GitHubSignInElement, dress} from './element.js';

export {connect} from './client.js';
export {languages} from './messages.js';
export {GitHubSignInElement};

/** Makes the tag known; it waits for nothing. @param {string} [callback] what portero.js took out of the URL */
export const define = (callback) => {
  const kept = /** @type {any} */ (globalThis)[Symbol.for('portero')]; // with data-wait it has something to take
  receive(callback ?? kept?.take?.() ?? '');
  dress();
  if (!customElements.get('github-sign-in')) customElements.define('github-sign-in', GitHubSignInElement);
};
