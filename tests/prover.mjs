// What the browser of a page of another site does: a P-256 key, proofs signed with it (RFC 9449), and the calls that
// carry them; also proofs that no browser would make (the lines of tests/vectors/proofs.json).
import {createHash, generateKeyPairSync, randomUUID, sign} from 'node:crypto';
import {ask, exchangeBody, fromPage, json} from './wire.mjs';

export const publicUrl = 'https://login.example';
export const fromElsewhere = {...fromPage, 'Sec-Fetch-Site': 'cross-site'};

const encode = (what) => Buffer.from(what).toString('base64url');
const sha256 = (text) => createHash('sha256').update(text).digest('base64url');

/** RFC 7396. */
const patch = (into, changes) => {
  if (changes === null || typeof changes !== 'object' || Array.isArray(changes)) return changes;
  const patched = into !== null && typeof into === 'object' && !Array.isArray(into) ? {...into} : {};
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete patched[key];
    else patched[key] = patch(patched[key], value);
  }
  return patched;
};

/** Hex digits, with R and S for the halves of the signature. */
const readSignature = (text, raw) => Buffer.concat((text.match(/R|S|../g) ?? []).map((piece) =>
  piece === 'R' ? raw.subarray(0, 32) : piece === 'S' ? raw.subarray(32) : Buffer.from(piece, 'hex')));

export class Prover {
  constructor() {
    const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
    this.privateKey = privateKey;
    const {kty, crv, x, y} = publicKey.export({format: 'jwk'});
    this.jwk = {kty, crv, x, y};
    this.thumbprint = sha256(JSON.stringify({crv, kty, x, y}));
  }

  sign(text) {
    return sign('sha256', Buffer.from(text), {key: this.privateKey, dsaEncoding: 'ieee-p1363'});
  }

  claims({method = 'GET', path = '/v1/session', nonce, session}) {
    return {htm: method, htu: publicUrl + path, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), nonce,
      ...session !== undefined && {ath: sha256(session)}};
  }

  /** A good proof, or the one that a line of the corpus stands for. */
  prove(call, line = {}) {
    const header = patch({typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk}, line.header ?? {});
    const h = encode(line.header_text?.replaceAll('@', JSON.stringify(this.jwk)) ?? JSON.stringify(header));
    const p = encode(line.claims_text ?? JSON.stringify(patch(this.claims(call), line.claims ?? {})));
    const raw = this.sign(`${h}.${p}`);
    const s = encode(line.signature === undefined ? raw : readSignature(line.signature, raw));
    return (line.written ?? '{h}.{p}.{s}').replaceAll('{h}', h).replaceAll('{p}', p).replaceAll('{s}', s);
  }
}

export const nonceOf = async (port) =>
  (await ask(port, {target: '/v1/config', headers: {...fromElsewhere, 'X-Portero': undefined}})).json().nonce;

/** The request of a page that holds `prover`: GET or DELETE with a session. */
export const proven = (prover, {method = 'GET', nonce, session}, more = {}) => ({method, headers: {...fromElsewhere,
  Authorization: `DPoP ${session}`, DPoP: prover.prove({method, nonce, session}), ...more}});

/** POST /v1/session, as a page of another site sends it. */
export const signInByKey = (port, prover, nonce, exchange, more = {}) => ask(port, {method: 'POST', body: exchangeBody(exchange),
  headers: {...fromElsewhere, ...json, DPoP: prover.prove({method: 'POST', nonce}), ...more}});
