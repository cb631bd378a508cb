// The types of portero's web half: the tag, its events, and what its modules pass to each other.
import type {Client} from './client.js';
import type {Core} from './core.js';
import type {GitHubSignInElement} from './element.js';

/** The element's words in one language; in error sentences, codes that share one are separated by blanks. */
export type Messages = Record<'signIn' | 'signOut' | 'other' | 'profile' | 'manage' | 'retry' | 'cancel' | 'open' | 'starting' | 'signed-out' |
  'busy' | 'popup' | 'close' | 'signed-in' | 'framed', string> & {wait(seconds: number): string; sentences: Record<string, string>};

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
  mode?: 'redirect' | 'popup';
  /** A path of this origin to end at; the page of the click when absent. */
  returnTo?: string;
  /** Space separated; the proxy's own when absent. */
  scope?: string;
  loginHint?: string;
  prompt?: string;
  allowSignup?: string;
}

/** What GET /v1/config answers. */
export interface Config {
  v: 1;
  client_id: string;
  authorize_url: string;
  issuer: string;
  redirect_uri: string;
  scope: string;
  carry: 'cookie' | 'key' | 'off';
  require_issuer?: boolean;
  /** With `key`: what the next proof must carry. */
  nonce?: string;
}

/** A call to the proxy (exchange.js). */
export type Call = (proxy: string, path: 'config' | 'session', method?: string, body?: object, more?: RequestInit) => Promise<any>;

/** Made before the click, used for one click. */
export interface Prepared {
  core: Core;
  config: Config;
  /** 64 random bytes: of these the module makes the state and the verifier. */
  entropy: Uint8Array;
  /** SHA-256 of that verifier. */
  challenge: Uint8Array;
}

/** Kept in sessionStorage between the click and the callback, under its own `state`. */
export interface Pending {
  state: string;
  code_verifier: string;
  proxy: string;
  issuer: string;
  require_issuer?: boolean;
  redirect_uri: string;
  return_to: string;
  /** Seconds since 1970. */
  created: number;
}

export interface GitHubSignInEventMap {
  'github-sign-in:signed-in': CustomEvent<{user: User}>;
  'github-sign-in:signed-out': CustomEvent<{user: null}>;
  'github-sign-in:error': CustomEvent<{code: string; hint?: string; retry_after?: number}>;
}

declare global {
  interface ImportMeta {
    /** What the site's build puts in; the sources as they lie here have none, and check nothing. */
    readonly wasmIntegrity?: string;
  }
  interface HTMLElementTagNameMap {
    'github-sign-in': GitHubSignInElement;
  }
  interface HTMLElementEventMap extends GitHubSignInEventMap {}
  interface DocumentEventMap extends GitHubSignInEventMap {}
}

export type {Client, GitHubSignInElement};
