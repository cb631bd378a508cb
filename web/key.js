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

/**
 * One transaction. What it wrote is kept only once it has ended.
 * @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T>} use @returns {Promise<T>}
 */
const database = async (mode, use) => {
  const opening = indexedDB.open('portero', 1); // throws, or fails, where site data is blocked
  opening.onupgradeneeded = () => opening.result.createObjectStore('sessions');
  const opened = await done(opening);
  try {
    const transaction = opened.transaction('sessions', mode);
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
    });
    return (await Promise.all([use(transaction.objectStore('sessions')), ended]))[0];
  } finally {
    opened.close();
  }
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
 * there is nothing to show, and forgets what the proxy no longer takes, and what cannot be proven; DELETE forgets at once,
 * whatever the proxy says. What the browser cannot keep lives as long as the page: the answer to a sign-in says `unkept`.
 * @param {string} proxy @param {Config} config @param {Call} call @param {typeof import('./within.js').within} within
 * @returns {(method?: string, body?: object, asked?: number) => Promise<any>} `asked`: in which epoch (tabs.js)
 */
export const keyed = (proxy, {nonce}, call, within) => {
  const out = `out ${proxy}`; // the epoch of the last sign-out
  let patience = 3e3;

  /** Storage that does not answer is waited for once. @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T>} use */
  const stored = (mode, use) =>
    within(performance.now() + patience, () => database(mode, use)).catch((error) => {
      if (error.name === 'TimeoutError') patience = 0;
      throw error;
    });

  /** @returns {Promise<Kept | undefined>} */
  const read = async () =>
    memory.get(proxy) ?? stored('readonly', (store) => done(store.get(proxy))).catch(() => undefined);

  /** Writes if `may` says so in the same transaction. @param {(store: IDBObjectStore) => Promise<boolean>} may @param {Kept} [kept] none: forgets */
  const write = (may, kept) =>
    stored('readwrite', async (store) => {
      if (!(await may(store))) return;
      await (kept ? done(store.put(kept, proxy)) : done(store.delete(proxy)));
      // Some browsers say that they keep a key, and do not.
      if (kept && !((await done(store.get(proxy)))?.key instanceof CryptoKey)) throw kept;
    });

  const always = async () => true;

  /** Another tab may have written since. @param {Kept} kept */
  const same = (kept) => async (/** @type {IDBObjectStore} */ store) =>
    (await done(store.get(proxy)))?.session === kept.session;

  /** @param {Kept} kept @param {(store: IDBObjectStore) => Promise<boolean>} may */
  const keep = (kept, may) =>
    write(may, kept).then(
      () => memory.delete(proxy),
      () => {
        memory.set(proxy, kept);
        write(always).catch(() => {}); // what is there is older
      },
    );

  /** @param {string} method @param {object | undefined} body @param {Kept} kept */
  const send = async (method, body, kept) => {
    const {session} = kept;
    let DPoP = '';
    try {
      if (method !== 'POST' && !/^[\w.-]{1,4096}$/.test(session ?? '')) throw kept;
      DPoP = await prove(kept, {
        htm: method,
        htu: `${proxy}/v1/session`,
        jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
        iat: Math.floor(Date.now() / 1e3),
        nonce,
        ath: session && base64url(await crypto.subtle.digest('SHA-256', encode(session))),
      });
      if (DPoP.length > 4096) throw kept;
    } catch (error) {
      throw method === 'POST' ? error : {code: 'no_session'}; // one that cannot be proven is none
    }
    const json = await call(proxy, 'session', method, body, {
      credentials: 'omit',
      headers: {DPoP, ...(session && {Authorization: `DPoP ${session}`})},
    });
    nonce = json?.nonce ?? nonce;
    return json;
  };

  return async (method = 'GET', body, asked = 0) => {
    const signsIn = method === 'POST';
    const kept = signsIn ? await make() : await read();
    if (method === 'DELETE') {
      memory.delete(proxy);
      await stored('readwrite', (store) => done(store.put(asked, out))).catch(() => {});
      await write(always).catch(() => {});
    }
    if (!kept) return {user: null};
    try {
      const json = await send(method, body, kept).catch(async (error) => {
        if (error.code !== 'use_dpop_nonce') throw error;
        ({nonce} = await call(proxy, 'config', 'GET', undefined, {cache: 'reload'}));
        return send(method, body, kept);
      });
      const session = json?.session;
      const renewed = {...kept, session};
      if (session && signsIn) await keep(renewed, async (store) => !((await done(store.get(out))) > asked));
      else if (session && memory.has(proxy)) memory.set(proxy, renewed);
      else if (session) await keep(renewed, same(kept));
      if (json?.user) return {...json, unkept: memory.has(proxy)};
    } catch (error) {
      if (signsIn || (method === 'GET' && /** @type {any} */ (error).code !== 'no_session')) throw error;
    }
    if (memory.get(proxy)?.session === kept.session) memory.delete(proxy);
    if (method === 'GET') await write(same(kept)).catch(() => {});
    return {user: null};
  };
};
