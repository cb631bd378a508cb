// Calls the proxy and names what went wrong. What is not the proxy's own JSON is no answer.
import {signInError} from './error.js';
import {within} from './within.js';
/** @import {CallOptions} from './types.js' */

/**
 * @param {string} proxy @param {'config' | 'session'} path @param {string | undefined} method @param {object | undefined} body
 * @param {CallOptions & {end: number}} more when it is given up, and what key.js does otherwise: headers, credentials, cache
 * @returns {Promise<any>} null for 204
 */
export const call = async (proxy, path, method = 'GET', body, {end, ...more}) => {
  const session = path === 'session';
  const [reply, json, thrown] = await within(end, async (signal) => {
    const reply = await fetch(`${proxy}/v1/${path}`, {
      method,
      body: body && JSON.stringify(body),
      // Without no-store, another tab's call of the same address would be waited for.
      credentials: session ? 'include' : 'omit',
      cache: session ? 'no-store' : 'default',
      redirect: 'error',
      signal,
      ...more,
      headers: {
        ...(session && {'X-Portero': '1'}),
        ...(body && {'Content-Type': 'application/json'}),
        ...more.headers,
      },
    });
    if (reply.status === 204) return [reply, null];
    return reply.json().then(
      (json) => [reply, json],
      ({name}) => [reply, , name],
    );
  }).catch(({name}) => [, , name]);
  if (reply?.ok && (session ? json !== undefined : json?.v)) return json;
  if (typeof json?.code === 'string') throw signInError(json.code, json);
  if (!navigator.onLine) throw signInError('offline');
  throw Object.assign(signInError('proxy_unreachable'), {why: {proxy, thrown, status: reply?.status}});
};
