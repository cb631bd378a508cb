// The real program and GitHub's stand-in as processes, and a visitor who signs in: what the sandbox's and the
// torture's tests play on. The secrets planted here are the canaries that no output may show.
import {createHash, randomBytes} from 'node:crypto';
import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

export const release = resolve(process.env.PORTERO_RELEASE ?? 'build/release');
export const portero = join(release, 'proxy/portero');
const standIn = resolve(process.env.PORTERO_BUILD ?? 'build/dev', 'tests/github-stand-in');

export const origin = 'https://page.example';
export const secret = `secret-canary-${randomBytes(12).toString('hex')}`;
export const visitor = {id: '583231', login: 'ada-page'};

const living = new Set();

/** A test that fails half way leaves nothing running, and nothing that keeps the runner waiting. */
export const endAll = () => living.forEach((child) => child.kill('SIGKILL'));
process.on('exit', endAll);

/** Waits for a line that `pattern` matches in what `child` writes; `output()` gives all it wrote. */
export function listen(child, pattern, patience = 30000) {
  let output = '';
  living.add(child);
  child.once('close', () => living.delete(child));
  const found = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${pattern} in:\n${output}`)), patience);
    late.unref();
    const read = (chunk) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match) resolve(match);
    };
    child.stdout.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('close', (code, signal) => reject(new Error(`ended with ${code ?? signal}:\n${output}`)));
  });
  found.catch(() => {});
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  /** The same, for something that is said later. */
  const says = async (wanted) => {
    for (let tries = 0; !wanted.test(output); ++tries) {
      if (tries > 1500 || child.exitCode !== null) throw new Error(`no ${wanted} in:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {child, found, ended, says, output: () => output};
}

/** A GitHub of our own; dies with us, because its standard input ends. */
export async function startGithub() {
  const child = spawn(standIn, ['--until-eof', '--client-id', 'torture', '--client-secret', secret, '--redirect-uri', `${origin}/`],
      {stdio: ['pipe', 'pipe', 'pipe']});
  const {found, ended} = listen(child, /^github-stand-in: (\S+)$/m);
  const [, url] = await found;
  return {url, stop: () => (child.kill(), ended)};
}

/** What browser and page do until the callback: {code, code_verifier}. */
export async function consent(github, user = visitor.id) {
  const code_verifier = randomBytes(32).toString('base64url');
  const ask = new URLSearchParams({client_id: 'torture', redirect_uri: `${origin}/`, scope: '', state: 'x'.repeat(43),
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'), code_challenge_method: 'S256'});
  const page = await (await fetch(`${github.url}/login/oauth/authorize?${ask}`)).text();
  const request = /name="request" value="([^"]+)"/.exec(page)[1];
  const answer = await fetch(`${github.url}/login/oauth/authorize`, {method: 'POST', redirect: 'manual',
    body: new URLSearchParams({request, user, decision: 'authorize'})});
  return {code: new URL(answer.headers.get('location')).searchParams.get('code'), code_verifier};
}

/** A directory with settings, secret and keys for one portero; `more` goes into the settings. */
export function makePlace(github, more = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'portero-torture-'));
  const write = (name, content) => {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), 0o600);
    return join(directory, name);
  };
  const keys = join(directory, 'keys.json');
  const all = {
    client_id: 'torture',
    client_secret_file: write('secret', `${secret}\n`),
    session_keys_file: keys,
    origins: {[origin]: {redirect_uri: `${origin}/`}},
    listen: '127.0.0.1:0',
    github: {url: github.url, api_url: github.url},
    ...more,
  };
  const settings = write('portero.json', JSON.stringify(all));
  const made = spawnSync(portero, ['keygen', '--settings', settings, '--if-missing'], {encoding: 'utf8'});
  if (made.status !== 0) throw new Error(`keygen: ${made.stderr}`);
  const change = (other) => write('portero.json', JSON.stringify(Object.assign(all, other)));
  return {directory, settings, keys, write, change, remove: () => rmSync(directory, {recursive: true, force: true})};
}

/** Starts `portero serve`, behind `before` (a program and its arguments) if there is one. */
export function startPortero(place, {before = [], env = {}, ...options} = {}) {
  const [program, ...args] = [...before, portero, 'serve', '--settings', place.settings];
  const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}, ...options});
  const running = listen(child, / listening .*?port=(\d+)/);
  return {
    ...running,
    port: async () => Number((await running.found)[1]),
    stop() {
      child.kill('SIGTERM');
      return running.ended;
    },
  };
}

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
