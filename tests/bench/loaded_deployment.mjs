// A deployment under load: besides the real programs the load client of this folder, a page to serve, and a GitHub whose
// answers are fixed. And what the system says of a process.
import {spawnSync} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {Deployment, clientId, origin, redirectUri} from '../deployment.mjs';
import {until} from '../programs.mjs';

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
    const free = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export class LoadedDeployment extends Deployment {
  /** `build`: the folder of the CMake build whose programs are run. */
  constructor(build) {
    super({portero: join(build, 'proxy/portero'), programs: join(build, 'tests')});
    this.write('site/index.html', '<!doctype html><title>A page</title>\n');
    this.write('site/large.txt', 'portero '.repeat(64 * 1024));
  }

  settings(github, {limits, ...more} = {}) {
    return super.settings(github, {
      static_dir: this.path('site'),
      limits: {logins_per_hour: 1000000, ...limits},  // we are GitHub here, and mind no number
      ...more,
    });
  }

  /** The files of a new certificate for localhost, of its own making. */
  certificate() {
    const [certificate, key] = [this.path('tls.crt'), this.path('tls.key')];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
      '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate]);
    return {certificate, key};
  }

  /** The fixed GitHub, for figures only; over TLS when asked. `delay`: ms of each answer. `pids`: its processes. */
  async fixedGithub({tls = false, delay = 0} = {}) {
    const {certificate, key} = tls ? this.certificate() : {};
    const program = await this.start(join(this.programs, 'portero-fixed-github'),
        ['--delay', String(delay), ...tls ? ['--certificate', certificate, '--key', key] : []], /port (\d+)/);
    const port = Number(program.match[1]);
    const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    return {...program, pids: [program.pid], port, url, delay, caFile: certificate};
  }

  /** It logs into a file, `log`, as it would for real. */
  launchPortero(settings, options) {
    const log = this.path(`portero-${this.files}.log`);
    return {...super.launchPortero(settings, {log, ...options}), log};
  }

  /** A socket kept by somebody else, as systemd keeps it; `restart()` begins one portero on it after another. */
  async activate(settings) {
    const path = this.path('activated.log');
    const log = openSync(path, 'w');
    const {child, says} = super.launchPortero(settings,
        {before: [join(this.programs, 'portero-activate')], stdio: ['pipe', 'pipe', log]});
    closeSync(log);
    const [, port] = await says(/^port (\d+)$/m);
    let starts = 0;
    const started = async () => {
      child.stdin.write('\n');
      const pid = Number((await says(new RegExp(`(?:^started (\\d+)$[^]*?){${++starts}}`, 'm')))[1]);
      // A signal that comes before it listens ends it as it ends any program.
      await until(() => readFileSync(path, 'utf8').split(' listening ').length > starts, `start ${starts}`, 60000);
      return pid;
    };
    const stopped = async (pid) => {
      process.kill(pid, 'SIGTERM');
      return Number((await says(new RegExp(`^exited ${pid} (\\d+)$`, 'm')))[1]);
    };
    const at = {port: Number(port), child, pid: await started()};
    return {
      at,
      async restart() {
        const code = await stopped(at.pid);
        at.pid = await started();
        return code;
      },
      end: () => stopped(at.pid),
    };
  }

  /** The load client; `result` is its last line as JSON. */
  load(command, at, options = {}) {
    const args = Object.entries({port: at.port, origin, ...options}).flatMap(([name, value]) => {
      const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === false || value === undefined ? [] : value === true ? [flag] : [flag, String(value)];
    });
    const {gone, output, says, stop} = this.launch(join(this.programs, 'portero-load'), [command, ...args]);
    const result = gone.then((code) => {
      if (code !== 0) throw new Error(`portero-load ${command} ended with ${code}:\n${output()}`);
      return JSON.parse(output().trim().split('\n').pop());
    });
    result.catch(() => {});  // told to whoever awaits it
    return {says, result, stop: () => stop().then(() => result)};
  }

  logins(at, github, options) {
    return this.load('login', at, {githubPort: github.port, redirectUri, clientId, ...options});
  }

  /** Holds `count` connections; resolves when all are open. */
  async hold(at, kinds, count, options = {}) {
    const load = this.load('hold', at, {kinds: kinds.join(','), count, ...options});
    await load.says(/"holding"/);
    return load;
  }
}
