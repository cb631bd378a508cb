// The requests that two programs could understand differently (tests/vectors/smuggling.txt), through nginx and Caddy to a
// real portero over connections that are kept: one answer at most to each, and the next visitor gets his own.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {fromPage, writeRequest} from '../wire.mjs';
import {fronts, login} from './front.mjs';

const unescape = (text) => text.replace(/~(\d+)|\\x([0-9a-f]{2})|\\([rnt0])/gi, (_, count, hex, letter) =>
  count ? 'x'.repeat(Number(count)) : hex ? String.fromCharCode(parseInt(hex, 16)) : {r: '\r', n: '\n', t: '\t', 0: '\0'}[letter]);
const attacks = readFileSync('tests/vectors/smuggling.txt', 'utf8').split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => ({line, bytes: unescape(line.slice(4)).replaceAll('Host: p\r\n', `Host: ${login}\r\n`)}));
/** Nobody ends a connection that was kept: it is read until nothing comes any more. */
const patience = {timeout: 1500};
/** What an attacker hopes portero takes for the start of the next visitor's request. */
const hidden = `DELETE /v1/session HTTP/1.1\r\nHost: ${login}\r\n\r\n`;

for (const front of fronts) {
  describe(`through ${front.name}:`, {timeout: 60000}, () => {
    const deployment = new Deployment();
    let server;
    before(async () => {
      const {proxy} = await deployment.open();
      server = await front.start(deployment, {upstream: proxy.port, site: deployment.directory});
    });
    after(() => deployment.close());

    const statuses = (text) => [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
    /** More visitors than there are kept connections, each with a question that no other answer fits. */
    const visitorsAreWell = () => Promise.all(Array.from({length: 40}, async () => {
      const answer = await server.ask(login, {target: '/v1/config', headers: {Origin: origin}});
      assert.deepEqual([answer.status, answer.json().redirect_uri], [200, `${origin}/`]);
    }));

    test('each gets one answer at most, and none signs anybody in', async () => {
      assert.ok(attacks.length >= 40);
      const answers = await Promise.all(attacks.map(async ({line, bytes}) => {
        const text = await server.converse(login, bytes, patience);
        assert.ok(statuses(text).length <= 1, `${line}\n${text}`);
        assert.doesNotMatch(text, /set-cookie/i, line);
        return statuses(text)[0];
      }));
      const refused = answers.filter((status) => status >= 400 && status < 500);
assert.ok(refused.length > attacks.length / 2, `${answers}`);  // the rest waits for more, or is harmless once passed on
      await visitorsAreWell();
    });

    test('what hides in a body is not taken for a request', async () => {
      const body = hidden;
      const asks = [
        ['a length, and chunks', {'Content-Length': body.length, 'Transfer-Encoding': 'chunked'}, `0\r\n\r\n${body}`],
        ['two lengths', {'Content-Length': ['0', body.length]}, body],
        ['chunks in disguise', {'Transfer-Encoding': 'xchunked', 'Content-Length': body.length}, body],
        ['chunks by a tab', {'Transfer-Encoding': '\tchunked', 'Content-Length': '3'}, `0\r\n\r\n${body}`],
        ['chunks twice', {'Transfer-Encoding': ['chunked', 'identity'], 'Content-Length': '3'}, `0\r\n\r\n${body}`],
        ['a chunk longer than it says', {'Transfer-Encoding': 'chunked', 'Content-Length': undefined}, `1\r\nZZ\r\n0\r\n\r\n`],
        ['a GET with a body', {'Content-Length': body.length}, body, 'GET'],
      ];
      await Promise.all(asks.map(async ([what, headers, bytes, method = 'POST']) => {
        const head = writeRequest({method, headers: {'Host': login, 'Connection': undefined, ...fromPage, ...headers}}).toString('latin1');
        const got = statuses(await server.converse(login, head + bytes, patience));
        assert.ok(got.length <= 1 && !got.includes(204) && !got.includes(201), `${what}: ${got}`);
      }));
      await visitorsAreWell();
    });
  });
}
