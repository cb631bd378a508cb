// tinyproxy, a forward proxy of Debian's, as a process of a test: a port of its own, and what it logs. script/bootstrap unpacks it.
import {spawnSync} from 'node:child_process';
import {createServer as createTlsServer} from 'node:tls';
import {connect, createServer} from 'node:net';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {freePort} from '../programs.mjs';

const program = resolve('build/servers/usr/bin/tinyproxy');

/** `lines` are more of its settings. `asked()` lists the hosts and ports that were CONNECTed to. */
export async function startForwardProxy(deployment, ...lines) {
  const port = await freePort();
  const file = deployment.write(`tinyproxy-${port}.conf`,
      [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', 'MaxClients 50', 'LogLevel Info', ...lines, ''].join('\n'));
  const running = await deployment.start(program, ['-d', '-c', file], /Accepting connections/);
  return {
    ...running,
    port,
    url: `http://127.0.0.1:${port}`,
    asked: () => [...running.output().matchAll(/Request \(file descriptor \d+\): CONNECT (\S+) HTTP/g)].map(([, to]) => to),
  };
}

/** A listener of the test's own on a free port; it ends with `close()`, and so do its connections. */
export async function listen(server) {
  const sockets = new Set();
  server.on(server.listenerCount('secureConnection') ? 'secureConnection' : 'connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const close = () => new Promise((done) => {
    server.close(done);
    sockets.forEach((socket) => socket.destroy());
  });
  return {port: server.address().port, close};
}

/** Takes connections and never says a word. */
export const listenSilently = () => listen(createServer(() => {}));

/** Says `text` to everybody. */
export const listenSaying = (text) => listen(createServer((socket) => socket.end(text)));

/** TLS before the proxy at `port`, for the host `name`: {port, certificate, heard}: of each connection what came out of TLS. */
export async function listenWithTls(deployment, port, name) {
  const [key, cert] = ['key', 'crt'].map((kind) => deployment.path(`${name}.${kind}`));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert], {encoding: 'utf8'});
  if (made.status !== 0) throw new Error(made.stderr);
  const heard = [];
  const server = createTlsServer({key: readFileSync(key), cert: readFileSync(cert)}, (socket) => {
    const behind = connect(port, '127.0.0.1');
    behind.on('error', () => socket.destroy());
    const at = heard.push('') - 1;
    socket.on('data', (chunk) => (heard[at] += chunk.toString('latin1')));
    socket.pipe(behind).pipe(socket);
  });
  return {...await listen(server), certificate: readFileSync(cert, 'utf8'), heard};
}
