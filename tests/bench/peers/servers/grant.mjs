// Grant, which signs in by two redirects of its own. The second, GitHub's callback, is the one that works. Its cookie holds the
// state of the first, signed, so one visitor's may be used for many sign-ins: script/bench counts callbacks alone.
import {randomBytes} from 'node:crypto';
import grant from 'grant';
import {clientId, clientSecret, github, redirectUri} from './given.mjs';
import {revoke} from './revoke.mjs';
import {listen, say, welcome} from './serve.mjs';

const handle = grant.vercel({
  config: {
    defaults: {origin: new URL(redirectUri).origin, transport: 'state', state: true, pkce: true},
    github: {
      key: clientId,
      secret: clientSecret,
      authorize_url: `${github}/login/oauth/authorize`,
      access_url: `${github}/login/oauth/access_token`,
      profile_url: `${github}/user`,
      response: ['tokens', 'profile'],
    },
  },
  session: {secret: randomBytes(32).toString('hex')},
});

listen(async (request, response) => {
  request.query = new URL(request.url, redirectUri).searchParams.toString();
  const {redirect, response: said} = await handle(request, response, {});
  if (redirect) return;
  if (!said?.access_token || !said.profile?.login) return say(response, 502, {code: 'failed'});
  await welcome(response, said.profile, () => revoke(said.access_token));
});
