// A GitHub that speaks HTTP/2 and nothing else, over TLS: a few lines that sign anybody in, unless a test plays with their streams
// and connections. It remembers how often each code came.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createSecureServer} from 'node:http2';

const json = {'content-type': 'application/json'};

/** A certificate for 127.0.0.1 that is its own authority. */
function makeCertificate(deployment) {
  const [key, cert] = ['github.key', 'github.crt'].map((name) => deployment.path(name));
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=github', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], {encoding: 'utf8'});
  if (made.status !== 0) throw new Error(made.stderr);
  return {key: readFileSync(key), cert: readFileSync(cert), file: cert};
}

async function bodyOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

export class Http2Github {
  /** `settings` are those of HTTP/2. */
  static async start(deployment, settings = {}) {
    const github = new Http2Github();
    const {key, cert, file} = makeCertificate(deployment);
    const server = createSecureServer({key, cert, settings});
    Object.assign(github, {server, authority: file, codes: new Map(), sessions: [], sockets: new Set(), revoked: 0, delay: 0});
    server.on('connection', (socket) => github.sockets.add(socket.on('error', () => {})));
    server.on('session', (session) => github.sessions.push(session.on('error', () => {})));
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      github.#take(stream, `${headers[':method']} ${headers[':path']}`).catch(() => {});  // a stream that was ended under us
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    github.url = `https://127.0.0.1:${server.address().port}`;
    return github;
  }

  /** Called with each token request that came whole, {code, stream, session, answer}; answers, unless a test does otherwise. */
  onToken({answer}) {
    answer();
  }

  /** Called with each stream as it opens; true: it goes no further. */
  onStream() {
    return false;
  }

  async #take(stream, line) {
    if (this.onStream(stream, line)) return;
    const body = await bodyOf(stream);
    const say = (text) => setTimeout(() => {
      if (stream.destroyed) return;
      stream.respond({':status': text ? 200 : 204, ...text && json});
      stream.end(text);
    }, this.delay);
    if (line.startsWith('POST ')) {
      const code = new URLSearchParams(body).get('code');
      this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
      return this.onToken({
        code, stream, session: stream.session,
        answer: () => say(JSON.stringify({access_token: `gho_${code}`, token_type: 'bearer', scope: ''}))});
    }
    if (line.startsWith('DELETE ')) this.revoked += 1;
    say(line.startsWith('DELETE ') ? '' : JSON.stringify({id: 583231, login: 'ada-page', name: 'Ada'}));
  }

  async close() {
    const closed = new Promise((done) => this.server.close(done));
    this.sockets.forEach((socket) => socket.destroy());  // a session that has ended may keep its own
    await closed;
  }
}
