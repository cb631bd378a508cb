// A visitor who signs in at the release build, and says how that went when it did not: what the sandbox's and the
// torture's tests play on. The secret planted here is a canary that no output may show.
import {randomBytes} from 'node:crypto';
import {join, resolve} from 'node:path';
import {Deployment, origin} from '../deployment.mjs';

export const release = resolve(process.env.PORTERO_RELEASE ?? 'build/release');
export const portero = join(release, 'proxy/portero');
export const secret = `secret-canary-${randomBytes(12).toString('hex')}`;
export const visitor = {id: '583231', login: 'ada-page'};

/** The release build, with the stand-in of the build under test. */
export const makeDeployment = () => new Deployment({portero, secret});

/** A GitHub that knows the canary. */
export const startGithub = (deployment) => deployment.github('--client-secret', secret);

const headers = {'Origin': origin, 'X-Portero': '1', 'Sec-Fetch-Site': 'same-site', 'Connection': 'close'};

async function call(port, method, more = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/session`,
      {method, signal: AbortSignal.timeout(20000), ...more, headers: {...headers, ...more.headers}});
  const text = await answer.text();
  return {status: answer.status, text, body: text ? JSON.parse(text) : undefined, raw: JSON.stringify([...answer.headers]) + text,
    cookie: /^[^=]+=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0]};
}

export const signIn = (port, granted) => call(port, 'POST',
    {headers: {'Content-Type': 'application/json'}, body: JSON.stringify({v: 1, ...granted})});
export const whoAmI = (port, cookie) => call(port, 'GET', {headers: cookie ? {Cookie: cookie} : {}});
export const signOut = (port, cookie) => call(port, 'DELETE', {headers: {Cookie: cookie}});
