// What then="reload" adds to the tag, on a page that a server shows in place of another because it lets nobody in without
// a good session (docs/embedding.md, "In place of another page"). There *signed in* is not the end. Right after a sign-in,
// here or in another tab, the address that the visitor asked for is loaded; until then the tag offers to sign in again.
// Loaded only where the attribute is set. Refuses to load for any other reason, so it cannot go round in circles.
/** @import {Client} from './client.js' */
/** @import {Messages} from './types.js' */

/** What this tab remembers from one page to the next: what happened last, at which address, and when. */
const kept = 'portero then';

/** @param {'clicked' | 'loaded'} what */
const keep = (what) => {
  try {
    sessionStorage.setItem(kept, JSON.stringify([what, location.href, Date.now()]));
  } catch {} // the next page knows less
};

const take = () => {
  try {
    const text = sessionStorage.getItem(kept);
    sessionStorage.removeItem(kept);
    const [what, address, time] = JSON.parse(text ?? '[]');
    return {what, address, recent: Math.abs(Date.now() - time) < 6e4};
  } catch {
    return {}; // not of our writing
  }
};

/** Once a page: it has one session. */
let watched = false;
/** The address was loaded right after a sign-in, and here this page is again. */
let disagrees = false;
/** Where the click was that led here. @type {string | undefined} */
let clicked;
/** Another tab said that its session changed. */
let told = false;
/** The page came back as it was left: the server may think otherwise by now. */
let restored = false;
/** The state before this one, of those that last. */
let before = '';
let leaving = false;

/**
 * Where to go. The page that GitHub leads back to is open to all, so that nobody goes there: its folder is the way in.
 * @param {Client} client @param {string} there
 */
const goal = async ({proxy}, there) => {
  try {
    const signal = AbortSignal.timeout?.(3e3);
    const reply = await fetch(`${proxy}/v1/config`, {credentials: 'omit', signal}); // the browser has it
    const {redirect_uri} = await reply.json();
    if (there.replace(/[?#].*/, '') === redirect_uri) return new URL('.', there).href;
  } catch {}
  return there;
};

/** Loads what the visitor asked for, once. @param {Client} client */
const load = async (client) => {
  leaving = true;
  const {href} = location;
  const there = client.there ?? href;
  const to = await goal(client, there === href.replace(/#.*/, '') ? href : there);
  try {
    history.replaceState(null, '', to);
  } catch {
    history.replaceState(null, '', '/'); // nothing of ours leads to another origin
  }
  keep('loaded');
  location.reload();
};

/** Says so, and stops: one more sign-in would change nothing. @param {Client} client */
const complain = (client) => {
  const hint =
    `${location.pathname} was loaded right after a sign-in, and answered with this page again, while ${client.proxy}/v1/session ` +
    `says who is signed in. Compare what the server in front asks: a proxy with the same key file, with the visitor's Cookie, and no cache in between.`;
  console.error(`portero: ${hint}`);
  client.state = 'error';
  client.error = Object.assign(new Error('gate_disagrees'), {code: 'gate_disagrees', hint});
  const event = new Event('change');
  client.onchange?.(event);
  client.dispatchEvent(event);
};

/** The client has changed. @param {Client} client */
const look = (client) => {
  const {state, acted, there} = client;
  if (state === 'busy' && before) keep('clicked');
  if (state === 'busy' || state === 'starting' || leaving) return;
  if (!before && acted && !there && clicked) history.replaceState(null, '', clicked); // a reload goes there
  const came = before === 'signed-out' || told || there;
  const again = restored;
  before = state;
  told = restored = false;
  if (state !== 'signed-in') return;
  if (came) load(client);
  else if (again)
    location.reload(); // no sign-in of its own, so it is none that could have failed
  else if (disagrees) complain(client);
};

/** @param {Client} client @param {boolean} choose another account may be let in */
const watch = (client, choose) => {
  watched = true;
  client.then ??= 'reload'; // the attribute came late
  const {what, address, recent} = take();
  disagrees = !choose && what === 'loaded' && !!recent && address === location.href;
  clicked = what === 'clicked' ? address : undefined;
  try {
    new BroadcastChannel('portero').onmessage = ({data}) => {
      told ||= data === 1; // the client hears it, too, and asks
    };
  } catch {}
  addEventListener('pageshow', ({persisted}) => (restored = persisted));
  client.addEventListener('change', () => look(client));
  look(client);
};

/**
 * Into the tag's card, while somebody is signed in whom the server does not let in: how to go on.
 * @param {Element} card @param {Messages} words @param {Client} client
 */
export const offer = (card, {again = 'Sign in again', renew = 'To open this page, sign in again.', other}, client) => {
  const tag = /** @type {import('./npm/index.js').GitHubSignInElement} */ (
    /** @type {ShadowRoot} */ (card.getRootNode()).host
  );
  const choose = tag.prompt === 'select_account';
  if (!watched) watch(client, choose);
  const {state, user, error, notice} = client;
  const [account, signIn, message, drawn] = ['part~=user', 'part=button', 'part=message', 'part~=again'].map(
    (part) => /** @type {HTMLElement} */ (card.querySelector(`[${part}]`)),
  );
  if (!user || notice || error?.code === 'gate_disagrees') {
    if (drawn?.matches(':focus')) (user ? account : signIn).focus();
    return drawn?.remove();
  }
  if (leaving && !drawn) return; // not for a moment
  const button = drawn ?? document.createElement('button');
  button.textContent = choose ? other : again;
  button.setAttribute('aria-disabled', `${state === 'busy' || leaving}`);
  if (state === 'signed-in' && !choose && !leaving) message.textContent = renew;
  if (drawn) return;
  button.setAttribute('part', 'button again');
  button.onclick = () => tag.signIn(choose ? {} : {loginHint: client.user?.login});
  button.style.flexBasis = '100%'; // below the account
  message.before(button);
};
