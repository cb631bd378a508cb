// All that a click needs, made before it, so that it need not wait; and what it leads to. Refuses to go there (client.js).
/** @import {AuthorizeOptions} from './core.js' */
/** @import {Remote} from './remote.js' */
/** @import {ClickInputs, Pending} from './types.js' */
import {load} from './module.js';

export const now = () => Math.floor(Date.now() / 1e3);

/** For one click. @param {Remote} remote @returns {Promise<ClickInputs>} */
export const prepare = async (remote) => {
  const [core, config] = await Promise.all([load(remote.end), remote.config]);
  const entropy = crypto.getRandomValues(new Uint8Array(64));
  const {code_verifier} = core.prepare(entropy, false);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier));
  const manage =
    config.authorize_url.replace(/\/login\/oauth\/.*/, '/settings/connections/applications/') + config.client_id;
  return {core, config, manage, entropy, challenge: new Uint8Array(digest)};
};

/**
 * The address at GitHub, and the record that the way back needs.
 * @param {ClickInputs} inputs @param {AuthorizeOptions & {scope?: string, returnTo?: string}} asked @param {string} proxy
 * @param {boolean} popup @param {string} [returnTo] unless something else was asked; the page of the click when absent
 * @returns {{url: string, pending: Pending}}
 */
export const begin = ({core, config, entropy, challenge}, asked, proxy, popup, returnTo) => {
  const {issuer, require_issuer, redirect_uri} = config;
  const made = core.prepare(entropy, popup);
  const here = returnTo ?? location.pathname + location.search + location.hash;
  return {
    url: core.begin({...config, scope: asked.scope || config.scope}, asked, made, challenge),
    pending: {
      ...made,
      issuer,
      require_issuer,
      redirect_uri,
      proxy,
      created: now(),
      return_to: popup ? '' : asked.returnTo || here,
    },
  };
};
