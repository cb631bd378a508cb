// A page written in TypeScript. Each line below @ts-expect-error must be refused; all the others must pass.
import {connect, define, languages, GitHubSignInElement} from 'portero';
import type {Client, SignInError, SignInOptions, SignInState, User} from 'portero';
import 'portero/define';
import portero from 'portero/vite';

// The tag.
const element: GitHubSignInElement | null = document.querySelector('github-sign-in');
const made = document.createElement('github-sign-in');
made.proxy = 'https://auth.example';
made.mode = 'popup';
made.returnTo = '/notes/';
made.scope = ['read:user'];
made.allowSignup = false;
made.scope = 'read:user';
made.loginHint = 'octocat';
made.prompt = 'select_account';
made.allowSignup = 'false';
// @ts-expect-error the element alone writes it
made.state = 'signed-in';
// @ts-expect-error there is no such property
made.token;
// @ts-expect-error nobody may be signed in
made.user.login;
const login: string | undefined = made.user?.login;
const code: string | undefined = element?.error?.code;
const tag: HTMLElement = made;
made.signIn();
made.signOut();

// Its events, on itself and on their way up.
made.addEventListener('github-sign-in:signed-in', ({detail}) => {
  const id: number = detail.user.id;
  const name: string | null = detail.user.name;
  // @ts-expect-error a name may be missing
  const always: string = detail.user.name;
  return [id, name, always];
});
document.addEventListener('github-sign-in:signed-out', ({detail}) => {
  const nobody: null = detail.user;
  return nobody;
});
document.body.addEventListener('github-sign-in:error', ({detail}) => {
  const wait: number | undefined = detail.retry_after;
  // @ts-expect-error an error has no user
  return [detail.code.length, detail.hint?.length, wait, detail.user];
});

// Without a tag.
const client: Client = connect();
connect('https://auth.example');
// @ts-expect-error an address is text
connect(new URL('https://auth.example'));
// @ts-expect-error connect() makes it
new Client();
client.onchange = (event) => event.type;
client.addEventListener('change', () => {
  const state: SignInState = client.state;
  const user: User | null = client.user;
  const error: SignInError | undefined = client.error;
  return [state, user?.avatar_url, error?.hint, error instanceof Error];
});
// @ts-expect-error it is there to be read
client.user = null;
// @ts-expect-error there is no such state
if (client.state === 'signedIn') client.cancel();
const options: SignInOptions = {mode: 'popup', returnTo: '/', scope: '', loginHint: '', prompt: 'select_account', allowSignup: 'false'};
const asWritten: SignInOptions = {returnTo: new URL('https://page.example/'), scope: ['read:user'], allowSignup: false, prompt: null};
client.signIn({...asWritten, returnTo: location, allowSignup: true});
// @ts-expect-error a scope is a text or a list of them
client.signIn({scope: 7});
// @ts-expect-error it is on, off, or left out
client.signIn({allowSignup: 1});
client.signIn(options).then((nothing: void) => nothing);
client.signIn();
client.signOut().then(() => client.cancel());
client.refresh().then(() => client.user?.login);
// @ts-expect-error written with capitals, as properties are
client.signIn({'return-to': '/'});
// @ts-expect-error there are two ways
client.signIn({mode: 'iframe'});

// The tag's own name, and languages.
define();
customElements.whenDefined('github-sign-in').then((made) => new made());
class Mine extends GitHubSignInElement {}
customElements.define('my-sign-in', Mine);
const known: string[] = Object.keys(languages);

// In vite.config.ts.
const plugins: {name: string}[] = [portero()];

export {plugins, known, login, code, tag};
