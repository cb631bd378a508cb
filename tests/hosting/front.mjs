// nginx and Caddy as docs/ configures them, in front of a real portero: each its own process on loopback, with the
// documented file, in which ports and paths alone are replaced. script/bootstrap unpacks the servers, nothing installs them.
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {connect as connectHttp2} from 'node:http2';
import {join, resolve} from 'node:path';
import {connect} from 'node:tls';
import {freePort, until} from '../programs.mjs';
import {readAnswers, writeRequest} from '../wire.mjs';

const servers = resolve('build/servers');
export const login = 'login.example';
export const page = 'page.example';
export const docs = 'docs.example';

/** Every pair must be there: what the documents no longer say is not silently left alone. */
export function replace(text, pairs) {
  return pairs.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the file says no more: ${from}`);
    return all.replaceAll(from, to);
  }, text);
}

/** A certificate for each host, as Let's Encrypt would lay them out. */
export function makeCertificates(deployment, hosts = [login, page]) {
  const directory = deployment.path('letsencrypt');
  for (const host of hosts) {
    mkdirSync(join(directory, host), {recursive: true});
    const {status, stderr} = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
      '-days', '2', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`,
      '-keyout', join(directory, host, 'privkey.pem'), '-out', join(directory, host, 'fullchain.pem')], {encoding: 'utf8'});
    if (status !== 0) throw new Error(stderr);
  }
  return directory;
}

/** What the files say of what is behind: the page's files, and for members checks and the application. */
const behind = (site, members) => (members ? [['/srv/site', site], ['127.0.0.1:8081', `127.0.0.1:${members.checks}`],
  ['127.0.0.1:3000', `127.0.0.1:${members.application}`]] : [['/srv/page', site]]);

/**
 * Debian's own nginx.conf, which includes ours. `edit` changes our file, for tests of what a line is for. `members`: the file for
 * pages of members, with the ports of checks and of what is behind it: {checks, application}.
 */
async function startNginx(deployment, {upstream, site, members, edit = (text) => text}) {
  const port = await freePort();
  const plain = await freePort();
  const live = makeCertificates(deployment, members ? [docs] : [login, page]);
  const own = deployment.path(`nginx-${port}`);
  mkdirSync(join(own, 'log'), {recursive: true});
  const ours = replace(readFileSync(`docs/nginx/${members ? 'members' : 'portero'}.conf`, 'utf8'), [
    ['127.0.0.1:8080', `127.0.0.1:${upstream}`],
    ...behind(site, members),
    // IPv6 may be missing here: those lines listen on sockets in our directory.
    ['listen [::]:443', `listen unix:${own}/tls`],
    ['listen [::]:80', `listen unix:${own}/plain`],
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['listen 80', `listen 127.0.0.1:${plain}`],
    ['/etc/letsencrypt/live', live],
    ['/var/log/nginx', join(own, 'log')],
  ]);
  writeFileSync(join(own, 'portero.conf'), edit(ours));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map((name) => `${name}_temp_path ${own}/${name};`).join(' ');
  const debian = replace(readFileSync(join(servers, 'etc/nginx/nginx.conf'), 'utf8'), [
    ['user www-data;', ''],
    ['worker_processes auto;', 'master_process off;'],  // one process, which ends with its deployment
    ['pid /run/nginx.pid;', `pid ${own}/pid;`],
    ['error_log /var/log/nginx/error.log;', 'error_log stderr notice;'],
    ['include /etc/nginx/modules-enabled/*.conf;', `load_module ${servers}/usr/lib/nginx/modules/ngx_http_brotli_static_module.so;`],
    ['include /etc/nginx/mime.types;', `include ${servers}/etc/nginx/mime.types; ${temporary}`],
    ['/var/log/nginx', join(own, 'log')],
    ['include /etc/nginx/conf.d/*.conf;', `include ${own}/portero.conf;`],
    ['include /etc/nginx/sites-enabled/*;', ''],
  ]);
  writeFileSync(join(own, 'nginx.conf'), debian);
  const program = await deployment.start(join(servers, 'usr/sbin/nginx'), ['-c', join(own, 'nginx.conf'), '-g', 'daemon off;'],
      /using the "epoll" event method/);
  return {program, port, plain, ca: (host) => readFileSync(join(live, host, 'fullchain.pem')), logs: join(own, 'log')};
}

