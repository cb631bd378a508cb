// Calls the proxy and names what went wrong. What is not the proxy's own JSON is no answer.
import {signInError} from './error.js';

/**
 * @param {string} proxy @param {'config' | 'session'} path @param {string} [method] @param {object} [body]
 * @param {RequestInit} [more] what key.js does otherwise: headers, credentials, cache
 * @returns {Promise<any>} null for 204
 */
export const call = async (proxy, path, method = 'GET', body, more) => {
  const session = path === 'session';
  let reply, json;
  try {
    reply = await fetch(`${proxy}/v1/${path}`, {
      method,
      body: body && JSON.stringify(body),
      credentials: session ? 'include' : 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(15e3),
      ...more,
      headers: {
        ...(session && {'X-Portero': '1'}),
        ...(body && {'Content-Type': 'application/json'}),
        ...more?.headers,
      },
    });
    json = reply.status === 204 ? null : await reply.json();
  } catch {}
  if (!reply || json === undefined) throw signInError(navigator.onLine ? 'proxy_unreachable' : 'offline');
  if (!reply.ok) throw signInError(`${json?.code}`, json ?? {});
  return json;
};
