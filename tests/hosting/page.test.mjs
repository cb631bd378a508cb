// The page as nginx and Caddy serve it, configured by the files in docs/: the headers, the compressed files, and a log that
// holds no code.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {brotliDecompressSync} from 'node:zlib';
import {Deployment} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {fronts, page} from './front.mjs';

const site = 'build/site';
/** What no document may be without, wherever it lies; hosting.md says the same. */
const expected = {
  'content-security-policy': readFileSync('docs/hosting.md', 'utf8').match(/^Content-Security-Policy: (.*)$/m)[1],
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

function filesOf(directory, below = '') {
  return readdirSync(directory, {withFileTypes: true}).flatMap((entry) => entry.isDirectory() ?
    filesOf(join(directory, entry.name), `${below}${entry.name}/`) : [below + entry.name]);
}

for (const front of fronts) {
  describe(`the page at ${front.name}:`, {timeout: 60000}, () => {
    const deployment = new Deployment();
    let server;
    let proxy;
    before(async () => {
      ({proxy} = await deployment.open({origins: {[`https://${page}`]: {redirect_uri: `https://${page}/`}}}));
      server = await front.start(deployment, {upstream: proxy.port, site: join(process.cwd(), site)});
    });
    after(() => deployment.close());
    /** As browsers ask today. */
    const ask = (target, headers = {}) => server.ask2(page, {target, headers});

    test('each file comes with its type, its .br when asked, and every header', async () => {
      const types = {
        html: /^text\/html(; charset=utf-8)?$/,
        js: /^(text|application)\/javascript(; charset=utf-8)?$/,
        wasm: /^application\/wasm$/,
        css: /^text\/css(; charset=utf-8)?$/,
        svg: /^image\/svg\+xml$/,
        json: /^application\/json/
      };
      const all = filesOf(site);
      const names = all.filter((name) => all.includes(`${name}.br`) && name.split('.').at(-1) in types);
      assert.ok(names.length >= 8);
      for (const name of names) {
        const raw = readFileSync(join(site, name));
        const target = name === 'index.html' ? '/' : `/${name}`;
        const plain = await ask(target);
        assert.equal(plain.status, 200, name);
        assert.ok(Buffer.from(plain.body, 'latin1').equals(raw), name);
        assert.equal(plain.header('content-encoding'), undefined, name);
        const small = await ask(target, {'Accept-Encoding': 'gzip, deflate, br, zstd'});
        assert.equal(small.header('content-encoding'), 'br', name);
        assert.match(small.header('vary'), /accept-encoding/i, name);
        assert.ok(brotliDecompressSync(Buffer.from(small.body, 'latin1')).equals(raw), name);
        for (const answer of [plain, small]) {
          assert.match(answer.header('content-type'), types[name.split('.').at(-1)], name);
          for (const [header, value] of Object.entries(expected)) assert.equal(answer.header(header), value, `${name}: ${header}`);
          assert.match(answer.header('strict-transport-security'), /^max-age=\d{7,}/, name);
        }
      }
    });

    test('what has not changed is not sent again', async () => {
      const etag = (await ask('/')).header('etag');
      assert.equal((await ask('/', {'If-None-Match': etag})).status, 304);
    });

    test('what is not there carries the policy too, and nothing above the folder is there', async () => {
      for (const target of ['/nothing.html', '/../portero.json', '/%2e%2e/keys.json', '/web/..%2f..%2fkeys.json']) {
        const answer = await ask(target);
        assert.ok([400, 404].includes(answer.status), `${target}: ${answer.status}`);
      }
      assert.equal((await ask('/nothing.html')).header('content-security-policy'), expected['content-security-policy']);
    });

    test('below /v1/ the headers are portero\'s, each once', async () => {
      const answer = await server.ask(page, {target: '/v1/config', headers: {Origin: `https://${page}`}});
      assert.equal(answer.status, 200);
      const names = answer.headers.map(([name]) => name);
      assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
      assert.equal(answer.header('cache-control'), 'private, max-age=300');
      assert.equal(answer.header('access-control-allow-origin'), `https://${page}`);
    });

    test('a callback\'s code reaches no log', async () => {
      const answer = await ask('/?code=c0de0fav1s1t0r&state=portero.stateofavisitor&kept=yes');
      assert.equal(answer.status, 200);
      await ask('/missing?code=c0de0fav1s1t0r&state=portero.stateofavisitor');
      await ask('/v1/session?code=c0de0fav1s1t0r', {'X-Portero': '1', 'Dpop': 'pr00f'});
      await until(() => /\/v1\/session/.test(server.log()), 'the last of them is logged');
      assert.doesNotMatch(server.log() + proxy.output(), /c0de0fav1s1t0r|stateofavisitor|pr00f/);
    });
  });
}
