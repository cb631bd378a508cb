// What a load run stands on: the real programs with real files in a directory of their own. A portero, the
// GitHub stand-in, and the load client of this folder, each its own process; all end with the rig.
import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export const origin = 'https://page.example';
export const clientId = 'stand-in-client';
const secret = 'stand-in-secret';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A line of `child`'s stream that `pattern` matches; rejects when the child ends before. */
function lineOf(child, stream, pattern, what) {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (code) => reject(new Error(`${what} ended with ${code}:\n${text}`));
    const read = (chunk) => {
      text += chunk;
      const found = pattern.exec(text);
      if (!found) return;
      stream.off('data', read);
      stream.resume();
      child.off('exit', fail);
      resolve(found);
    };
    stream.on('data', read);
    child.once('exit', fail);
  });
}

export const ended = (child) => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
  else child.once('exit', (code) => resolve(code));
});

/** A release portero lets root alone look into it (proxy/hardening.h). */
function memoryOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch (error) {
    throw new Error(`the memory of process ${pid} cannot be read (${error.code}): run this as root`);
  }
}

/** Private memory of a process in kB: what would come free if it ended. */
export function privateMemory(pid) {
  const text = memoryOf(pid);
  return ['Private_Clean', 'Private_Dirty'].reduce((sum, name) => sum + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)[1]), 0);
}

/** Seconds of processor time a process has had. */
export function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export const residentMemory = (pid) => Number(/Rss:\s+(\d+)/.exec(memoryOf(pid))[1]);

