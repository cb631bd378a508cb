/**
 * The one file that touches the module's memory. Pure inside: it has no clock, no randomness and no
 * network of its own, so all three are arguments. Every call throws an Error with a `code`, one of
 * wasm/error.h, when the module refuses; the names come from the module.
 *
 *   const core = await loadCore(new URL('../portero.wasm', import.meta.url))
 *   const prepared = core.prepare(crypto.getRandomValues(new Uint8Array(64)), false)
 *   const url = core.begin(config, {}, prepared, sha256OfVerifier)
 *   const body = core.finish(location.search, pending, Math.floor(Date.now() / 1000))
 *
 * @typedef {{client_id: string, authorize_url: string, redirect_uri: string, scope: string}} ClientSettings
 * @typedef {{login?: string, prompt?: string, allow_signup?: string}} AuthorizeOptions
 * @typedef {{code: string, code_verifier: string}} ExchangeRequest
 * @typedef {object} Core
 * @property {(entropy: Uint8Array, popup: boolean) => Prepared} prepare 64 random bytes
 * @property {(settings: ClientSettings, options: AuthorizeOptions, prepared: Prepared,
 *   challenge: Uint8Array) => string} begin the URL to go to; `challenge` is SHA-256(code_verifier)
 * @property {(query: string, pending: Pending, now: number) => ExchangeRequest} finish
 * @property {(text: string) => boolean} returnTo whether a return_to stays on this origin
 *
 * @typedef {Record<string, (argument?: number) => number> & {memory: WebAssembly.Memory}} Exports
 */
/** @import {Pending, Prepared} from './types.js' */
import {signInError} from './error.js';

/** The module's bytes. @param {string | URL} source @param {AbortSignal} [signal] */
const bytesOf = async (source, signal) => {
  const integrity = import.meta.wasmIntegrity;
  // Hosts let browsers keep files for minutes: one of the last release is no reason to fail in this one.
  const response = await fetch(source, {integrity, signal}).catch(() =>
    fetch(source, {integrity, signal, cache: 'reload'}),
  );
  if (!response.ok) throw response.status;
  return response.arrayBuffer();
};

/**
 * Loads the module from its address.
 * Rejects when it cannot be fetched or may not run: module.js says `core_unavailable`.
 * @param {string | URL} source @param {AbortSignal} [signal] gives it up
 * @returns {Promise<Core>}
 */
export const loadCore = async (source, signal) => {
  const {instance} = await WebAssembly.instantiate(await bytesOf(source, signal));
  const wasm = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
  // The module's memory never grows, so these stay good.
  const memory = new Uint8Array(wasm.memory.buffer, wasm.portero_buffer(), wasm.portero_capacity());
  const view = new DataView(memory.buffer, memory.byteOffset);

  /** @param {number} length of a reply  @returns {string[]} its fields, which follow the status */
  const read = (length) => {
    const fields = [];
    for (let at = 1, end; at < length; at = end) {
      end = at + 4 + view.getUint32(at, true);
      fields.push(new TextDecoder().decode(memory.subarray(at + 4, end)));
    }
    return fields;
  };

  /** @param {string} name  @param {(string | number | undefined | Uint8Array)[]} fields  what is missing is sent empty */
  const call = (name, ...fields) => {
    let length = 0;
    try {
      for (const field of fields) {
        const bytes = typeof field == 'object' ? field : new TextEncoder().encode(/** @type {string} */ (field));
        const at = length;
        length += 4 + bytes.length;
        if (length > memory.length) continue; // the module refuses it by its length
        view.setUint32(at, bytes.length, true);
        memory.set(bytes, at + 4);
      }
      const reply = read(wasm['portero_' + name](length));
      if (memory[0]) throw signInError(reply[0]);
      return reply;
    } finally {
      wasm.portero_wipe();
    }
  };

  return {
    prepare(entropy, popup) {
      const [state, code_verifier] = call('prepare', entropy, popup ? 1 : '');
      return {state, code_verifier};
    },
    begin(settings, options, prepared, challenge) {
      return call(
        'begin',
        settings.client_id,
        settings.authorize_url,
        settings.redirect_uri,
        settings.scope,
        options.login,
        options.prompt,
        options.allow_signup,
        prepared.state,
        prepared.code_verifier,
        challenge,
      )[0];
    },
    finish(query, pending, now) {
      const [code, code_verifier] = call(
        'finish',
        query,
        pending.state,
        pending.code_verifier,
        pending.issuer,
        pending.created,
        pending.require_issuer ? 1 : '',
        now,
      );
      return {code, code_verifier};
    },
    returnTo(text) {
      try {
        call('return_to', text);
        return true;
      } catch {
        return false;
      }
    },
  };
};
