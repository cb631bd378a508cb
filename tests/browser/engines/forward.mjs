// The suite's own forward proxy: browsers that are told of it reach names that no name server knows. A name is mapped to
// a loopback port, plainly or behind TLS with a certificate of the moment; `*.localhost` and 127.0.0.1 go where they say.
// For WebKit, whose driver can do neither, it also puts a script before a page's own, and takes the network away.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer, request as ask} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TLSSocket, createSecureContext} from 'node:tls';

const scriptPath = '/put-in-by-the-test.js';
let certificate;

/** Signed by nobody: the browsers are told to take it. One for all, made when first asked for. */
function makeCertificate() {
  const directory = mkdtempSync(join(tmpdir(), 'portero-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory, name));
  try {
    execFileSync(
        'openssl',
        [
          'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=example.com',
          '-addext', 'subjectAltName=DNS:*.example.com,DNS:*.example.org,DNS:*.example.net,DNS:*.example.edu', '-keyout', key, '-out',
          cert
        ],
        {stdio: 'ignore'});
    return createSecureContext({key: readFileSync(key), cert: readFileSync(cert)});
  } finally {
    rmSync(directory, {recursive: true});
  }
}

export class Forward {
  /** Name to loopback port; for all that use this map. */
  constructor(names = new Map()) {
    this.names = names;
    /** Runs before everything else in pages of the names `page.…`. */
    this.script = '';
    /** Whether nothing comes through any more. */
    this.cut = false;
    this.server = createServer((request, response) => this.#answer(request, response));
    this.sockets = new Set();
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('connect', (request, socket) => this.#tunnel(request, socket));
  }

  static async start(names) {
    const forward = new Forward(names);
    await new Promise((resolve) => forward.server.listen(0, '127.0.0.1', resolve));
    forward.address = `127.0.0.1:${forward.server.address().port}`;
    return forward;
  }

  stop() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** The loopback port behind an authority, or undefined. */
  #port({hostname, port}) {
    if (/^(127\.0\.0\.1|(.+\.)?localhost)$/.test(hostname)) return Number(port || 80);
    return this.names.get(hostname);
  }

  /** Ends TLS for a name we know; what it carries is answered like the rest. */
  #tunnel(request, socket) {
    const [hostname, port] = request.url.split(':');
    socket.on('error', () => {});
    if (this.cut || port !== '443' || !this.names.has(hostname)) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    certificate ??= makeCertificate();
    const inside = new TLSSocket(socket, {isServer: true, secureContext: certificate});
    inside.on('error', () => {});
    this.server.emit('connection', inside);
  }

  #answer(request, response) {
    const url = URL.canParse(request.url) ? new URL(request.url) : new URL(`https://${request.headers.host}${request.url}`);
    const port = this.#port(url);
    const ours = this.script && url.hostname.startsWith('page.');
    if (this.cut || !port) return request.socket.destroy();
    if (ours && url.pathname === scriptPath) {
      response.writeHead(200, {'content-type': 'text/javascript', 'cache-control': 'no-store', 'access-control-allow-origin': '*'});
      return response.end(this.script);
    }
    const headers = {...request.headers, host: url.host};
    if (ours) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    const further = ask({host: '127.0.0.1', port, method: request.method, path: url.pathname + url.search, headers}, (answer) => {
      if (ours && /^text\/html/.test(answer.headers['content-type'])) return this.#putScript(answer, response);
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    // A dead server looks the same from behind a proxy: nobody there.
    further.on('error', () => request.socket.destroy());
    request.pipe(further);
  }

  async #putScript(answer, response) {
    let html = '';
    for await (const chunk of answer.setEncoding('utf8')) html += chunk;
    const {'content-length': _, etag, ...headers} = answer.headers;
    response.writeHead(answer.statusCode, headers);
    response.end(html.replace(/<head>/i, `$&<script src="${scriptPath}"></script>`));
  }
}
