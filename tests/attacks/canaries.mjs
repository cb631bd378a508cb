// Finds a secret in a stream of bytes, whole or in part, as it is or in another writing. And a wire that writes down
// what portero and GitHub say to each other, to learn which secrets there were.
import {connect, createServer} from 'node:net';

const kPiece = 16;

/** A secret's base64 as it stands at each of the three places it can have in a longer text. */
const inBase64 = (bytes, alphabet) => [0, 1, 2].map((before) => {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(alphabet).replaceAll('=', '');
  return text.slice(Math.ceil(before * 8 / 6), Math.floor((before + bytes.length) * 8 / 6));
});

/** All the writings of a secret, as latin1 text. */
export function writings(secret) {
  const bytes = Buffer.isBuffer(secret) ? secret : Buffer.from(secret, 'latin1');
  const hex = bytes.toString('hex');
  const percent = hex.replace(/../g, '%$&');
  return [bytes.toString('latin1'), encodeURIComponent(bytes.toString('latin1')), percent, percent.toUpperCase(), hex, hex.toUpperCase(),
    hex.replace(/../g, '\\x$&'), hex.replace(/../g, '\\u00$&'), ...inBase64(bytes, 'base64'), ...inBase64(bytes, 'base64url'),
    ...Array.from({length: Math.floor(bytes.length / kPiece)}, (_, i) => bytes.subarray(i * kPiece, (i + 1) * kPiece).toString('latin1'))];
}

/** The names of the secrets that `stream` shows; `secrets` are [name, secret] pairs. */
export function search(stream, secrets) {
  return secrets.filter(([, secret]) => writings(secret).some((text) => stream.includes(text))).map(([name]) => name);
}

/** Passes bytes on to `port` and writes them down: {port, said(), stop()}. */
export async function startRelay(port) {
  const chunks = [];
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect({port, host: '127.0.0.1'});
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.on('data', (chunk) => {
        chunks.push(chunk);
        to.write(chunk);
      });
      from.on('end', () => to.end());
      // A reset of a socket that is shutting down fails inside Node, which then cannot end (seen in 20.20).
      from.on('error', () => (to.writableEnded ? to.destroy() : to.resetAndDestroy()));
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    url: `http://127.0.0.1:${server.address().port}`,
    said: () => Buffer.concat(chunks).toString('latin1'),
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      for (const socket of sockets) socket.destroy();
    }),
  };
}
