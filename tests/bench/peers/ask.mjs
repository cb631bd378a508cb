// One request to a peer and its answer, of any server: tests/wire.mjs reads portero's alone, and reads them strictly.
import {connect} from 'node:net';
import {writeRequest} from '../../wire.mjs';

/** {status, headers, header, body, json, text, bytes}: `bytes` as they came. The connection would be kept. */
export function ask(port, {headers, ...request}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const judge = () => {
      const answer = read(text);
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('latin1').on('data', (chunk) => { text += chunk; judge(); }).on('error', reject);
    socket.on('end', () => reject(new Error(`half an answer: ${JSON.stringify(text)}`)));
    socket.setTimeout(20000, () => socket.destroy(new Error(`no answer: ${JSON.stringify(text)}`)));
    socket.write(writeRequest({...request, headers: {Host: `127.0.0.1:${port}`, Connection: undefined, ...headers}}));
  });
}

/** undefined: not all has come yet. */
function read(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]);
  const header = (name) => headers.find(([key]) => key === name)?.[1];
  const rest = text.slice(end + 4);
  const chunked = header('transfer-encoding') === 'chunked';
  if (chunked ? !rest.endsWith('0\r\n\r\n') : rest.length < Number(header('content-length') ?? 0)) return undefined;
  const body = chunked ? rest.replace(/(^|\r\n)[0-9a-f]+\r\n/g, '') : rest;
  return {
    status: Number(line.split(' ')[1]), headers, header, body, text, bytes: text.length,
    json: () => JSON.parse(Buffer.from(body, 'latin1').toString('utf8')),
  };
}

/** All cookies an answer sets, as the next request carries them. */
export const cookiesOf = ({headers}) => headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value.split(';')[0])
  .filter((pair) => !pair.endsWith('=')).join('; ');
