/**
 * The one file that touches the module's memory. Pure inside: it has no clock, no randomness and no
 * network of its own, so all three are arguments. Every call throws an Error with a `code`, one of
 * PROTOCOL §3, when the module refuses; the names come from the module.
 *
 *   const core = await loadCore(new URL('../portero.wasm', import.meta.url))
 *   const prepared = core.prepare(crypto.getRandomValues(new Uint8Array(64)), false)
 *   const url = core.begin(config, {}, prepared, sha256OfVerifier)
 *   const body = core.finish(location.search, pending, Date.now() / 1000)
 *
 * @typedef {{client_id: string, authorize_url: string, redirect_uri: string, scope: string}} ClientSettings
 * @typedef {{login?: string, prompt?: string, allow_signup?: string}} AuthorizeOptions
 * @typedef {{state: string, code_verifier: string}} Prepared
 * @typedef {Prepared & {issuer?: string, created: number, require_issuer?: boolean}} Pending
 *   `created` in seconds since 1970
 * @typedef {{code: string, code_verifier: string}} ExchangeRequest
 * @typedef {object} Core
 * @property {(entropy: Uint8Array, popup: boolean) => Prepared} prepare 64 random bytes
 * @property {(settings: ClientSettings, options: AuthorizeOptions, prepared: Prepared,
 *   challenge: Uint8Array) => string} begin the URL to go to; `challenge` is SHA-256(code_verifier)
 * @property {(query: string, pending: Pending, now: number) => ExchangeRequest} finish
 * @property {(text: string) => boolean} returnTo whether a return_to stays on this origin
 * @property {(number: number) => string} errorName
 *
 * @typedef {Record<string, (argument?: number) => number> & {memory: WebAssembly.Memory}} Exports
 */

/** @param {string} code */
const failure = (code) => Object.assign(new Error(code), { code })

/** @param {string | URL | BufferSource} source */
const instantiate = async (source) => {
  if (typeof source != 'string' && !(source instanceof URL)) return WebAssembly.instantiate(source)
  const response = await fetch(source)
  if (!response.ok) throw response.status
  // A server that calls the file anything but application/wasm is not worth failing for.
  return response.headers.get('content-type') == 'application/wasm'
    ? WebAssembly.instantiateStreaming(response)
    : WebAssembly.instantiate(await response.arrayBuffer())
}

/**
 * Loads the module from its address (or, in tests, from its bytes).
 * Throws `core_unavailable` when it cannot be fetched or may not run.
 * @param {string | URL | BufferSource} source
 * @returns {Promise<Core>}
 */
export const loadCore = async (source) => {
  const { instance } = await instantiate(source).catch(() => {
    throw failure('core_unavailable')
  })
  const wasm = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports))
  const start = wasm.portero_buffer()

  /** @param {number} length of a reply  @returns {string[]} the status, then its fields */
  const read = (length) => {
    const view = new DataView(wasm.memory.buffer, start, length)
    const fields = [String(view.getUint8(0))]
    for (let at = 1; at < length;) {
      const size = view.getUint32(at, true)
      fields.push(new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, start + at + 4, size)))
      at += 4 + size
    }
    return fields
  }

  /** @param {number} number */
  const errorName = (number) => read(wasm.portero_error_name(number))[1]

  /** @param {string} name  @param {(string | Uint8Array)[]} fields */
  const call = (name, ...fields) => {
    const bytes = fields.map((field) =>
      typeof field == 'string' ? new TextEncoder().encode(field) : field)
    const length = bytes.reduce((sum, field) => sum + 4 + field.length, 0)
    try {
      if (length <= wasm.portero_capacity()) {
        const memory = new Uint8Array(wasm.memory.buffer, start)
        let at = 0
        for (const field of bytes) {
          new DataView(wasm.memory.buffer, start).setUint32(at, field.length, true)
          memory.set(field, at + 4)
          at += 4 + field.length
        }
      }
      const [status, ...reply] = read(wasm[`portero_${name}`](length))
      if (+status) throw failure(errorName(+status))
      return reply
    } finally {
      wasm.portero_wipe()
    }
  }

  const seconds = (/** @type {number} */ time) => String(Math.max(0, Math.floor(time)))

  return {
    prepare(entropy, popup) {
      const [state, code_verifier] = call('prepare', entropy, popup ? '1' : '')
      return { state, code_verifier }
    },
    begin(settings, options, prepared, challenge) {
      const { client_id, authorize_url, redirect_uri, scope } = settings
      const { login = '', prompt = '', allow_signup = '' } = options
      return call('begin', client_id, authorize_url, redirect_uri, scope, login, prompt,
        allow_signup, prepared.state, prepared.code_verifier, challenge)[0]
    },
    finish(query, pending, now) {
      const { state, code_verifier: verifier, issuer, created, require_issuer } = pending
      const [code, code_verifier] = call('finish', query, state, verifier, issuer || '',
        seconds(created), require_issuer ? '1' : '', seconds(now))
      return { code, code_verifier }
    },
    returnTo(text) {
      try {
        call('return_to', text)
        return true
      } catch {
        return false
      }
    },
    errorName,
  }
}
