// Attacks on the Cookie line (tests/vectors/cookies.txt) over a socket, against the real program: both values in them are
// real sessions, so that whatever is believed shows.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../../deployment.mjs';
import {ask, cookieOf, fromPage, signIn} from '../../wire.mjs';

const deployment = new Deployment();
let proxy;
let name;
let mine;
let theirs;

before(async () => {
  const github = await deployment.github();
  proxy = await deployment.serve(deployment.settings(github));
  ({name, value: mine} = cookieOf(await signIn(proxy.port, await github.code())));
  ({value: theirs} = cookieOf(await signIn(proxy.port, await github.code({user: '1'}))));
});
after(() => deployment.close());

const controls = {r: '\r', n: '\n', t: '\t', 0: '\0'};

/** The Cookie lines that a line of the corpus stands for, each a text of bytes (latin1). */
const linesOf = (text) => text.replaceAll('abcdefgh', name.slice(-8)).split('||').map((line) => Buffer.from(line).toString('latin1')
    .replace(/\\x(..)|\\(.)|~(\d+)|[@^&]/g, (all, hex, escaped, times) => hex ? String.fromCharCode(parseInt(hex, 16)) :
      escaped ? controls[escaped] ?? escaped : times ? 'x'.repeat(times) : {'@': name, '^': mine, '&': theirs}[all]));

async function happens(text) {
  const answer = await ask(proxy.port, {headers: {...fromPage, Cookie: linesOf(text)}});
  if (answer.status !== 200) return `${answer.status} ${answer.code}`;
  const {user} = answer.json();
  const expires = /; Max-Age=0$/.test(answer.header('set-cookie') ?? '');
  return user ? `${user.login}${expires ? ', expired' : ''}` : expires ? 'doubled' : 'absent';
}

const corpus = readFileSync('tests/vectors/cookies.txt', 'utf8').split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => /^(found|absent|doubled)(!?) (.*)$/.exec(line));

describe('the corpus of cookies, over a socket', () => {
  for (const kind of ['found', 'absent', 'doubled']) {
    const attacks = corpus.filter(([, expected, refused]) => expected === kind && !refused);
    test(`cookie tossing: ${kind}: ${attacks.length} lines`, async () => {
      assert.ok(attacks.length >= 20);
      for (const [line, , , text] of attacks) assert.equal(await happens(text), kind === 'found' ? 'ada-page' : kind, line.slice(0, 120));
    });
  }
  const refused = corpus.filter(([, , mark]) => mark);
  test(`cookie tossing: refused as a whole: ${refused.length} lines`, async () => {
    assert.ok(refused.length >= 8);
    for (const [line, , , text] of refused) assert.equal(await happens(text), '400 bad_request', line);
  });
});
