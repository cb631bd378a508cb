// What the modules of portero's web half pass to each other. What a page sees of it, the tag, its events and connect(),
// is in npm/index.d.ts, which the package carries.
import type {Core} from './core.js';
import type {User} from './npm/index.js';

export type {Messages, SignInError, SignInOptions, SignInState, User} from './npm/index.js';

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

/** How the proxy answers a session call. */
export interface Session {
  user: User | null;
  expires_at?: string;
  /** This page alone has it: the browser keeps no key. */
  unkept?: boolean;
}

export interface CallOptions extends RequestInit {
  /** When it is given up, by performance.now(). */
  end?: number;
}

/** A call to the proxy (http.js). */
export type Call = (
  proxy: string,
  path: 'config' | 'session',
  method?: string,
  body?: object,
  more?: CallOptions,
) => Promise<any>;

/** Made before the click, used for one click. */
export interface ClickInputs {
  core: Core;
  config: Config;
  /** 64 random bytes: of these the module makes the state and the verifier. */
  entropy: Uint8Array;
  /** SHA-256 of that verifier. */
  challenge: Uint8Array;
  /** The visitor's page of this app at GitHub. */
  manage: string;
}

/** Of a client, for tags that lead on by themselves after a sign-in (reload.js). */
export interface Led {
  /** What such a tag's attribute says. */
  then?: string;
  /** Where the last sign-in on this page was to end; without the fragment if that is the page itself. */
  there?: string;
}

/** What the module makes for one sign-in. */
export interface Prepared {
  state: string;
  code_verifier: string;
}

/** Kept in sessionStorage between the click and the callback, under its own `state`. */
export interface Pending extends Prepared {
  proxy: string;
  issuer: string;
  require_issuer?: boolean;
  redirect_uri: string;
  return_to: string;
  /** Seconds since 1970. */
  created: number;
}

declare global {
  interface ImportMeta {
    /** What the site's build puts in; the sources as they lie here have none, and check nothing. */
    readonly wasmIntegrity?: string;
  }
}
