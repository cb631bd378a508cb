// The real program, as an operator runs it: settings file, key file, secret file, its own process.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {createServer} from 'node:https';
import {after, before, describe, test} from 'node:test';
import {Deployment} from '../deployment.mjs';

const secret = 'canary-5f2b1c0d9e8a7766554433221100';
const origin = 'https://page.example';
const deployment = new Deployment({secret});
after(() => deployment.close());

const settings = (more = {}) => deployment.settings(null, {
  client_id: 'Iv1.test',
  origins: {[origin]: {redirect_uri: `${origin}/`}},
  ...more,
});
const write = (...file) => deployment.write(...file);
const run = (...args) => deployment.run(...args);

const signIn = (port) => fetch(`http://127.0.0.1:${port}/v1/session`, {
  method: 'POST',
  headers: {'Origin': origin, 'X-Portero': '1', 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-site'},
  body: JSON.stringify({v: 1, code: 'codecanary0123456789', code_verifier: 'V'.repeat(43)}),
});

describe('portero keygen', () => {
  test('makes a key file only its owner can read, and leaves one that is there alone', () => {
    const file = write('portero.json', settings());
    assert.equal(run('keygen', '--settings', file, '--if-missing').status, 0);
    const first = readFileSync(deployment.path('keys.json'), 'utf8');
    assert.equal(JSON.parse(first).keys.length, 1);
    assert.equal(execFileSync('stat', ['-c', '%a', deployment.path('keys.json')], {encoding: 'utf8'}).trim(), '600');
    assert.equal(run('keygen', '--settings', file, '--if-missing').status, 0);
    assert.equal(readFileSync(deployment.path('keys.json'), 'utf8'), first);
  });

  test('rotates: the new key seals ten minutes from now, the old one opens until its sessions have ended', () => {
    const file = write('rotate.json', settings({session_keys_file: deployment.path('rotated.json')}));
    assert.equal(run('keygen', '--settings', file, '--if-missing').status, 0);
    assert.equal(run('keygen', '--settings', file, '--rotate').status, 0);
    const {keys} = JSON.parse(readFileSync(deployment.path('rotated.json'), 'utf8'));
    assert.equal(keys.length, 2);
    const newest = keys.reduce((a, b) => (a.seal_from > b.seal_from ? a : b));
    const oldest = keys.find((key) => key !== newest);
    assert.equal(oldest.open_until, newest.seal_from + 7 * 24 * 3600);
  });
});

describe('portero serve', () => {
  test('a GitHub whose certificate nobody vouches for learns nothing: upstream_tls', async () => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', deployment.path('tls.key'),
      '-out', deployment.path('tls.crt')], {stdio: 'ignore'});
    let asked = 0;
    const github = createServer({key: readFileSync(deployment.path('tls.key')), cert: readFileSync(deployment.path('tls.crt'))},
        (request, response) => {
          asked += 1;
          response.setHeader('content-type', 'application/json');
          response.end('{"error":"bad_verification_code"}');
        });
    await new Promise((resolve) => github.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${github.address().port}`;
    const upstream = {url, api_url: `${url}/api/v3`, issuer: `${url}/login/oauth`};
    try {
      const refusing = await deployment.serve(settings({github: upstream}));
      const answer = await signIn(refusing.port);
      assert.equal(answer.status, 502);
      assert.equal((await answer.json()).code, 'upstream_tls');
      assert.equal(asked, 0);
      await refusing.stop();
      const output = refusing.output();
      assert.match(output, / warning upstream_failed reason=upstream_tls why="[^"]*certificate[^"]*" verify=18\n/);
      assert.ok(!output.includes('codecanary') && !/upstream_failed.*localhost/.test(output));
      const trusting = await deployment.serve(settings({github: {...upstream, ca_file: deployment.path('tls.crt')}}));
      assert.equal((await (await signIn(trusting.port)).json()).code, 'code_rejected');
      assert.equal(asked, 1);
      await trusting.stop();
    } finally {
      github.close();
    }
  });

  test('shows its secret nowhere: not in the log, the command line, the environment or an answer', async () => {
    const running = await deployment.serve(settings({github: {url: 'http://127.0.0.1:9', api_url: 'http://127.0.0.1:9'}}));
    const answer = await signIn(running.port);
    const body = await answer.text();
    assert.equal(JSON.parse(body).code, 'upstream_unreachable');
    const inside = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${running.child.pid}/${name}`, 'latin1')).join();
    assert.equal(await running.stop(), 0);
    const output = running.output();
    assert.match(output, /login_failed.*upstream_unreachable/);
    for (const text of [body, JSON.stringify([...answer.headers]), inside, output]) {
      for (const canary of [secret, 'codecanary', 'VVVV']) assert.ok(!text.includes(canary), `${canary} is shown`);
    }
  });

  test('wipes a secret that came by the environment out of it', async () => {
    const {client_secret_file: _, ...rest} = settings();
    const running = await deployment.serve(rest, {env: {PORTERO_CLIENT_SECRET: secret}});
    assert.ok(!readFileSync(`/proc/${running.pid}/environ`, 'latin1').includes(secret));
    assert.equal(await running.stop(), 0);
  });

  test('will not serve a folder that holds its own secrets, or a checkout', () => {
    for (const static_dir of [deployment.directory, process.cwd()]) {
      const {status, stderr} = run('serve', '--settings', write('open.json', settings({static_dir})));
      assert.notEqual(status, 0);
      assert.match(stderr, /static_dir/);
    }
  });

  test('serves what its folder has, and says at the start and at a reload what of it no visitor gets', async () => {
    const put = (name, text = name) => write(`site/${name}`, text);
    const names = ['..2026_11_28/index.html', 'photo.JPEG', 'a b@ü[1].png', 'app/index.html', 'server.key', '.env', 'LICENSE'];
    for (const name of names) put(name);
    symlinkSync('..2026_11_28', deployment.path('site/..data'));
    symlinkSync('..data/index.html', deployment.path('site/index.html'));
    symlinkSync('../keys.json', deployment.path('site/keys.json'));
    const running = await deployment.serve(settings({static_dir: deployment.path('site')}));
    const get = (path) => fetch(`http://127.0.0.1:${running.port}${path}`, {redirect: 'manual'});
    assert.equal(await (await get('/')).text(), '..2026_11_28/index.html');
    assert.equal((await get('/photo.JPEG')).headers.get('content-type'), 'image/jpeg');
    assert.equal((await get(new URL('a b@ü[1].png', 'http://h/').pathname)).status, 200);
    const moved = await get('/app?code=x&state=y');
    assert.deepEqual([moved.status, moved.headers.get('location')], [301, '/app/?code=x&state=y']);
    for (const path of ['/server.key', '/.env', '/LICENSE', '/keys.json', '/..data/index.html']) {
      assert.equal((await get(path)).status, 404, path);
    }
    const lines = (text) =>
      [...text.matchAll(/ settings_warning why="(static_dir: leaves out [^"]*)"/g)].map(([, why]) => why);
    const started = lines(running.output());
    for (const said of ['1 link that leads out of it: keys.json; ', '1 name that begins with a dot: .env; ',
      '1 file that visitors should not get: server.key; ', '1 file without an extension: LICENSE; ']) {
      assert.ok(started.some((line) => line.includes(said)), `${said}\n${running.output()}`);
    }
    assert.equal(started.length, 4, running.output());
    for (let i = 0; i < 500; ++i) put(`${i}.pem`);
    const before = running.output().length;
    running.child.kill('SIGHUP');
    await running.says(/ reloaded what=settings/);
    const reloaded = lines(running.output().slice(before));
    assert.equal(reloaded.length, 4, reloaded.join('\n'));
    const many = '501 files that visitors should not get: 0.pem, 1.pem, 10.pem and 498 more; ';
    assert.ok(reloaded.some((line) => line.includes(many)), reloaded.join('\n'));
    assert.equal(await running.stop(), 0);
  });

  test('will not start on an address that is taken, and says which', async () => {
    const first = await deployment.serve(settings());
    const {status, stderr} = run('serve', '--settings', write('second.json', settings({listen: `127.0.0.1:${first.port}`})));
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${first.port}`));
    await first.stop();
  });
});

describe('portero check', () => {
  test('lists everything that is wrong with the settings at once, each with its fix, and no secret', () => {
    mkdirSync(deployment.path('loose'), {recursive: true});
    const file = write('wrong.json', {
      client_idd: 'x',
      client_secret_file: write('loose/secret', secret, 0o644),
      origins: {'http://page.example': {redirect_uri: 'http://page.example/'}, 'https://a.example/': {}},
      limits: {body: 'much'},
      session: {lifetime: -1},
    });
    const {status, stdout, stderr} = run('check', '--settings', file);
    assert.equal(status, 1);
    const said = stdout + stderr;
    for (const key of ['client_idd', 'client_id', 'client_secret_file', 'http://page.example', 'https://a.example/', 'limits.body',
      'session.lifetime', 'session_keys_file']) {
      assert.ok(said.includes(key), `${key} is not in:\n${said}`);
    }
    assert.ok(!said.includes(secret));
  });

  describe('against GitHub (the stand-in)', () => {
    let url;
    before(async () => ({url} = await deployment.github()));

    function check(client_id, client_secret) {
      const keys = deployment.path('check-keys.json');
      run('keygen', keys, '--if-missing');
      const file = write('check.json', settings({client_id, client_secret_file: write('check-secret', client_secret),
        session_keys_file: keys, github: {url, api_url: url}}));
      return run('check', '--settings', file);
    }

    test('proves id and secret without a visitor, and says which callback to register', () => {
      const {status, stdout} = check('stand-in-client', 'stand-in-secret');
      assert.equal(status, 0, stdout);
      assert.match(stdout, /https:\/\/page\.example\//);
    });

    test('names a wrong secret and an unknown id, each with its fix, and shows neither secret', () => {
      for (const [id, wrong] of [['stand-in-client', 'wrong-secret-canary'], ['nobody', 'wrong-secret-canary']]) {
        const {status, stdout, stderr} = check(id, wrong);
        assert.equal(status, 1);
        assert.match(stdout, /^FAIL .*;/m);
        assert.ok(!(stdout + stderr).includes('canary'));
      }
    });
  });
});