/** A free port that no outgoing connection takes meanwhile: below those the system gives to clients. */
export async function lastingPort() {
  for (;;) {
    const port = 10240 + Math.floor(Math.random() * 20000);
    const server = createServer();
    const free = await new Promise((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export class Rig {
  /** `build`: the folder of the CMake build whose programs are run. */
  constructor(build) {
    this.portero = join(build, 'proxy/portero');
    this.programs = join(build, 'tests');
    this.directory = mkdtempSync(join(tmpdir(), 'portero-load-'));
    this.children = new Set();
    this.files = 0;
    this.write('secret', `${secret}\n`);
    mkdirSync(join(this.directory, 'site'));
    writeFileSync(join(this.directory, 'site/index.html'), '<!doctype html><title>A page</title>\n');
    writeFileSync(join(this.directory, 'site/large.txt'), 'portero '.repeat(64 * 1024));
  }

  path(name) {
    return join(this.directory, name);
  }

  /** Atomically, readable by its owner only. */
  write(name, content) {
    const path = this.path(name);
    writeFileSync(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(`${path}.new`, 0o600);
    renameSync(`${path}.new`, path);
    return path;
  }

  settings(github, {limits, ...more} = {}) {
    return {
      client_id: clientId,
      client_secret_file: this.path('secret'),
      session_keys_file: this.path('keys.json'),
      origins: {[origin]: {redirect_uri: `${origin}/`}},
      listen: '127.0.0.1:0',
      static_dir: this.path('site'),
      github: {url: github, api_url: github, issuer: `${github}/login/oauth`},
      limits: {logins_per_hour: 1000000, ...limits},  // we are GitHub here, and mind no number
      ...more,
    };
  }

  run(program, args, options = {}) {
    const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  keygen(...more) {
    const {status, stderr} = spawnSync(this.portero, ['keygen', this.path('keys.json'), ...more], {encoding: 'utf8'});
    if (status !== 0) throw new Error(`keygen: ${stderr}`);
  }

  async startGithub() {
    const child = this.run(join(this.programs, 'github-stand-in'), ['--redirect-uri', `${origin}/`]);
    const [, url] = await lineOf(child, child.stdout, /(http\S+)\n/, 'github-stand-in');
    return {child, url, port: Number(new URL(url).port)};
  }

  /** The fixed GitHub, for figures only; over TLS when asked, with a certificate of its own making. */
  async startFixedGithub({tls = false} = {}) {
    const [certificate, key] = [this.path('tls.crt'), this.path('tls.key')];
    if (tls) {
      spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
        '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate]);
    }
    const child = this.run(join(this.programs, 'portero-fixed-github'), tls ? ['--certificate', certificate, '--key', key] : []);
    const [, port] = await lineOf(child, child.stdout, /port (\d+)/, 'portero-fixed-github');
    const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    return {child, pid: child.pid, url, port: Number(port), caFile: tls ? certificate : undefined};
  }

  /** Starts portero with these settings; resolves when it listens. It logs into a file, as it would for real. */
  async start(settings) {
    this.keygen('--if-missing');
    const file = this.write(`portero-${this.files}.json`, settings);
    const log = this.path(`portero-${this.files++}.log`);
    const into = openSync(log, 'w');
    const child = this.run(this.portero, ['serve', '--settings', file], {stdio: ['ignore', into, into]});
    closeSync(into);
    for (;;) {
      const text = readFileSync(log, 'utf8');
      const port = / listening .*port=(\d+)/.exec(text)?.[1];
      if (port) return {child, port: Number(port), pid: child.pid, file, log};
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`portero ended with ${child.exitCode}:\n${text}`);
      await sleep(2);
    }
  }

  /** A socket kept by somebody else, as systemd keeps it; `start()` begins one portero on it after another. */
  async activate(settings) {
    this.keygen('--if-missing');
    const file = this.write(`portero-${this.files}.json`, settings);
    const into = openSync(this.path(`portero-${this.files++}.log`), 'w');
    const child = this.run(join(this.programs, 'portero-activate'), [this.portero, 'serve', '--settings', file],
        {stdio: ['pipe', 'pipe', into]});
    closeSync(into);
    const [, port] = await lineOf(child, child.stdout, /port (\d+)\n/, 'portero-activate');
    const started = async () => {
      const line = lineOf(child, child.stdout, /started (\d+)\n/, 'portero-activate');
      child.stdin.write('\n');
      return Number((await line)[1]);
    };
    const stopped = async (pid) => {
      const line = lineOf(child, child.stdout, new RegExp(`exited ${pid} (\\d+)\\n`), 'portero-activate');
      process.kill(pid, 'SIGTERM');
      return Number((await line)[1]);
    };
    const at = {port: Number(port), child, pid: await started()};
    return {at, async restart() {
      const code = await stopped(at.pid);
      at.pid = await started();
      return code;
    }, end: () => stopped(at.pid)};
  }

  /** The load client; `result` is its last line as JSON. */
  load(command, at, options = {}) {
    const args = Object.entries({port: at.port, origin, ...options}).flatMap(([name, value]) => {
      const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === false || value === undefined ? [] : value === true ? [flag] : [flag, String(value)];
    });
    const child = this.run(join(this.programs, 'portero-load'), [command, ...args]);
    let output = '';
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { output += chunk; });
    const result = ended(child).then((code) => {
      if (code !== 0) throw new Error(`portero-load ${command} ended with ${code}:\n${output}`);
      return JSON.parse(output.trim().split('\n').pop());
    });
    result.catch(() => {});  // told to whoever awaits it
    return {child, result, stop() { child.kill('SIGTERM'); return result; }};
  }

  logins(at, github, options) {
    return this.load('login', at, {githubPort: github.port, redirectUri: `${origin}/`, clientId, ...options});
  }

  /** Holds `count` connections; resolves when all are open. */
  async hold(at, kinds, count, options = {}) {
    const load = this.load('hold', at, {kinds: kinds.join(','), count, ...options});
    await lineOf(load.child, load.child.stdout, /"holding"/, 'portero-load hold');
    return load;
  }

  async stop(one, signal = 'SIGTERM') {
    one.child.kill(signal);
    return ended(one.child);
  }

  async close() {
    const all = [...this.children];
    for (const child of all) child.kill('SIGKILL');
    await Promise.all(all.map(ended));
    rmSync(this.directory, {recursive: true, force: true});
  }
}
