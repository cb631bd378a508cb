// The session of the peers written by hand: sealed by jose as portero seals its own (dir, A256GCM), in a cookie.
import {randomBytes, webcrypto} from 'node:crypto';
import {EncryptJWT, jwtDecrypt} from 'jose';
import {github, origin} from './given.mjs';

const name = '__Host-peer';
const lifetime = 7 * 24 * 3600;  // seconds
const issuer = `${github}/login/oauth`;
const key = await webcrypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
const expected = {
  issuer, audience: origin, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'], requiredClaims: ['sub', 'exp'],
};

const iso = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** {cookie, expires_at}: the cookie as Set-Cookie has it. */
export async function seal(user) {
  const now = Math.floor(Date.now() / 1000);
  const sealed = await new EncryptJWT({auth_time: now, sid: randomBytes(16).toString('base64url'), user})
    .setProtectedHeader({alg: 'dir', enc: 'A256GCM', kid: 'peer', typ: 'peer+jwe'})
    .setIssuer(issuer).setAudience(origin).setSubject(String(user.id)).setIssuedAt(now).setExpirationTime(now + lifetime).encrypt(key);
  return {
    cookie: `${name}=${sealed}; Secure; HttpOnly; Path=/; SameSite=Lax; Max-Age=${lifetime}`,
    expires_at: iso(now + lifetime),
  };
}

/** Who is signed in, as the answer says it; undefined: nobody. */
export async function open(cookies = '') {
  const pair = cookies.split(/; */).find((one) => one.startsWith(`${name}=`));
  if (pair === undefined) return undefined;
  try {
    const {payload} = await jwtDecrypt(pair.slice(name.length + 1), key, expected);
    return {v: 1, user: payload.user, expires_at: iso(payload.exp)};
  } catch {
    return undefined;
  }
}
