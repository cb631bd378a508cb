// The public types of portero: the tag <github-sign-in>, its events, and connect(). Importing does nothing by
// itself; define() or `import 'portero/define'` makes the tag known. A test holds them against the sources.

import './jsx.js';

export type SignInState = 'starting' | 'signed-out' | 'busy' | 'signed-in' | 'error';

/** Who is signed in. Recognise a person by `id`: logins and addresses change hands. */
export interface User {
  id: number;
  login: string;
  name: string | null;
  avatar_url: string | null;
  html_url: string | null;
  email: string | null;
}

export interface SignInError extends Error {
  /** Stable: `access_denied`, `proxy_unreachable`, … */
  code: string;
  /** For the person who runs the site; the visitor is shown a sentence of ours. */
  hint?: string;
  /** In seconds. */
  retry_after?: number;
}

export interface SignInOptions {
  /** `popup` keeps this page as it is; where no window may open, and on touch screens, it is `redirect`. */
  mode?: 'redirect' | 'popup' | null;
  /** A page of this origin to end at, seen from this one; the page of the click when absent. */
  returnTo?: string | URL | Location | null;
  /** A list, or separated by spaces or commas; the proxy's own when absent. */
  scope?: string | readonly string[] | null;
  loginHint?: string | null;
  /** `select_account` lets the visitor choose another account. */
  prompt?: string | null;
  allowSignup?: boolean | string | null;
}

/** A sign-in at one proxy; all that use the same proxy share one. Made by connect(). */
export interface Client extends EventTarget {
  readonly state: SignInState;
  readonly user: User | null;
  readonly error: SignInError | undefined;
  /** Like the event `change`: `state`, `user` or `error` did. */
  onchange: ((event: Event) => void) | null;
  /** To GitHub, from a click; the visitor comes back signed in. Rejects with a TypeError if an option is wrong. */
  signIn(options?: SignInOptions): Promise<void>;
  /** Ends the session in this browser, in every tab. */
  signOut(): Promise<void>;
  /** Ends the wait for a popup. */
  cancel(): void;
  /** Asks the proxy anew who is signed in; by itself when the page comes back to sight. Never rejects. */
  refresh(): Promise<void>;
}

/** The client of a proxy. @param proxy its address; left out or empty, the page's own origin */
export function connect(proxy?: string): Client;

export declare class GitHubSignInElement extends HTMLElement {
  proxy: string;
  /** `reload`: the page stands in place of another, which a sign-in loads. */
  then: string;
  mode: string;
  get returnTo(): string;
  set returnTo(value: string | URL | Location | null);
  get scope(): string;
  set scope(value: string | readonly string[] | null);
  loginHint: string;
  prompt: string;
  get allowSignup(): string;
  set allowSignup(value: string | boolean | null);
  readonly state: SignInState;
  readonly user: User | null;
  readonly error: SignInError | undefined;
  /** As the attributes say, or the options otherwise. */
  signIn(options?: SignInOptions): Promise<void> | undefined;
  signOut(): Promise<void> | undefined;
}

/** The element's words in one language; in error sentences, codes that share one are separated by blanks. */
export type Messages = Record<
  | 'signIn'
  | 'signOut'
  | 'other'
  | 'profile'
  | 'manage'
  | 'retry'
  | 'starting'
  | 'signed-out'
  | 'busy'
  | 'close'
  | 'signed-in',
  string
> & {
  /** These, which few see, are ours in English when absent: where one has to wait before the next try, */
  wait?(seconds: number): string;
  /** in a frame of another site's, */
  open?: string;
  framed?: string;
  /** while a popup is open, */
  popup?: string;
  cancel?: string;
  /** and with `then`, where somebody is signed in and not let in. */
  again?: string;
  renew?: string;
  sentences: Record<string, string>;
  /** Said to somebody who comes back from installing the GitHub App; the sentence of `signed-out` when absent. */
  installed?: string;
};

/** By the first subtag of `lang`. Add to it before the tag is defined. */
export declare const languages: Record<string, Messages | (() => Promise<{default: Messages}>)>;

/** Makes the tag known, and takes the callback that portero.js took out of the URL. */
export function define(): void;

/** With each of them comes a plain `change`, whose name every template can bind: read `state` then. */
export interface GitHubSignInEventMap {
  'github-sign-in:signed-in': CustomEvent<{user: User}>;
  'github-sign-in:signed-out': CustomEvent<{user: null}>;
  'github-sign-in:error': CustomEvent<{code: string; hint?: string; retry_after?: number}>;
}

declare global {
  interface HTMLElementTagNameMap {
    'github-sign-in': GitHubSignInElement;
  }
  interface HTMLElementEventMap extends GitHubSignInEventMap {}
  interface DocumentEventMap extends GitHubSignInEventMap {}
}
