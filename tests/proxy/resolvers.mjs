// Three resolvers that do not know GitHub, each with a portero that asks it. A program, not a test: run by
// upstream_faults.test.mjs in network and mount namespaces of its own, where 127.0.0.1:53 is ours and
// /etc/resolv.conf says so. Prints a line each.
import {spawnSync} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Upstream} from './upstream.mjs';

const directory = mkdtempSync(join(tmpdir(), 'portero-resolvers-'));

function put(path, text) {
  const file = join(directory, path.replaceAll('/', '-'));
  writeFileSync(file, text);
  if (spawnSync('mount', ['--bind', file, path]).status !== 0) throw new Error(`cannot put ${path} in place`);
}

/** A resolver; `answer` makes its answer out of a question, or nothing. */
async function resolver(answer) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (question, from) => {
    asked += 1;
    const said = answer(question);
    if (said) socket.send(said, from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(53, '127.0.0.1', resolve));
  return {asked: () => asked, close: () => new Promise((resolve) => socket.close(resolve))};
}

/** The question with the header of an answer: QR, RA and RCODE 3, no such name (RFC 1035 §4.1.1). */
function nxdomain(question) {
  const answer = Buffer.from(question);
  answer[2] |= 0x80;
  answer[3] = 0x83;
  return answer;
}

put('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions timeout:30 attempts:1\n');
put('/etc/nsswitch.conf', 'hosts: files dns\n');
const upstream = await Upstream.start();
try {
  const port = new URL(upstream.github.tlsUrl).port;
  const unreachable = [{code: 'upstream_unreachable', status: 504}];
  const knowing = await resolver(nxdomain);
  await upstream.elsewhere(`https://github.nxdomain.example:${port}`, unreachable);
  if (knowing.asked() === 0) throw new Error('nobody asked the resolver');
  await knowing.close();
  console.log('nxdomain: as specified');
  await upstream.elsewhere(`https://github.absent.example:${port}`, unreachable);
  console.log('absent: as specified');
  const hanging = await resolver(() => null);
  await upstream.elsewhere(`https://github.hanging.example:${port}`, [{code: 'upstream_timeout', status: 504}]);
  if (hanging.asked() === 0) throw new Error('nobody asked the resolver');
  await hanging.close();
  console.log('hanging: as specified');
} finally {
  await upstream.close();
  rmSync(directory, {recursive: true, force: true});
}
