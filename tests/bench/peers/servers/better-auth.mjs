// better-auth without a database, as it advises for that: all of a visitor's session is in its sealed cookie. Its own provider
// for GitHub knows github.com alone, so this is its generic one. A sign-in is two redirects; as with Grant, the second counts.
import {randomBytes} from 'node:crypto';
import {createServer} from 'node:http';
import {betterAuth} from 'better-auth';
import {toNodeHandler} from 'better-auth/node';
import {genericOAuth} from 'better-auth/plugins';
import {apiHeaders, clientId, clientSecret, github, origin, port as wanted, redirectUri} from './given.mjs';
import {revoke} from './revoke.mjs';

/** A person without a public address has to have one here. */
async function readUser({accessToken}) {
  const answer = await fetch(`${github}/user`, {headers: {...apiHeaders, authorization: `Bearer ${accessToken}`}});
  if (answer.status !== 200) return null;
  const {id, login, name, avatar_url: image} = await answer.json();
  revoke(accessToken).catch((error) => console.error(error.message));
  return {id: String(id), name: login, email: `${id}@users.noreply.example`, emailVerified: true, image, fullName: name};
}

const server = createServer();
server.listen(wanted, '127.0.0.1', 4096, () => {
  const {port} = server.address();
  const auth = betterAuth({
    baseURL: `http://127.0.0.1:${port}`,
    secret: randomBytes(32).toString('hex'),
    trustedOrigins: [origin, redirectUri],
    rateLimit: {enabled: false},
    telemetry: {enabled: false},
    plugins: [genericOAuth({config: [{
      providerId: 'github',
      clientId,
      clientSecret,
      authorizationUrl: `${github}/login/oauth/authorize`,
      tokenUrl: `${github}/login/oauth/access_token`,
      getUserInfo: readUser,
    }]})],
  });
  server.on('request', toNodeHandler(auth));
  console.log(`port ${port}`);
});
