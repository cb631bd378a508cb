// An OpenID provider, for the peers that know no other: GitHub's OAuth gives no ID token. Everybody is Ada to it.
import {createServer} from 'node:http';
import {exportJWK, generateKeyPair, SignJWT} from 'jose';

const {publicKey, privateKey} = await generateKeyPair('RS256');
const jwk = {...await exportJWK(publicKey), kid: 'provider', alg: 'RS256', use: 'sig'};
const codes = new Map();  // what the nonce of a code is
const user = {
  sub: '583231', preferred_username: 'ada-page', name: 'Ada Page', picture: 'https://avatars.githubusercontent.com/u/583231?v=4',
  profile: 'https://github.com/ada-page',
};

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const {pathname, searchParams} = new URL(request.url, issuer);
  const say = (body) => response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body));
  if (pathname === '/.well-known/openid-configuration') {
    return say({
      issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`,
      userinfo_endpoint: `${issuer}/user`, response_types_supported: ['code'], subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'], token_endpoint_auth_methods_supported: ['client_secret_basic'],
    });
  }
  if (pathname === '/keys') return say({keys: [jwk]});
  if (pathname === '/user') return say(user);
  if (pathname === '/authorize') {
    const code = String(codes.size + 1);
    codes.set(code, searchParams.get('nonce'));
    const to = new URL(searchParams.get('redirect_uri'));
    to.search = new URLSearchParams({code, state: searchParams.get('state')});
    return response.writeHead(302, {location: to.href}).end();
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const nonce = codes.get(new URLSearchParams(body).get('code'));
  const id_token = await new SignJWT({nonce}).setProtectedHeader({alg: 'RS256', kid: 'provider'}).setIssuer(issuer).setSubject(user.sub)
    .setAudience('peer').setIssuedAt().setExpirationTime('1h').sign(privateKey);
  return say({access_token: 'provided', token_type: 'Bearer', expires_in: 3600, id_token});
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
