// GitHub's own client: @octokit/oauth-methods, which asks by fetch().
import {deleteToken, exchangeWebFlowCode} from '@octokit/oauth-methods';
import {request as octokit} from '@octokit/request';
import {clientId, clientSecret, github, redirectUri} from './given.mjs';
import {serve} from './serve.mjs';

// Any address but api.github.com is an Enterprise Server's to it, whose API is below /api/v3.
const request = octokit.defaults({baseUrl: `${github}/api/v3`});
const app = {clientType: 'oauth-app', clientId, clientSecret, request};

serve({
  // It knows no code_verifier.
  exchange: async (code) => (await exchangeWebFlowCode({...app, code, redirectUrl: redirectUri})).authentication.token,
  readUser: async (token) => (await request('GET /user', {headers: {authorization: `Bearer ${token}`}})).data,
  revoke: (token) => deleteToken({...app, token}),
});
