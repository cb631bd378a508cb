// A browser's own key against the real proxy, without the page's scripts: what WebCrypto makes, exports and signs is what
// the proxy takes from a page of another site, through that page's preflights. (The whole page: sign_in.test.mjs.)
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {freePort} from '../programs.mjs';
import {hostSite, startBrowser} from './harness.mjs';

const deployment = new Deployment();
let site;
let proxy;
let github;
let browser;
let page;

before(async () => {
  site = await hostSite({page: () => '<!doctype html><title>elsewhere</title>'});
  const origin = `http://localhost:${site.port}`;
  github = await deployment.github('--redirect-uri', `${origin}/`);
  const port = await freePort();
  proxy = await deployment.serve(deployment.settings(github, {
    origins: {[origin]: {redirect_uri: `${origin}/`}}, public_url: `http://127.0.0.1:${port}`, listen: `127.0.0.1:${port}`}));
  browser = await startBrowser();
  page = await browser.browser.newPage();
  await page.goto(`${origin}/`);
  await page.evaluate((base) => {
    const encode = (bytes) =>
        btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    const text = (what) => new TextEncoder().encode(what);
    window.portero = {
      makeKey: () => crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, false, ['sign']),
      async ask(path, {method = 'GET', session, nonce, key, body} = {}) {
        const headers = {
          'X-Portero': '1',
          ...body && {'Content-Type': 'application/json'},
          ...session && {Authorization: `DPoP ${session}`}
        };
        if (key) {
          const jwk = await crypto.subtle.exportKey('jwk', key.publicKey);
          const claims = {htm: method, htu: base + path, iat: Math.floor(Date.now() / 1000), jti: crypto.randomUUID(), nonce,
            ...session && {ath: encode(await crypto.subtle.digest('SHA-256', text(session)))}};
          const signed = [{typ: 'dpop+jwt', alg: 'ES256', jwk}, claims].map((part) => encode(text(JSON.stringify(part)))).join('.');
          headers.DPoP = `${signed}.${encode(await crypto.subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, key.privateKey, text(signed)))}`;
          this.members = Object.keys(jwk).sort();
        }
        const answer = await fetch(base + path, {method, headers, body: body && JSON.stringify(body), credentials: 'omit'});
        return {status: answer.status, ...answer.status !== 204 && await answer.json()};
      },
    };
  }, `http://127.0.0.1:${port}`);
});
after(async () => {
  await browser?.stop();
  await site?.stop();
  await deployment.close();
});

test('a browser signs in, is remembered and signs out with a key that it never gives out', async () => {
  const {code, code_verifier} = await github.code({redirect_uri: `http://localhost:${site.port}/`});
  const seen = await page.evaluate(async (body) => {
    const key = await portero.makeKey();
    const {carry, nonce} = await portero.ask('/v1/config');
    const first = await portero.ask('/v1/session');
    const signedIn = await portero.ask('/v1/session', {method: 'POST', nonce, key, body});
    const again = await portero.ask('/v1/session', {session: signedIn.session, nonce: signedIn.nonce, key});
    const thief = await portero.ask('/v1/session', {session: signedIn.session, nonce: signedIn.nonce, key: await portero.makeKey()});
    const out = await portero.ask('/v1/session', {method: 'DELETE', session: signedIn.session, nonce: again.nonce, key});
    const afterwards = await portero.ask('/v1/session', {session: signedIn.session, nonce: again.nonce, key});
    return {carry, first, signedIn, again, thief, out, afterwards, members: portero.members, extractable: key.privateKey.extractable};
  }, {v: 1, code, code_verifier});
  assert.equal(seen.carry, 'key');
  assert.deepEqual([seen.first.status, seen.first.user, seen.first.reason], [200, null, 'none']);
  assert.deepEqual([seen.signedIn.status, seen.signedIn.user?.login], [201, 'ada-page']);
  assert.deepEqual([seen.again.status, seen.again.user?.login], [200, 'ada-page']);
  assert.deepEqual([seen.thief.status, seen.thief.code], [401, 'no_session']);
  assert.equal(seen.out.status, 204);
  assert.deepEqual([seen.afterwards.status, seen.afterwards.reason], [200, 'none']);
  assert.equal(seen.extractable, false);
  assert.ok(seen.members.length > 4, `a browser adds to its jwk: ${seen.members}`);
  const {cookies} = await (await page.createCDPSession()).send('Network.getAllCookies');
  assert.deepEqual(cookies, []);
});
