// `portero health`: for containers and supervisors without an HTTP client.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, test} from 'node:test';
import {Deployment} from '../deployment.mjs';
import {freePort} from '../programs.mjs';

const deployment = new Deployment();
after(() => deployment.close());

const health = (file, ...more) => deployment.run('health', '--settings', file, ...more);

test('0 and not a word while portero answers, by any address that it may listen at', async () => {
  for (const listen of [`127.0.0.1:${await freePort()}`, `0.0.0.0:${await freePort()}`, `unix:${deployment.path('s.sock')}`]) {
    const at = deployment.launchPortero(deployment.settings({url: 'https://github.com'}, {listen}));
    await at.says(/ listening /);
    const {status, stdout, stderr} = health(at.file);
    assert.deepEqual([status, stdout, stderr], [0, '', ''], listen);
    assert.equal(await at.stop(), 0);
  }
});

test('asks the internal listener where there is one', async () => {
  const internal_listen = `127.0.0.1:${await freePort()}`;
  const at = await deployment.serve(deployment.settings({url: 'https://github.com'}, {internal_listen}));
  assert.equal(health(at.file).status, 0);
  assert.equal(await at.stop(), 0);
});

test('1 and the reason when nobody answers, or somebody else does', async () => {
  const port = await freePort();
  const file = deployment.write('quiet.json', deployment.settings({url: 'https://github.com'}, {listen: `127.0.0.1:${port}`}));
  assert.deepEqual([health(file).status, health(file).stderr], [1, `portero: 127.0.0.1:${port} does not answer\n`]);
  const other = createServer((asked, answer) => answer.writeHead(503).end()).listen(port, '127.0.0.1');
  try {
    await new Promise((resolve) => other.once('listening', resolve));
    const asking = deployment.launch(deployment.portero, ['health', '--settings', file]);
    assert.equal(await asking.gone, 1);
    assert.equal(asking.output(), `portero: 127.0.0.1:${port} answers with status 503\n`);
  } finally {
    other.close();
  }
});

test('a port that the system chooses cannot be asked; a mistake elsewhere in the settings is none of it', () => {
  const file = deployment.write('any.json', deployment.settings({url: 'https://github.com'}, {client_id: ''}));
  const {status, stderr} = health(file);
  assert.deepEqual([status, stderr], [1, 'portero: 127.0.0.1:0 is chosen by the system at the start; name a port to be asked\n']);
  assert.match(health(deployment.write('broken.json', '{')).stderr, /broken\.json/);
});
