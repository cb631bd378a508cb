// One visitor of a peer, whose answers are judged before anything is measured. A peer is {name, pid, port, stop} and, where it can,
// how one asks it who is signed in (`check`) and how one signs in (`login`).
import {randomInt} from 'node:crypto';
import {fromPage, json} from '../../wire.mjs';
import {ask, cookiesOf} from './ask.mjs';

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';  // of RFC 7636: the measuring GitHub compares none
const session = '/v1/session';

/** As portero's page signs in; CODE is a new one each time. */
const byPost = {
  method: 'POST', path: session, headers: {...fromPage, ...json}, body: JSON.stringify({v: 1, code: 'CODE', code_verifier: verifier}),
};

/** A code that no earlier run has sent. */
export const firstCode = () => String(randomInt(2 ** 47));

/** Signs in once, and judges the answer: {answer, cookie}. */
export async function signInOnce(peer) {
  const {method, path, headers, body, welcome} = peer.login;
  const code = firstCode().padStart(20, '0');
  const answer = await ask(peer.port, {
    method, headers, target: path.replace('CODE', code), body: body.replace('CODE', code)});
  const {status} = answer;
  const good = status === 201 ? answer.json().user.login === 'ada-page' : status === 302 && answer.header('location') === welcome;
  if (!good) throw new Error(`${peer.name} signed nobody in: ${answer.text}`);
  return {answer, cookie: cookiesOf(answer)};
}

/** The peer with a visitor's session: what is asked for, and the answer's size. Throws if the visitor is not named in it. */
export async function withVisitor(peer) {
  const {cookie} = await signInOnce(peer);
  const {path, headers} = peer.check;
  return knows({...peer, check: {path, headers: {...headers, Cookie: cookie}}});
}

/** Asks once, judges the answer, which names `who` in its head or body, and adds it and its size in bytes. */
export async function knows(peer, who = 'ada-page') {
  const {path, headers} = peer.check;
  const answer = await ask(peer.port, {target: path, headers});
  if (answer.status !== 200 || !answer.text.includes(who)) throw new Error(`${peer.name} does not know ${who}: ${answer.text}`);
  return {...peer, answer, bytes: answer.bytes};
}

/** By the calls of portero's page. */
export const byPage = () => ({login: byPost, check: {path: session, headers: fromPage}});

/** Follows redirects from `target` as a browser does: the cookies it has then, as it sends them. */
export async function browse(port, target) {
  const jar = new Map();
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  for (let at = new URL(target, `http://127.0.0.1:${port}`), steps = 0; steps < 9; ++steps) {
    const answer = await ask(Number(at.port), {
      target: at.pathname + at.search, headers: {Accept: 'text/html', ...jar.size > 0 && {Cookie: cookies()}}});
    for (const [name, value] of answer.headers) {
      const [, key, content] = name === 'set-cookie' ? /^([^=]+)=([^;]*)/.exec(value) : [];
      if (content) jar.set(key, content);
      else if (key) jar.delete(key);
    }
    if (answer.status !== 302) return cookies();
    at = new URL(answer.header('location'), at);
  }
  throw new Error(`${target}: redirects without end`);
}
