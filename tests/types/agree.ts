// The package's types say of the sources what is so: no more, no less.
import type {Client as SourceClient} from '../../web/client.js';
import * as source from '../../web/index.js';
import type * as published from '../../web/npm/index.js';

// Identical, optional properties included: neither may merely be assignable to the other.
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(): Claim | void => {};

/** Made in a loop, which no checker follows; custom_elements.test.mjs holds them. */
type Reflected = 'proxy' | 'then' | 'mode' | 'returnTo' | 'scope' | 'loginHint' | 'prompt' | 'allowSignup';

// The same names are exported, and what the sources have can be used as the types say.
holds<Equal<keyof typeof source, keyof typeof published>>();
const module: Omit<typeof published, 'GitHubSignInElement'> = source;
const element: Omit<published.GitHubSignInElement, Reflected> = new source.GitHubSignInElement();

const client = (made: SourceClient): published.Client => made;

export {module, element, client};
