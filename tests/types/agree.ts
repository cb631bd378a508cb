// The package's types say of the sources what is so: no more, no less.
import type * as internal from '../web/types.js';
import type {Client as SourceClient} from '../web/client.js';
import * as source from '../web/index.js';
import type * as published from './published.js';

// Identical, optional properties included: neither may merely be assignable to the other.
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(): Claim | void => {};

/** Made in a loop, which no checker follows; custom_elements.test.mjs holds them. */
type Reflected = 'proxy' | 'mode' | 'returnTo' | 'scope' | 'loginHint' | 'prompt' | 'allowSignup';

// The same names are exported, and what the sources have can be used as the types say.
holds<Equal<keyof typeof source, keyof typeof published>>();
const module: Omit<typeof published, 'GitHubSignInElement'> = source;
const element: Omit<published.GitHubSignInElement, Reflected> = new source.GitHubSignInElement();

// What is passed around is the same both ways.
holds<Equal<internal.User, published.User>>();
holds<Equal<internal.SignInState, published.SignInState>>();
holds<Equal<internal.SignInError, published.SignInError>>();
holds<Equal<internal.SignInOptions, published.SignInOptions>>();
holds<Equal<internal.GitHubSignInEventMap, published.GitHubSignInEventMap>>();
holds<Equal<internal.Messages, published.Messages>>();
const client = (made: SourceClient): published.Client => made;

export {module, element, client};
