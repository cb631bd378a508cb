// A proxy in a few lines, for tests of what a page does: whoever shows a session it gave is signed in.
import {origin} from './browser.mjs';

const user = {id: 1, login: 'ada'};
export const login = 'https://login.example';

/** Answers all calls of the browser; `carry` is 'cookie' or 'key'. `slow(call)` may wait, or say 'never'. */
export function standIn(browser, carry, slow = () => {}) {
  let sessions = 0;
  const reply = (status, body, headers = {}) => ({status, headers, body: body && JSON.stringify(body)});
  const session = () => ({v: 1, user, expires_at: new Date(2e12 + 1000 * sessions).toISOString()});
  browser.network.answer = async (call, cookie) => {
    if (await slow(call) === 'never') return new Promise(() => {});
    const {method, path, headers} = call;
    if (path === '/v1/config') {
      return reply(200, {v: 1, carry, client_id: 'id', redirect_uri: `${origin}/`,
        authorize_url: 'https://github.com/login/oauth/authorize',
        issuer: '', scope: '', ...carry === 'key' && {nonce: 'n'}});
    }
    const cleared = carry === 'cookie' ? {'set-cookie': ['session=; Max-Age=0']} : {};
    if (method === 'DELETE') return reply(204, undefined, cleared);
    if (method === 'POST') {
      sessions += 1;
      return carry === 'key' ? reply(201, {...session(), session: `sealed.${sessions}`}) :
                               reply(201, session(), {'set-cookie': [`session=${sessions}; Max-Age=60`]});
    }
    const shown = carry === 'key' ? headers.Authorization : cookie;
    return reply(200, shown ? session() : {v: 1, user: null, reason: 'none'});
  };
}

/** The answer of GitHub to the request that this tab went away with, as a query. */
export const callbackOf = (address) => `?code=abcdefabcdefabcdefab&state=${new URL(address).searchParams.get('state')}`;

/** Clicks, and comes back from GitHub: the page that has the answer, which it asks the proxy for. */
export async function comeBack(browser, tab, proxy, options) {
  await tab.client.signIn(options);
  const back = browser.navigate(tab, `${origin}/`);
  back.start(proxy, callbackOf(tab.went.at(-1)));
  return back;
}
