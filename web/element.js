// <github-sign-in>: draws a client and passes clicks on. Refuses to write markup (text and nodes only)
// and to talk to anyone. Importing it does nothing. Next: client.js.
import {connect} from './client.js';
import {messages, sentence} from './messages.js';
/** @import {SignInError, User} from './types.js' */

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** Fetches the style once. Without it the element works, unstyled. */
export const dress = async () => {
  try {
    const reply = await fetch(new URL('github-sign-in.css', import.meta.url), {integrity: import.meta.cssIntegrity});
    sheet ??= await new CSSStyleSheet().replace(reply.ok ? await reply.text() : '');
  } catch {}
};

/** @param {Element} node @param {string} name @param {string | null | undefined} value */
const attribute = (node, name, value) => (value ? node.setAttribute(name, value) : node.removeAttribute(name));

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} part @param {(Node | string)[]} inside */
const make = (tag, part, ...inside) => {
  const made = document.createElement(tag);
  attribute(made, 'part', part);
  made.append(...inside);
  return made;
};

/** What may become a link or an image (the proxy lets http pass from a GitHub on loopback only). @param {string | null} url */
const web = (url) => (/^https?:\/\//.test(url ?? '') ? url : null);

/** Attributes: proxy, return-to, scope, login-hint, prompt, allow-signup; it writes `state` itself. */
export class GitHubSignInElement extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ['proxy'];

  /** @type {import('./client.js').Client | undefined} */
  client;
  #said = '';
  #letter = make('span', '');
  #image = make('img', '');
  #name = make('span', 'name');
  #login = make('a', 'login');
  #user = make('span', 'user', make('span', 'avatar', this.#letter, this.#image), make('span', '', this.#name, this.#login));
  #label = make('span', 'label');
  #mark = make('slot', '', make('span', 'mark')); // a site may put GitHub's own there
  #button = make('button', '', this.#mark, this.#label);
  #link = make('a', 'button', messages.open);
  #message = make('p', 'message');

  constructor() {
    super();
    const root = this.attachShadow({mode: 'open'});
    if (sheet) root.adoptedStyleSheets = [sheet];
    attribute(this.#mark, 'name', 'mark');
    this.#image.alt = '';
    this.#image.referrerPolicy = 'no-referrer';
    this.#image.onerror = () => (this.#image.hidden = true);
    attribute(this.#link, 'target', '_blank');
    attribute(this.#link, 'rel', 'noopener');
    attribute(this.#message, 'role', 'status');
    this.#button.onclick = () => this.#click();
    root.append(make('div', 'card', this.#user, this.#button, this.#link), this.#message);
  }

  get user() {
    return this.client?.user ?? null;
  }

  get error() {
    return this.client?.error;
  }

  signIn() {
    const [returnTo, scope, loginHint, prompt, allowSignup] =
      ['return-to', 'scope', 'login-hint', 'prompt', 'allow-signup'].map((name) => this.getAttribute(name) ?? undefined);
    return this.client?.signIn({returnTo, scope, loginHint, prompt, allowSignup});
  }

  signOut() {
    return this.client?.signOut();
  }

  connectedCallback() {
    this.disconnectedCallback();
    this.client = connect(this.getAttribute('proxy') ?? '');
    this.client.addEventListener('change', this);
    this.handleEvent();
  }

  disconnectedCallback() {
    this.client?.removeEventListener('change', this);
    this.client = undefined;
  }

  attributeChangedCallback() {
    if (this.client) this.connectedCallback();
  }

  #click() {
    const client = this.client;
    if (client?.user) client.signOut();
    else if (client?.state === 'error' && !client.ready) client.retry();
    else if (client?.state !== 'starting') this.signIn();
  }

  /** The client has changed. */
  handleEvent() {
    const {state, user, error, framed, ready, acted} = /** @type {import('./client.js').Client} */ (this.client);
    attribute(this, 'state', state);
    this.#user.hidden = !user;
    if (user) {
      this.#name.textContent = user.name || user.login;
      this.#login.textContent = '@' + user.login;
      this.#letter.textContent = [...this.#name.textContent][0];
      attribute(this.#login, 'href', web(user.html_url));
      const avatar = web(user.avatar_url);
      this.#image.hidden = !avatar;
      if (this.#image.src !== avatar) attribute(this.#image, 'src', avatar);
    }
    this.#link.hidden = !framed;
    attribute(this.#link, 'href', location.href);
    this.#button.hidden = framed;
    attribute(this.#button, 'part', user ? 'button sign-out' : 'button');
    const settled = state !== 'starting' && state !== 'busy';
    attribute(this.#button, 'aria-disabled', settled ? null : 'true');
    this.#label.textContent = messages[user ? 'signOut' : error && !ready ? 'retry' : 'signIn'];
    const text = state === 'error' ? sentence(error) : messages[framed ? 'framed' : state];
    if (this.#message.textContent !== text) this.#message.textContent = text; // announced once
    if (error && acted) this.#button.focus();
    if (settled) this.#say(state, user, error);
  }

  /** @param {string} state @param {User | null} user @param {SignInError} [error] */
  #say(state, user, error) {
    const said = `${state} ${error?.code ?? user?.id}`;
    if (said === this.#said) return;
    this.#said = said;
    const {code, hint, retry_after} = error ?? {};
    const detail = error ? {code, hint, retry_after} : {user};
    this.dispatchEvent(new CustomEvent('github-sign-in:' + state, {bubbles: true, composed: true, detail}));
  }
}
