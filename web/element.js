// <github-sign-in>: draws a client and passes clicks on. Refuses to write markup (text and nodes only)
// and to talk to anyone. Importing it does nothing. Next: client.js.
import {connect} from './client.js';
import {language, languages, missing, sentence} from './messages.js';
import {attribute, item, make, slot, web} from './nodes.js';
import {soon, trouble} from './within.js';
/** @import {Messages, SignInError, User} from './types.js' */

/** @type {CSSStyleSheet[]} */
let sheets = [];

/**
 * Fetches the style once; until it is there the element takes its room, unseen. Without it the element works, unstyled.
 * Two sheets, each written once: WebKit adds to the rules of one that nobody has adopted yet, where it should replace them.
 */
export const dress = () => {
  if (sheets[0] || !CSSStyleSheet.prototype.replaceSync) return;
  const [room, style] = (sheets = [new CSSStyleSheet(), new CSSStyleSheet()]);
  room.replaceSync(':host{display:block;min-height:7.5rem;visibility:hidden}');
  soon(() => fetch(new URL('github-sign-in.css', import.meta.url)).then((reply) => reply.text()))
    .catch(() => '')
    .then((text) => style.replaceSync(':host{visibility:inherit}' + text));
};

const properties = ['proxy', 'then', 'mode', 'returnTo', 'scope', 'loginHint', 'prompt', 'allowSignup'];

/** Attributes: one for each property above (`return-to`), and `lang`; it writes `state` itself. */
export class GitHubSignInElement extends (globalThis.HTMLElement ?? Object) {
  static get observedAttributes() {
    return ['proxy', 'lang', 'state'];
  }

  /** @type {import('./client.js').Client | undefined} */
  client;
  #said = '';
  /** The state as the attribute has it: none while it is starting, so that the tag is at first as its markup was. @type {string | null} */
  #drawn = null;
  #letter = make('span', '');
  #image = make('img', '');
  #name = make('span', 'name');
  #login = make('span', 'login');
  #user = make(
    'button',
    'user',
    make('span', 'avatar', this.#letter, this.#image),
    make('span', '', this.#name, this.#login),
  );
  #signOut = item('button', 'sign-out', () => this.#choose('signOut'));
  #other = item('button', 'other-account', () => this.#choose('other'));
  #profile = item('a', 'profile', () => this.#choose());
  #manage = item('a', 'manage', () => this.#choose());
  #menu = make('div', 'menu', this.#profile, this.#manage, this.#other, this.#signOut);
  #account = make('div', 'account', this.#user, this.#menu);
  #label = make('span', 'label');
  #button = make('button', 'button', slot('mark', make('span', 'mark')), slot('label', this.#label)); // GitHub's own mark, say
  #message = make('p', 'message');
  #card = make('div', 'card', this.#account, this.#button, this.#message);

  constructor() {
    super();
    const root = this.attachShadow({mode: 'open'});
    root.adoptedStyleSheets = sheets;
    this.#letter.ariaHidden = 'true';
    this.#image.alt = '';
    this.#image.referrerPolicy = 'no-referrer';
    this.#image.onerror = () => (this.#image.hidden = true);
    attribute(this.#user, 'aria-haspopup', 'menu');
    attribute(this.#menu, 'role', 'menu');
    attribute(this.#message, 'role', 'status');
    this.#button.onclick = () => this.#click();
    this.#user.onmousedown = (event) => this.#menu.hidden || event.preventDefault(); // else it may lose the focus: closed and opened
    this.#user.onclick = ({detail}) => {
      this.#user.focus();
      this.#open(this.#menu.hidden);
      if (!detail) this.#items()[0].focus(); // by key: who has a mouse needs no ring
    };
    this.#account.onkeydown = (event) => this.#key(event);
    this.#account.addEventListener('focusout', (event) => {
      if (!this.#account.contains(/** @type {Node | null} */ (event.relatedTarget))) this.#open(false);
    });
    this.#open(false);
    root.append(this.#card);
  }

  get user() {
    return this.client?.user ?? null;
  }

  get error() {
    return this.client?.error;
  }

  get state() {
    return this.client?.state ?? 'starting';
  }

  signIn(options = {}) {
    const written = Object.fromEntries(properties.slice(2).map((name) => [name, /** @type {any} */ (this)[name]]));
    return this.client?.signIn({...written, ...options});
  }

  signOut() {
    return this.client?.signOut();
  }

  connectedCallback() {
    // What was set before the script came becomes an attribute now.
    for (const name of properties) {
      const early = Object.getOwnPropertyDescriptor(this, name);
      if (early && delete (/** @type {any} */ (this)[name])) /** @type {any} */ (this)[name] = early.value;
    }
    this.disconnectedCallback();
    this.client = connect(this.getAttribute('proxy') ?? '');
    this.client.then ||= /** @type {any} */ (this).then;
    this.client.addEventListener('change', this);
    this.handleEvent();
  }

  disconnectedCallback() {
    if (this.client) {
      this.client.uses--;
      this.client.removeEventListener('change', this);
    }
    this.client = undefined;
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.client) return;
    if (name === 'state') this.#mark();
    else this.connectedCallback();
  }

  /** Says the state for CSS, and again when somebody else wrote it: what compares a page with its markup takes it away. */
  #mark() {
    if (this.getAttribute('state') !== this.#drawn) attribute(this, 'state', this.#drawn);
  }

  #click() {
    const client = this.client;
    if (client?.state === 'error' && !client.ready) client.retry();
    else if (client?.state !== 'starting') this.signIn();
  }

  /** @param {'signOut' | 'other'} [what] else a link leads on */
  #choose(what) {
    this.#user.focus();
    if (what === 'signOut') this.signOut();
    else if (what) this.signIn({prompt: 'select_account'});
    this.#open(false);
  }

