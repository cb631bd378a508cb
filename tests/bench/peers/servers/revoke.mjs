// GitHub's token ended over kept connections, for those whose library does not do it. By fetch() it would take a new connection
// each time: undici, which is under it, keeps none after a DELETE with a body unless it is told to.
import {Pool} from 'undici';
import {apiHeaders, basic, github, http2, revokePath} from './given.mjs';

// Over HTTP/2, too, undici sends a POST alone on its connection.
export const pool = new Pool(github, {connections: 256, allowH2: http2});
/** It cannot send a DELETE with a body over HTTP/2: it leaves out the length that it then asks for. */
const revocations = http2 ? new Pool(github, {connections: 256}) : pool;

export async function revoke(access_token) {
  const {statusCode, body} = await revocations.request({
    method: 'DELETE',
    path: revokePath,
    headers: {...apiHeaders, 'authorization': basic, 'content-type': 'application/json'},
    body: JSON.stringify({access_token}),
    reset: false,
  });
  await body.dump();
  if (statusCode !== 204) throw new Error(`revoke: ${statusCode}`);
}
