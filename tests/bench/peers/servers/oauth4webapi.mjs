// oauth4webapi, which validates each reply by the specifications and asks by fetch().
import * as oauth from 'oauth4webapi';
import {apiHeaders, clientId, clientSecret, github, redirectUri} from './given.mjs';
import {revoke} from './revoke.mjs';
import {serve} from './serve.mjs';

const server = {issuer: `${github}/login/oauth`, token_endpoint: `${github}/login/oauth/access_token`};
const client = {client_id: clientId};
const secret = oauth.ClientSecretPost(clientSecret);

async function exchange(code, code_verifier) {
  // The page has compared its state, as portero's does.
  const callback = oauth.validateAuthResponse(server, client, new URLSearchParams({code}), oauth.expectNoState);
  const response = await oauth.authorizationCodeGrantRequest(server, client, secret, callback, redirectUri, code_verifier);
  return (await oauth.processAuthorizationCodeResponse(server, client, response)).access_token;
}

async function readUser(token) {
  const response = await oauth.protectedResourceRequest(token, 'GET', new URL(`${github}/user`), new Headers(apiHeaders));
  if (response.status !== 200) throw new Error(`user: ${response.status}`);
  return response.json();
}

serve({exchange, readUser, revoke});