  /** @param {boolean} open */
  #open(open) {
    this.#menu.hidden = !open;
    attribute(this.#user, 'aria-expanded', `${open}`);
    attribute(this.#manage, 'href', web(this.client?.manage)); // it may have come after the user
  }

  /** @returns {any[]} */
  #items() {
    return [...this.#menu.querySelectorAll('[href], button')];
  }

  /** A menu's keys (ARIA Authoring Practices). @param {KeyboardEvent} event */
  #key(event) {
    const {key} = event;
    const open = !this.#menu.hidden;
    const on = /** @type {any} */ (this.shadowRoot?.activeElement);
    const at = this.#items().indexOf(on);
    const to = {ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1}[key];
    if (key === 'Escape' && open) this.#user.focus();
    else if (key === ' ' && on.href) on.click();
    else if (to === undefined) return;
    event.preventDefault();
    this.#open(to !== undefined);
    if (to !== undefined)
      this.#items()
        .at(to % this.#items().length)
        .focus();
  }

  /** The words to say, or undefined while they are on their way. @param {SignInError} [error] @returns {Messages | undefined} */
  #words(error) {
    const tag = /** @type {HTMLElement | null} */ (this.closest('[lang]'))?.lang;
    const chosen = language(tag ? [tag] : navigator.languages);
    attribute(this.#card, 'lang', chosen);
    const coming = missing(chosen, error);
    if (!coming) return /** @type {Messages} */ (languages[chosen]);
    coming.then(() => this.client && this.handleEvent());
  }

  /** The client has changed. */
  handleEvent() {
    const client = /** @type {import('./client.js').Client} */ (this.client);
    const {state, user, error, notice, framed, ready} = client;
    const words = this.#words(error);
    if (!words) return;
    const focused = this.shadowRoot?.activeElement;
    const settled = state !== 'starting' && state !== 'busy';
    this.#drawn = state === 'starting' ? null : state;
    this.#mark();
    this.#account.hidden = !user;
    if (user) this.#draw(user, words);
    this.#button.hidden = !!user || notice === 'close';
    for (const button of [this.#button, this.#user]) attribute(button, 'aria-disabled', settled ? null : 'true');
    this.#label.textContent = words[error && !ready ? 'retry' : 'signIn'];
    const text = state === 'error' ? sentence(words, error) : (words[notice ?? state] ?? words[state]);
    if (this.#message.textContent !== text) this.#message.textContent = text; // announced once
    // What only few see draws itself.
    if (framed)
      trouble()
        .then(({lead}) => lead(this.#card, words))
        .catch(() => {});
    if (notice === 'popup') import('./popup.js').then(({offer}) => offer(this.#card, words, client));
    if (/** @type {any} */ (this).then) import('./reload.js').then(({offer}) => offer(this.#card, words, client));
    this.#keepFocus(focused);
    if (settled) this.#say(state, user, error);
  }

  /** @param {User} user @param {Messages} words */
  #draw({name, login, html_url, avatar_url}, words) {
    this.#name.textContent = name || login;
    this.#login.textContent = '@' + login;
    this.#letter.textContent = [...(name || login)][0];
    const avatar = web(avatar_url);
    if (this.#image.getAttribute('src') !== avatar) {
      this.#image.hidden = !avatar;
      attribute(this.#image, 'src', avatar);
    }
    this.#signOut.textContent = words.signOut;
    this.#other.textContent = words.other;
    this.#profile.textContent = words.profile;
    this.#manage.textContent = words.manage;
    attribute(this.#profile, 'href', web(html_url));
  }

  /** What had the focus may be gone; an error after something the visitor did may take it. @param {Element | null | undefined} focused */
  #keepFocus(focused) {
    const {acted, error} = /** @type {import('./client.js').Client} */ (this.client);
    const gone = focused && !focused.getClientRects().length;
    if (gone || (error && acted)) (this.#account.hidden ? this.#button : this.#user).focus();
  }

  /** @param {string} state @param {User | null} user @param {SignInError} [error] */
  #say(state, user, error) {
    const said = `${state} ${error?.code ?? user?.id}`;
    if (said === this.#said) return;
    this.#said = said;
    // In a task of its own: who listens from now on hears it, too.
    setTimeout(() => {
      this.dispatchEvent(
        new CustomEvent('github-sign-in:' + state, {bubbles: true, composed: true, detail: error ?? {user}}),
      );
      this.dispatchEvent(new Event('change', {bubbles: true}));
    });
  }
}

for (const property of properties) {
  const name = property.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());
  Object.defineProperty(GitHubSignInElement.prototype, property, {
    configurable: true,
    enumerable: true,
    /** @this {Element} */
    get() {
      return this.getAttribute(name) ?? '';
    },
    /** @this {Element} @param {any} value */
    set(value) {
      attribute(this, name, `${value ?? ''}`);
    },
  });
}
