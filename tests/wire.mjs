// HTTP as bytes on a socket, for tests that must send what no client library would, and see every byte that comes back.
import {connect} from 'node:net';
import {origin} from './deployment.mjs';

/**
 * Sends `bytes` and reads until the other side closes: all that came, as latin1 text, and whether it closed by itself.
 * `port` may be the path of a unix socket. `ends`: say that nothing more will be sent.
 */
export function converse(port, bytes, {ends = true, timeout = 20000} = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect({...typeof port === 'number' ? {port, host: '127.0.0.1'} : {path: port}, allowHalfOpen: true});
    const chunks = [];
    const done = (closed) => {
      socket.destroy();
      resolve({text: Buffer.concat(chunks).toString('latin1'), closed});
    };
    socket.setTimeout(timeout, () => done(false));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => done(true));
    socket.on(
        'error', (error) => (chunks.length > 0 || error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done(true) : reject(error)));
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    if (ends) socket.end();
  });
}

/** Reads the answers in `text` strictly, in order. Throws on anything that is not a whole answer. */
export function readAnswers(text, {head = false} = {}) {
  const answers = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end < 0) throw new Error(`half an answer: ${JSON.stringify(text.slice(at, at + 200))}`);
    const [line, ...lines] = text.slice(at, end).split('\r\n');
    const [, status] = /^HTTP\/1\.1 (\d{3}) [\w -]+$/.exec(line) ?? [];
    if (!status) throw new Error(`no status line: ${JSON.stringify(line)}`);
    const headers = lines.map((one) => {
      const [, name, value] = /^([\w-]+): (.*)$/.exec(one) ?? [];
      if (!name) throw new Error(`no header: ${JSON.stringify(one)}`);
      return [name.toLowerCase(), value];
    });
    const header = (name) => headers.find(([key]) => key === name)?.[1];
    const length = head || status === '204' || status === '304' || status.startsWith('1') ? 0 : Number(header('content-length'));
    const body = text.slice(end + 4, end + 4 + length);
    if (body.length !== length) throw new Error(`a body of ${body.length} instead of ${length} bytes`);
    const json = () => JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    answers.push({status: Number(status), line, headers, header, body, json,
      code: body && header('content-type') === 'application/problem+json' ? json().code : undefined});
    at = end + 4 + length;
  }
  return answers;
}

/** The bytes of a request. A header of value undefined is left out, one that is a list comes once for each. */
export function writeRequest({method = 'GET', target = '/v1/session', headers = {}, body = '', version = '1.1'} = {}) {
  const all = {'Host': 'portero.example', 'Connection': 'close', ...body && {'Content-Length': Buffer.byteLength(body)}, ...headers};
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`, 'latin1'), Buffer.from(body)]);
}

/** What says that a body comes in chunks; with it goes a body from inChunks(). */
export const chunked = {'Transfer-Encoding': 'chunked', 'Content-Length': undefined};

/** A body as the chunked coding writes it, `size` bytes a chunk. */
export function inChunks(body, size = 16) {
  const bytes = Buffer.from(body);
  const chunks = Array.from({length: Math.ceil(bytes.length / size)}, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return [...chunks, Buffer.alloc(0)].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`).join('');
}

/** One request on a connection of its own, one answer. */
export async function ask(port, request) {
  const {text, closed} = await converse(port, writeRequest(request), {ends: false});
  const answers = readAnswers(text, {head: request?.method === 'HEAD'});
  if (answers.length !== 1 || !closed) throw new Error(`${answers.length} answers, ${closed ? '' : 'not '}closed`);
  return answers[0];
}

/** What a page of the configured origin sends with every call. */
export const fromPage = {'Origin': origin, 'X-Portero': '1', 'Sec-Fetch-Site': 'same-site'};
export const json = {'Content-Type': 'application/json'};

export const exchangeBody = ({code, code_verifier}) => JSON.stringify({v: 1, code, code_verifier});

/** POST /v1/session, as the page sends it. */
export const signIn = (port, exchange, headers = {}) =>
  ask(port, {method: 'POST', headers: {...fromPage, ...json, ...headers}, body: exchangeBody(exchange)});

/** The session cookie an answer sets: {name, value, attributes}, or undefined. */
export function cookieOf(answer) {
  const line = answer.header('set-cookie');
  if (!line) return undefined;
  const [, name, value, attributes] = /^([^=]+)=([^;]*)(.*)$/.exec(line);
  return {name, value, attributes, pair: `${name}=${value}`};
}

/** GET /v1/session: the user's login, or null. */
export async function whoIs(port, cookie, headers = {}) {
  const answer = await ask(port, {headers: {...fromPage, Cookie: cookie, ...headers}});
  if (answer.status !== 200) throw new Error(`GET /v1/session: ${answer.status}`);
  return answer.json().user?.login ?? null;
}

/** Many requests on one kept connection, each sent behind the other; their answers in order. */
export async function askInTurn(port, requests) {
  const bytes = requests.map((request, i) => writeRequest(i + 1 < requests.length ?
    {...request, headers: {Connection: undefined, ...request.headers}} : request));
  const {text} = await converse(port, Buffer.concat(bytes), {ends: false, timeout: 60000});
  const answers = readAnswers(text);
  if (answers.length !== requests.length) throw new Error(`${answers.length} answers to ${requests.length} requests`);
  return answers;
}
