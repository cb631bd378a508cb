// One policy, said in six places: they say the same, and the meta form lacks just what browsers ignore there.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {after, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {ask} from '../wire.mjs';

const read = (path) => readFileSync(path, 'utf8');
const hosting = read('docs/hosting.md');
const policy = /^Content-Security-Policy: (.*)$/m.exec(hosting)[1];
const directives = (text) =>
    new Map(text.split(';').map((one) => one.trim().split(/\s+/)).map(([name, ...values]) => [name, values.join(' ')]));
const deployment = new Deployment();
after(() => deployment.close());

test('the policy starts from nothing and allows neither inline code nor foreign scripts', () => {
  const all = directives(policy);
  assert.equal(all.get('default-src'), "'none'");
  assert.equal(all.get('script-src'), "'self' 'wasm-unsafe-eval'");
  assert.equal(all.get('trusted-types'), "'none'");
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|data:|\*/);
});

test('nginx and Caddy send it', () => {
  for (const [path, pattern] of [
    ['docs/nginx/portero.conf', /Content-Security-Policy "([^"]*)"/],
    ['docs/caddy/Caddyfile', /Content-Security-Policy "([^"]*)"/]
  ]) {
    assert.equal(pattern.exec(read(path))[1], policy, path);
  }
});

test('portero sends it with the page it serves', async () => {
  const proxy = await deployment.serve(
      deployment.settings(undefined, {static_dir: resolve('build/site'), public_url: 'https://login.example'}));
  const answer = await ask(proxy.port, {target: '/'});
  assert.equal(answer.status, 200);
  assert.deepEqual(directives(answer.header('content-security-policy')), directives(policy));
  const [, but] = /^\| portero itself .*sent, all of them but ([^|;]*); COOP where `public_url` is https \|/m.exec(hosting);
  assert.equal(but, 'HSTS');
  for (const [name, value] of [['referrer-policy', 'no-referrer'], ['x-content-type-options', 'nosniff'], ['cache-control', 'no-cache'],
    ['strict-transport-security', undefined], ['cross-origin-opener-policy', 'same-origin']]) {
    assert.equal(answer.header(name), value, name);
  }
});

test('the meta form is the same without what browsers ignore there, and comes before the script', () => {
  const snippet = /```html\n(<meta name="referrer"[^]*?)```/.exec(hosting)[1];
  const meta = directives(/content="(default-src [^"]*)"/.exec(snippet)[1]);
  const header = directives(policy);
  header.delete('frame-ancestors');
  header.set('connect-src', "'self' https://login.example");  // the shape of GitHub Pages: a proxy elsewhere
  assert.deepEqual(meta, header);
  const order =
      ['name="referrer"', 'http-equiv="Content-Security-Policy"', '<script src="web/portero.js">'].map((part) => snippet.indexOf(part));
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.ok(!order.includes(-1));
  for (const ignored of ['frame-ancestors', 'sandbox', 'report-uri', 'report-to']) assert.ok(hosting.includes(`\`${ignored}\``), ignored);
});
