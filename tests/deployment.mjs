// portero as an operator runs it, for tests that need the whole of it: the real programs, their settings, secret and keys in
// a directory of their own, each program its own process on its own port. All end with the deployment.
import {spawnSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {build, launch, start} from './programs.mjs';

export const portero = join(build, 'proxy/portero');
export const origin = 'https://good.example';
export const redirectUri = `${origin}/`;
export const clientId = 'stand-in-client';
export const clientSecret = 'stand-in-secret';

/** Asks the stand-in at `url` to do something (fault, clock), or for its state. */
async function control(url, what, body) {
  const answer = await fetch(`${url}/_stand-in/${what}`, body && {
    method: 'POST', body: JSON.stringify(body), headers: {'content-type': 'application/json'}});
  if (!answer.ok) throw new Error(`stand-in: ${what}: ${answer.status}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined;
}

/** The stand-in's address, its controls, and codes as a visitor's browser would get them. */
function githubAt(program, [, url, faultUrl, tlsUrl, tlsApiUrl]) {
  return {
    ...program,
    url,
    port: Number(new URL(url).port),
    faultUrl,
    tlsUrl,
    tlsApiUrl,
    control: (what, body) => control(url, what, body),
    fault: (at, fault, times = 1) => control(url, 'fault', {at, fault, times}),
    state: () => control(url, 'state'),
    /** Makes somebody an `active` or `pending` member, or `none`: of "acme", or of the team "acme/writers". */
    member: (login, of, state) => control(url, 'membership',
        {organization: of.split('/')[0], team: of.split('/')[1] ?? '', login, state}),
    /** How often portero has called it, at any endpoint. */
    async calls() {
      const {hits} = await control(url, 'state');
      return ['token', 'user', 'emails', 'organization', 'profile', 'team', 'repository', 'revoke', 'check', 'followed']
        .reduce((sum, name) => sum + (hits[name] ?? 0), 0);
    },
    /** {code, code_verifier}: somebody (583231 is Ada) pressed Authorize. */
    async code({
      user = '583231', redirect_uri = redirectUri, code_verifier = randomBytes(32).toString('base64url'), scope = '',
      client_id = clientId,
    } = {}) {
      const asked = new URL('/login/oauth/authorize', url);
      const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
      asked.search = new URLSearchParams({
        client_id, redirect_uri, scope, state: 'x', code_challenge, code_challenge_method: 'S256'});
      const ticket = /name="request" value="([^"]+)"/.exec(await (await fetch(asked)).text());
      const answer = await fetch(new URL('/login/oauth/authorize', url), {
        method: 'POST', redirect: 'manual', body: new URLSearchParams({request: ticket[1], user, decision: 'authorize'})});
      return {code: new URL(answer.headers.get('location')).searchParams.get('code'), code_verifier};
    },
  };
}

export class Deployment {
  /** `portero` and `programs` are of the build under test, unless another is meant. */
  constructor({secret = clientSecret, portero: program = portero, programs = join(build, 'tests')} = {}) {
    this.portero = program;
    this.programs = programs;
    this.directory = mkdtempSync(join(tmpdir(), 'portero-test-'));
    this.running = new Set();
    this.files = 0;
    this.write('secret', `${secret}\n`);
  }

  path(name) {
    return join(this.directory, name);
  }

  /** At once, as a careful operator replaces a file; only its owner can read it. */
  write(name, content, mode = 0o600) {
    const path = this.path(name);
    mkdirSync(dirname(path), {recursive: true});
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
    return spawnSync(this.portero, args, {encoding: 'utf8', timeout: 60000});
  }

  keygen(name = 'keys.json', ...more) {
    const {status, stderr} = this.run('keygen', this.path(name), ...more);
    if (status !== 0) throw new Error(`keygen: ${stderr}`);
  }

  /** As launch() and start() of programs.mjs; what they start ends with the deployment. */
  launch(program, args, options) {
    return this.#keep(launch(program, args, options));
  }

  async start(program, args, pattern, options) {
    const running = this.launch(program, args, options);
    return {...running, match: await running.says(pattern)};
  }

  #keep(running) {
    this.running.add(running);
    running.gone.then(() => this.running.delete(running));
    return running;
  }

  async github(...flags) {
    const faults = flags.includes('--faults') ? '.*faults: (http\\S+)\n' : '()';
    const tls = flags.includes('--tls') ? '.*tls: (https\\S+) (https\\S+)\n' : '';
    // It dies with us, whatever ends us, because its standard input ends.
    const program = await this.start(join(this.programs, 'github-stand-in'), ['--until-eof', '--redirect-uri', redirectUri, ...flags],
        new RegExp(`(http\\S+)\n${faults}${tls}`), {stdio: 'pipe'});
    return githubAt(program, program.match);
  }

  /**
   * Starts portero with settings, or with a file of them, and does not wait for it; `before` is a program, with its
   * arguments, that starts it. `listens()` gives the port it listens on.
   */
  launchPortero(settings, {before = [], ...options} = {}) {
    if (!existsSync(this.path('keys.json'))) this.keygen();
    const file = typeof settings === 'string' ? settings : this.write(`portero-${++this.files}.json`, settings);
    const [program, ...args] = [...before, this.portero, 'serve', '--settings', file];
    const running = this.launch(program, args, options);
    const listens = async () => Number((await running.says(/\blistening\b.*?\bport"?[=:]"?(\d+)/))[1]);
    return {...running, file, listens};
  }

  /** Starts portero; `port` is the one it listens on. */
  async serve(settings, options) {
    const running = this.launchPortero(settings, options);
    return {...running, port: await running.listens()};
  }

  /** A stand-in, and a portero with good settings for it: what most tests want. */
  async open(more = {}, ...flags) {
    const github = await this.github(...flags);
    return {github, proxy: await this.serve(this.settings(github, more))};
  }

  async close() {
    await Promise.all([...this.running].map((one) => one.stop('SIGKILL')));
    rmSync(this.directory, {recursive: true, force: true});
  }
}

/** The demo, which is a deployment in one program: page, portero and stand-in. `github(what, body)` controls the last. */
export async function startDemo(...args) {
  const demo = await start(join(build, 'tests/portero-demo'),
      ['--site', 'build/site', '--listen', '127.0.0.1:0', '--print-ports', ...args], /^portero: open (http\S+)$/m);
  const githubUrl = /https?:\/\/\S+/.exec(/stand-in\S* (\S+)/.exec(demo.output())?.[0] ?? '')?.[0].replace(/\/$/, '');
  return {...demo, url: demo.match[1], githubUrl, github: (what, body) => control(githubUrl, what, body)};
}
