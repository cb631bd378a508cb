// GitHub's token ended over kept connections, for those whose library does not do it. By fetch() it would take a new connection
// each time: undici, which is under it, keeps none after a DELETE with a body unless it is told to.
import {Pool} from 'undici';
import {apiHeaders, basic, github, revokePath} from './given.mjs';

export const pool = new Pool(github, {connections: 256});

export async function revoke(access_token) {
  const {statusCode, body} = await pool.request({
    method: 'DELETE',
    path: revokePath,
    headers: {...apiHeaders, 'authorization': basic, 'content-type': 'application/json'},
    body: JSON.stringify({access_token}),
    reset: false,
  });
  await body.dump();
  if (statusCode !== 204) throw new Error(`revoke: ${statusCode}`);
}
