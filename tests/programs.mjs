// The real programs, as an operator runs them: portero with its files in a directory of its own, and the GitHub
// stand-in, each its own process on its own port. All end with the place they were started in.
import {spawn, spawnSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export const build = process.env.PORTERO_BUILD ?? 'build/dev';
export const portero = join(build, 'proxy/portero');
export const origin = 'https://good.example';
export const redirectUri = `${origin}/`;
export const clientId = 'stand-in-client';
export const clientSecret = 'stand-in-secret';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `holds()` is true: a guard against hanging, not a measurement. */
export async function until(holds, what, timeout = 20000) {
  for (const end = Date.now() + timeout; !(await holds());) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await sleep(20);
  }
}

/** A loopback port that nobody listens on now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program and waits for what `pattern` matches in its output; `stop` gives its exit code or signal. */
export async function start(program, args, pattern, env = {}) {
  const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
  let output = '';
  const gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const match = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk;
      const found = pattern.exec(output.slice(0, output.lastIndexOf('\n') + 1));  // whole lines only
      if (found) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    gone.then((code) => reject(new Error(`${program} ended with ${code}:\n${output}`)));
  });
  return {
    child,
    match,
    gone,
    output: () => output,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return gone;
    },
  };
}

/** The stand-in's address, its controls, and codes as a visitor's browser would get them. */
function githubAt(program, [, url, faultUrl, tlsUrl, tlsApiUrl]) {
  const control = async (what, body) => {
    const answer = await fetch(`${url}/_stand-in/${what}`, body && {
      method: 'POST', body: JSON.stringify(body), headers: {'content-type': 'application/json'}});
    if (!answer.ok) throw new Error(`stand-in: ${what}: ${answer.status}`);
    return answer.json();
  };
  return {
    ...program,
    url,
    faultUrl,
    tlsUrl,
    tlsApiUrl,
    control,
    fault: (at, fault, times = 1) => control('fault', {at, fault, times}),
    state: () => control('state'),
    /** How often portero has called it, at any endpoint. */
    async calls() {
      const {hits} = await control('state');
      return ['token', 'user', 'emails', 'revoke', 'check', 'followed'].reduce((sum, name) => sum + (hits[name] ?? 0), 0);
    },
    /** {code, code_verifier}: somebody (583231 is Ada) pressed Authorize. */
    async code({user = '583231', redirect_uri = redirectUri, code_verifier = randomBytes(32).toString('base64url'), scope = ''} = {}) {
      const asked = new URL('/login/oauth/authorize', url);
      const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
      asked.search = new URLSearchParams({client_id: clientId, redirect_uri, scope, state: 'x', code_challenge, code_challenge_method: 'S256'});
      const ticket = /name="request" value="([^"]+)"/.exec(await (await fetch(asked)).text());
      const answer = await fetch(new URL('/login/oauth/authorize', url), {
        method: 'POST', redirect: 'manual', body: new URLSearchParams({request: ticket[1], user, decision: 'authorize'})});
      return {code: new URL(answer.headers.get('location')).searchParams.get('code'), code_verifier};
    },
  };
}

export class Place {
  constructor({secret = clientSecret} = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'portero-test-'));
    this.running = [];
    this.files = 0;
    this.write('secret', `${secret}\n`);
  }

  path(name) {
    return join(this.directory, name);
  }

  /** At once, as a careful operator replaces a file; only its owner can read it. */
  write(name, content, mode = 0o600) {
    const path = this.path(name);
    writeFileSync(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(`${path}.new`, mode);
    renameSync(`${path}.new`, path);
    return path;
  }

  /** Good settings; `github` is a running stand-in, or {url}. */
  settings(github, more = {}) {
    return {
      client_id: clientId,
      client_secret_file: this.path('secret'),
      session_keys_file: this.path('keys.json'),
      origins: {[origin]: {redirect_uri: redirectUri}},
      listen: '127.0.0.1:0',
      ...github && {github: {url: github.url, api_url: github.url, issuer: `${github.url}/login/oauth`}},
      ...more,
    };
  }

  /** Runs portero to its end: {status, stdout, stderr}. */
  run(...args) {
    return spawnSync(portero, args, {encoding: 'utf8', timeout: 60000});
  }

  keygen(name = 'keys.json', ...more) {
    const {status, stderr} = this.run('keygen', this.path(name), ...more);
    if (status !== 0) throw new Error(`keygen: ${stderr}`);
  }

  async github(...flags) {
    const faults = flags.includes('--faults') ? '.*faults: (http\\S+)\n' : '()';
    const tls = flags.includes('--tls') ? '.*tls: (https\\S+) (https\\S+)\n' : '';
    const program = await start(join(build, 'tests/github-stand-in'), ['--redirect-uri', redirectUri, ...flags],
        new RegExp(`(http\\S+)\n${faults}${tls}`));
    this.running.push(program);
    return githubAt(program, program.match);
  }

  /** Starts portero; `port` is the one it listens on. */
  async serve(settings, env = {}) {
    this.keygen('keys.json', '--if-missing');
    const file = this.write(`portero-${++this.files}.json`, settings);
    const program = await start(portero, ['serve', '--settings', file], /\blistening\b.*?\bport"?[=:]"?(\d+)/, env);
    this.running.push(program);
    return {...program, file, port: Number(program.match[1]), pid: program.child.pid};
  }

  async close() {
    await Promise.all(this.running.map(({child, gone}) => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      return gone;
    }));
    rmSync(this.directory, {recursive: true, force: true});
  }
}
