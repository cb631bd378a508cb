// The session of a page of another site than the proxy (docs/protocol.md, "A session by key"). The proxy seals it and
// binds it to a key that cannot leave this browser; IndexedDB keeps both. Loaded only if the config asks for it. Refuses
// to send a session without a proof made for that one call. Compares no clock, so a wrong one does no harm.
/** @import {Call, Config} from './types.js' */

/** @typedef {{key: CryptoKey, jwk: JsonWebKey, session?: string}} Kept */

const curve = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'};
const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {Uint8Array | ArrayBuffer} bytes base64url of them */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
const part = (/** @type {object} */ value) => base64url(encode(JSON.stringify(value)));

/** @type {Map<string, Kept>} for as long as the page lives, where the browser keeps nothing */
const memory = new Map();

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} use */
const database = async (mode, use) => {
  const opening = indexedDB.open('portero', 1); // throws, or fails, where site data is blocked
  opening.onupgradeneeded = () => opening.result.createObjectStore('sessions');
  const opened = await done(opening);
  try {
    return await done(use(opened.transaction('sessions', mode).objectStore('sessions')));
  } finally {
    opened.close();
  }
};

/** @param {string} proxy @returns {Promise<Kept | undefined>} */
const read = (proxy) => database('readonly', (store) => store.get(proxy)).catch(() => memory.get(proxy));

/** @param {string} proxy @param {Kept} [kept] none: forgets */
const write = async (proxy, kept) => {
  memory.delete(proxy);
  await database('readwrite', (store) => (kept ? store.put(kept, proxy) : store.delete(proxy))).catch(
    () => kept && memory.set(proxy, kept),
  );
};

/** @returns {Promise<Kept>} */
const make = async () => {
  const {privateKey, publicKey} = await crypto.subtle.generateKey(curve, false, ['sign']);
  const {kty, crv, x, y} = await crypto.subtle.exportKey('jwk', publicKey);
  return {key: privateKey, jwk: {kty, crv, x, y}};
};

/** A proof for one call (RFC 9449 §4.2). @param {Kept} kept @param {object} claims */
const prove = async ({key, jwk}, claims) => {
  const text = `${part({typ: 'dpop+jwt', alg: 'ES256', jwk})}.${part(claims)}`;
  return `${text}.${base64url(await crypto.subtle.sign(curve, key, encode(text)))}`;
};

/**
 * The session calls of a proxy, each with its proof. A sign-in makes a new key; GET says that nobody is signed in when
 * there is nothing to show, and forgets what the proxy no longer takes; DELETE forgets whatever the proxy says.
 * @param {string} proxy @param {Config} config @param {Call} call
 * @returns {(method?: string, body?: object) => Promise<any>}
 */
export const keyed = (proxy, {nonce}, call) => {
  /** @param {string} method @param {object | undefined} body @param {Kept} kept */
  const send = async (method, body, kept) => {
    const {session} = kept;
    const ath = session && base64url(await crypto.subtle.digest('SHA-256', encode(session)));
    const DPoP = await prove(kept, {
      htm: method,
      htu: `${proxy}/v1/session`,
      jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
      iat: Math.floor(Date.now() / 1e3),
      nonce,
      ath,
    });
    const json = await call(proxy, 'session', method, body, {
      credentials: 'omit',
      headers: {DPoP, ...(session && {Authorization: `DPoP ${session}`})},
    });
    nonce = json?.nonce ?? nonce;
    if (json?.session) await write(proxy, {...kept, session: json.session});
    return json;
  };

  return async (method = 'GET', body) => {
    const kept = method === 'POST' ? await make() : await read(proxy);
    if (!kept) return {user: null};
    try {
      const json = await send(method, body, kept).catch(async (error) => {
        if (error.code !== 'use_dpop_nonce') throw error;
        ({nonce} = await call(proxy, 'config', 'GET', undefined, {cache: 'reload'}));
        return send(method, body, kept);
      });
      if (json?.user === null) await write(proxy);
      return json;
    } catch (error) {
      if (method === 'POST' || (method === 'GET' && /** @type {any} */ (error).code !== 'no_session')) throw error;
      await write(proxy);
      return {user: null};
    } finally {
      if (method === 'DELETE') await write(proxy);
    }
  };
};
