// `portero check` against what nginx and Caddy do with a few lines of one's own: a header doubled, a query dropped, a page
// given for every address, a host name that is not known. On loopback without TLS, which changes nothing here.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Deployment, portero} from '../deployment.mjs';
import {freePort} from '../programs.mjs';

const servers = resolve('build/servers');
const deployment = new Deployment();
let github;
after(() => deployment.close());

before(async () => {
  github = await deployment.github();
  const page = (src) => `<!doctype html><title>A page</title><script src="${src}"></script><p>`;
  for (const folder of ['site', 'site/app']) {
    deployment.write(`${folder}/index.html`, page(folder === 'site' ? '/web/portero.js' : 'web/portero.js'), 0o644);
    deployment.write(`${folder}/web/portero.js`, "(()=>{Symbol.for('portero');document.currentScript})()", 0o644);
    deployment.write(`${folder}/web/index.js`, 'export {};', 0o644);
    deployment.write(`${folder}/portero.wasm`, '\0asm\x01\0\0\0', 0o644);
  }
});

async function nginx(upstream, lines, api = '') {
  const port = await freePort();
  const own = deployment.path(`nginx-${port}`);
  mkdirSync(own);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map((name) => `${name}_temp_path ${own}/${name};`).join(' ');
  writeFileSync(join(own, 'nginx.conf'), `master_process off; daemon off; pid ${own}/pid; error_log stderr notice; events {}
    http { include ${servers}/etc/nginx/mime.types; ${temporary} access_log off; server { listen 127.0.0.1:${port};
      root ${deployment.path('site')}; location /v1/ { proxy_pass http://127.0.0.1:${upstream}; proxy_set_header Host $http_host; ${api} }
      location / { ${lines} } } }`);
  await deployment.start(join(servers, 'usr/sbin/nginx'), ['-c', join(own, 'nginx.conf')], /using the "epoll" event method/);
  return `http://127.0.0.1:${port}`;
}

async function caddy(upstream, host, lines, api = '') {
  const port = await freePort();
  const own = deployment.path(`caddy-${port}`);
  mkdirSync(own);
  writeFileSync(join(own, 'Caddyfile'), `{
    admin off
    auto_https off
    storage file_system ${own}/storage
  }
  http://${host}:${port} {
    bind 127.0.0.1
    root * ${deployment.path('site')}
    handle /v1/* {
      ${api}
      reverse_proxy 127.0.0.1:${upstream}
    }
    ${lines}
    file_server
  }
  `);
  await deployment.start(join(servers, 'usr/bin/caddy'), ['run', '--config', join(own, 'Caddyfile'), '--adapter', 'caddyfile'],
      /serving initial configuration/, {env: {HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own}});
  return `http://127.0.0.1:${port}`;
}

/** What check says of the page `path`, or, with `upstream`, of the proxy behind the front too. */
async function check(url, path, more = {public_url: ''}) {
  const settings = deployment.settings(github, {origins: {[url]: {redirect_uri: url + path}}, ...more});
  const child = spawn(portero, ['check', '--settings', deployment.write(`check${path.replaceAll('/', '-')}.json`, settings)]);
  let said = '';
  child.stdout.on('data', (chunk) => { said += chunk; });
  const status = await new Promise((done) => child.once('close', done));
  return {status, said, lines: said.split('\n').filter((line) => line.includes(`${url}${path}: `) || line.includes(`/v1/`))};
}

describe('nginx:', {timeout: 60000}, () => {
  test('a page as it must be; one without its slash; one that is any unknown address', async () => {
    deployment.keygen();
    const url = await nginx(1, 'try_files $uri $uri/ =404;');
    assert.deepEqual([await check(url, '/app/'), await check(url, '/')].map(({status, lines}) => [status, lines]), [[0, []], [0, []]]);
    const {status, lines} = await check(url, '/app');
    assert.deepEqual([status, lines], [1, [`FAIL ${url}/app: answers 301 and leads to ${url}/app/, with the query; set redirect_uri to ` +
      `${url}/app/ and register that at GitHub`]]);
    const fallback = await nginx(1, 'try_files $uri $uri/index.html /index.html;');
    const typo = await check(fallback, '/typo');
    assert.match(typo.lines.join('\n'), /^warn \S+: is answered with the page that this host gives for every unknown address/);
    const slashless = await check(fallback, '/app');
    assert.equal(slashless.status, 0, slashless.said);  // /web/portero.js is there, too
  });
  test('a CORS header that add_header doubles', async () => {
    const upstream = await freePort();
    const url = await nginx(upstream, '', 'add_header Access-Control-Allow-Origin "*" always;');
    const more = {public_url: url};
    const origins = {[url]: {redirect_uri: `${url}/app/`}};
    await deployment.serve(deployment.settings(github, {origins, listen: `127.0.0.1:${upstream}`, ...more}));
    const {status, lines} = await check(url, '/app/', more);
    assert.equal(status, 1);
    assert.match(lines[0], /Access-Control-Allow-Origin comes 2 times \(`http:\S+`, `\*`\); .*add_header/);
  });
});

describe('Caddy:', {timeout: 60000}, () => {
  test('a redirect to the slash that drops the query; a clean page', async () => {
    const url = await caddy(1, '127.0.0.1', '');
    const {status, lines} = await check(url, '/app');
    assert.deepEqual([status, lines], [1, [`FAIL ${url}/app: answers 308 and leads to ${url}/app/, but drops the query, so visitors come ` +
      `back signed out; set redirect_uri to ${url}/app/ and register that at GitHub`]]);
    assert.deepEqual((await check(url, '/app/')).lines, []);
  });
  test('a host name that is not in its Caddyfile: 200 and nothing', async () => {
    const url = await caddy(1, 'other.example', '');
    assert.match((await check(url, '/app/')).lines.join('\n'), /^FAIL \S+: answers 200 with an empty page; .*Caddyfile/);
  });
  test('a page without its slash, whose script is looked for at the root', async () => {
    const url = await caddy(1, '127.0.0.1', 'rewrite /app /app/index.html\n    @root path /web/*\n    respond @root 404');
    const {status, lines} = await check(url, '/app');
    assert.equal(status, 1);
    assert.deepEqual(lines, [`FAIL ${url}/app: is answered without its slash, so its script web/portero.js means ${url}/web/portero.js, ` +
      `which answers 404; set redirect_uri to ${url}/app/ and register that at GitHub, or, where the host drops the slash, write the ` +
      'script\'s address from the root: <script src="/app/web/portero.js"></script>']);
  });
  test('a CORS header that `header` doubles', async () => {
    const upstream = await freePort();
    const url = await caddy(upstream, '127.0.0.1', '', 'header Access-Control-Allow-Origin *');
    const more = {public_url: url};
    const origins = {[url]: {redirect_uri: `${url}/app/`}};
    await deployment.serve(deployment.settings(github, {origins, listen: `127.0.0.1:${upstream}`, ...more}));
    const {status, lines} = await check(url, '/app/', more);
    assert.equal(status, 1);
    assert.match(lines[0], /Access-Control-Allow-Origin comes 2 times \(.*; .*header/);
  });
});
