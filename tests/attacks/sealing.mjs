// A session as whoever holds the keys could make it: for tests that need one which portero never would.
import {createCipheriv, createDecipheriv, randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';

/** The keys of a key file: [{kid, k}]. */
export const keysOf = (path) => JSON.parse(readFileSync(path, 'utf8')).keys;

export const goodHeader = ({kid}) => `{"alg":"dir","enc":"A256GCM","kid":"${kid}","typ":"portero+jwe"}`;

/** RFC 7516 compact form; `header` is text, so that it may be anything. */
export function seal(claims, key, header = goodHeader(key)) {
  const head = Buffer.from(header).toString('base64url');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.k, 'base64url'), iv).setAAD(Buffer.from(head));
  const sealed = Buffer.concat([cipher.update(typeof claims === 'string' ? claims : JSON.stringify(claims)), cipher.final()]);
  return [head, '', iv.toString('base64url'), sealed.toString('base64url'), cipher.getAuthTag().toString('base64url')].join('.');
}

/** The claims of a session that portero sealed. */
export function open(session, key) {
  const [head, , iv, sealed, tag] = session.split('.');
  const bytes = (text) => Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', bytes(key.k), bytes(iv)).setAAD(Buffer.from(head)).setAuthTag(bytes(tag));
  return JSON.parse(Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString());
}