/** Our file below global options of the test's own: local certificates, other ports, no service of the machine. */
async function startCaddy(deployment, {upstream, site, members, edit = (text) => text}) {
  const port = await freePort();
  const plain = await freePort();
  const own = deployment.path(`caddy-${port}`);
  mkdirSync(join(own, 'log'), {recursive: true});
  const ours = replace(readFileSync(`docs/caddy/${members ? 'members.' : ''}Caddyfile`, 'utf8'), [
    ['127.0.0.1:8080', `127.0.0.1:${upstream}`],
    ['/var/log/caddy', join(own, 'log')],
    ...behind(site, members),
  ]);
  const options = ['admin off', 'local_certs', 'skip_install_trust', `http_port ${plain}`, `https_port ${port}`,
    `storage file_system ${own}/storage`, 'default_bind 127.0.0.1'];
  writeFileSync(join(own, 'Caddyfile'), `{\n${options.map((line) => `\t${line}\n`).join('')}}\n${edit(ours)}`);
  const program = await deployment.start(
      join(servers, 'usr/bin/caddy'), ['run', '--config', join(own, 'Caddyfile'), '--adapter', 'caddyfile'],
      /serving initial configuration/, {env: {HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own}});
  const root = join(own, 'storage/pki/authorities/local/root.crt');
  const front = {program, port, plain, ca: () => readFileSync(root), logs: join(own, 'log')};
  // It makes each host's certificate in the background.
  await until(
      () => Promise.all((members ? [docs] : [login, page]).map((host) => shake(front, host))).then(() => true, () => false),
      'Caddy has its certificates');
  return front;
}

/** A TLS connection to a host of the front, its certificate verified. */
function shake(front, host, {localAddress = '127.0.0.1'} = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect({port: front.port, host: '127.0.0.1', servername: host, ca: front.ca(host), localAddress});
    socket.once('secureConnect', () => resolve(socket)).once('error', reject);
  });
}

class Front {
  constructor(own) {
    Object.assign(this, own);
  }

  /** Sends bytes to a host and reads until the other side closes. */
  async converse(host, bytes, {localAddress, timeout = 20000} = {}) {
    const socket = await shake(this, host, {localAddress});
    return new Promise((resolve) => {
      const chunks = [];
      const done = () => {
        socket.destroy();
        resolve(Buffer.concat(chunks).toString('latin1'));
      };
      socket.setTimeout(timeout, done);
      socket.on('data', (chunk) => chunks.push(chunk)).on('end', done).on('error', done);
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    });
  }

  /** One request on a connection of its own, one answer. */
  async ask(host, request, options) {
    const text = await this.converse(host, writeRequest({...request, headers: {Host: host, ...request.headers}}), options);
    const answers = readAnswers(text, {head: request.method === 'HEAD'});
    if (answers.length !== 1) throw new Error(`${answers.length} answers`);
    return answers[0];
  }

  /** The same over HTTP/2, where `Host` is `:authority`: {status, header, json}. A body, even an empty one, has no length. */
  async ask2(host, {method = 'GET', target, headers = {}, body}) {
    const session = connectHttp2(`https://127.0.0.1:${this.port}`, {servername: host, ca: this.ca(host)});
    try {
      return await new Promise((resolve, reject) => {
        session.once('error', reject);
        const stream =
            session.request({':method': method, ':path': target, ':authority': host, ...headers}, {endStream: body === undefined});
        const chunks = [];
        let got;
        stream.on('response', (all) => (got = all)).on('data', (chunk) => chunks.push(chunk)).on('error', reject);
        stream.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: got[':status'],
            header: (name) => got[name],
            json: () => JSON.parse(bytes.toString()),
            body: bytes.toString('latin1')
          });
        });
        if (body !== undefined) stream.end(body);
      });
    } finally {
      session.destroy();
    }
  }

  /** All that its logs hold so far, the server's own words included. */
  log() {
    return readdirSync(this.logs).map((name) => readFileSync(join(this.logs, name), 'utf8')).join('') + this.program.output();
  }
}

/** `start(deployment, {upstream, site, members, edit})` gives a Front; it ends with its deployment. */
export const fronts = [['nginx', startNginx], ['Caddy', startCaddy]].map(([name, run]) => ({
  name,
  start: async (deployment, options) => new Front(await run(deployment, options)),
}));
