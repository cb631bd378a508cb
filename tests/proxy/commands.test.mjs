// The commands as somebody types them: what each says it did, what each can be told, and what is said of one that is misspelt.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {after, describe, test} from 'node:test';
import {Deployment, portero as built} from '../deployment.mjs';

const portero = resolve(built);
const secret = 'canary-0badcafe0badcafe0badcafe';
const deployment = new Deployment({secret, portero});
after(() => deployment.close());

/** In a folder of its own, with nothing in the environment but `env`: {status, stdout, stderr}. */
function run(args, {env = {}, cwd = deployment.path('nothing')} = {}) {
  mkdirSync(cwd, {recursive: true});
  return spawnSync(portero, args, {encoding: 'utf8', timeout: 60000, cwd, env: {PATH: process.env.PATH, ...env}});
}

describe('portero COMMAND --help', () => {
  const flags = {
    serve: ['--settings', '--listen', '--static-dir', '--public-url', '--log-level'],
    check: ['--offline', '--settings', '--client-id', '--github-url'],
    keygen: ['FILE', '--rotate', '--if-missing', '--settings', '--session-keys-file'],
  };
  for (const [command, names] of Object.entries(flags)) {
    test(`${command}: names every flag`, () => {
      const {status, stdout} = run([command, '--help']);
      assert.equal(status, 0);
      for (const name of names) assert.ok(stdout.includes(name), `${name} is not in:\n${stdout}`);
      const others = Object.entries(flags).filter(([other]) => other !== command).flatMap(([, all]) => all);
      for (const name of others.filter((one) => !names.includes(one) && /offline|rotate|missing/.test(one))) {
        assert.ok(!stdout.includes(name), `${name} is of another command`);
      }
    });
  }

  test('portero --help names the commands, and so does no command where nothing is set', () => {
    const asked = run(['--help']);
    assert.equal(asked.status, 0);
    const alone = run([]);
    assert.equal(alone.status, 2);
    for (const command of Object.keys(flags)) {
      assert.match(asked.stdout, new RegExp(`^ +${command}\\b`, 'm'));
      assert.match(alone.stderr, new RegExp(`^ +${command}\\b`, 'm'));
    }
    assert.doesNotMatch(alone.stderr, /is missing/);
  });

  test('no command is serve where something is set', () => {
    const {status, stderr} = run([], {env: {PORTERO_CLIENT_ID: 'a'}});
    assert.equal(status, 1);
    assert.match(stderr, /^portero: origins: is missing/m);
  });
});

describe('a command line that is not understood', () => {
  for (const [args, says] of [
    [['serv'], /`serv` is not a command \(did you mean `serve`\?\)/],
    [['chek', '--offline'], /`chek` is not a command \(did you mean `check`\?\)/],
    [['key-gen'], /`key-gen` is not a command \(did you mean `keygen`\?\)/],
    [['help'], /`help` is not a command \(did you mean `--help`\?\)/],
    [['version'], /`version` is not a command \(did you mean `--version`\?\)/],
    [['--lissten', '127.0.0.1:1'], /`--lissten` is not a flag \(did you mean `--listen`\?\)/],
    [['serve', '--session_keys_file=x'], /`--session_keys_file` is not a flag \(did you mean `--session-keys-file`\?\)/],
    [['keygen', '--rotat', 'x.json'], /`--rotat` is not a flag \(did you mean `--rotate`\?\)/],
    [['-listen', '127.0.0.1:1'], /`-listen`: did you mean `--listen`\?/],
    [['serve', '--offline'], /`--offline` is a flag of `portero check`/],
    [['--limits-body', '1'], /`--limits-body` is no flag, but a setting: write `limits.body` .*PORTERO_LIMITS_BODY/],
    [['--github-proxy', 'x'], /`--github-proxy` is no flag, but a setting: write `github.proxy` .*PORTERO_GITHUB_PROXY/],
    [['--client-secret', secret], /`--client-secret` is no flag: a secret is never taken from here; .*--client-secret-file/],
    [['serve', 'check'], /a word too many/],
    [['serve', 'some/portero.json'], /`some\/portero\.json`: write `--settings some\/portero\.json`\n/],
    [['check', '--offline', 'portero.json'], /`portero\.json`: write `--settings portero\.json`\n/],
    [['portero.json'], /`portero\.json`: write `--settings portero\.json`\n/],
    [['keygen', 'a.json', 'b.json'], /a word too many/],
    [['--listen'], /--listen/],
    [['keygen', '--rotate', '--if-missing'], /--rotate/],
  ]) {
    test(`portero ${args.join(' ').replace(secret, 'SECRET')}`, () => {
      const {status, stdout, stderr} = run(args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, says);
      assert.equal(stdout, '');
      assert.ok(!stderr.includes('canary'));
    });
  }

  test('every command is named', () => {
    const {stderr} = run(['wherever']);
    for (const command of ['serve', 'check', 'keygen', 'reload', 'health']) assert.match(stderr, new RegExp(`\\b${command}\\b`));
    assert.ok(!stderr.includes('wherever'), 'a word that is near nothing may be a secret');
  });
});

describe('portero keygen says what it did', () => {
  const keys = (name) => JSON.parse(readFileSync(deployment.path(name), 'utf8')).keys;
  const time = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '');
  const shown = new Set();
  const say = (...args) => {
    const answer = run(['keygen', ...args]);
    shown.add(answer.stdout + answer.stderr);
    return answer;
  };

  test('made: the file and the key\'s id', () => {
    const {status, stdout} = say(deployment.path('made.json'));
    assert.equal(status, 0);
    const [{kid}] = keys('made.json');
    assert.equal(stdout, `portero: made ${deployment.path('made.json')}: key ${kid} seals from now on\n`);
  });

  test('--if-missing: that the file was there, and that nothing was changed', () => {
    const {status, stdout} = say('--if-missing', deployment.path('made.json'));
    assert.equal(status, 0);
    const [{kid}] = keys('made.json');
    assert.equal(stdout,
        `portero: ${deployment.path('made.json')} is there already: 1 key(s), ${kid} seals; nothing was changed\n`);
    assert.match(say('--if-missing', deployment.path('missing.json')).stdout, /^portero: made .*missing\.json: key \S+ seals/);
  });

  test('--rotate: the new key, from when it seals, and until when the others open', () => {
    const {status, stdout} = say('--rotate', deployment.path('made.json'));
    assert.equal(status, 0);
    const [older, newer] = keys('made.json');
    assert.equal(stdout, `portero: added key ${newer.kid} to ${deployment.path('made.json')}: it seals from ` +
      `${time(newer.seal_from)} on; the 1 older one(s) open sessions until ${time(older.open_until)} at the latest\n`);
  });

  test('--rotate of a file that is not there fails and makes none', () => {
    for (const name of ['mispelt.json', 'no-such-folder/keys.json']) {
      const {status, stdout, stderr} = say('--rotate', deployment.path(name));
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /: is not there, so there is no key to retire; correct the path, or make a new file: portero keygen /);
      assert.ok(!existsSync(deployment.path(name)));
    }
  });

  test('a settings file that cannot be read is said, not passed over', () => {
    const broken = deployment.write('broken.json', '{"session_keys_file": "keys.json",}');
    for (const more of [[], ['--rotate'], ['--if-missing']]) {
      const {status, stderr} = say('--settings', broken, ...more);
      assert.equal(status, 1);
      assert.match(stderr, /broken\.json: is not valid JSON at line 1, column 34: a comma before the `}`/);
    }
    const short = deployment.write('short.json', {session: {lifetime: 'a week'}});
    const {status, stderr} = say('--settings', short, '--rotate', deployment.path('made.json'));
    assert.equal(status, 1);
    assert.match(stderr, /session\.lifetime: is not a duration/);
    assert.equal(keys('made.json').length, 2);
    // Where the file goes is said by the environment: what is wrong elsewhere does not matter.
    const env = {PORTERO_SETTINGS: broken, PORTERO_SESSION_KEYS_FILE: deployment.path('by-environment.json')};
    assert.equal(run(['keygen', '--if-missing'], {env}).status, 0);
    assert.equal(statSync(deployment.path('by-environment.json')).mode & 0o777, 0o600);
  });

  test('keys that would be made anew beside those of the old place are not', () => {
    const here = deployment.path('here');
    deployment.write('etc/portero.json', {session_keys_file: 'keys.json'});
    say(deployment.write('here/portero.txt', '') && `${here}/keys.json`);
    const {status, stderr} = run(['keygen', '--if-missing', '--settings', '../etc/portero.json'], {cwd: here});
    assert.equal(status, 1);
    assert.match(stderr, /session_keys_file: .*etc\/keys\.json does not exist; relative paths of .* count from its folder now: move keys/);
    assert.ok(!existsSync(deployment.path('etc/keys.json')));
  });

  test('no key was shown', () => {
    for (const name of ['made.json', 'missing.json']) {
      for (const {k} of keys(name)) for (const text of shown) assert.ok(!text.includes(k));
    }
  });
});

describe('portero serve', () => {
  const good = (more = {}) => deployment.settings(null, {client_id: 'Iv1.test', ...more});

  test('names what is wrong with files and with settings in one round, each once', () => {
    mkdirSync(deployment.path('checkout/.git'), {recursive: true});
    const file = deployment.write('wrong.json', good({
      static_dir: deployment.path('checkout'),
      session_keys_file: deployment.write('torn.json', '{"keys": [', 0o600),
      client_secret_file: deployment.path('no-secret'),
      listen: 'everywhere',
    }));
    const {status, stderr} = run(['serve', '--settings', file]);
    assert.equal(status, 1);
    const lines = stderr.trim().split('\n');
    for (const says of [/static_dir: .*\.git is a repository/, /session_keys_file: .*torn\.json: is not valid JSON at line 1, column 11/,
      /client_secret_file: .*no-secret cannot be read/, /listen: is not an address/]) {
      assert.equal(lines.filter((line) => says.test(line)).length, 1, `${says}:\n${stderr}`);
    }
    assert.equal(lines.length, 4, stderr);
  });

  test('tells a missing key file once', () => {
    const file = deployment.write('keyless.json', good({session_keys_file: deployment.path('no-keys.json')}));
    const {stderr} = run(['serve', '--settings', file]);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, /session_keys_file: .*no-keys\.json: cannot be read: No such file or directory; .*portero keygen/);
    assert.equal(stderr.split('no-keys.json').length, 2, stderr);
    const {stdout} = run(['check', '--offline', '--settings', file]);
    assert.equal(stdout.split('\n').filter((line) => line.startsWith('FAIL')).length, 1, stdout);
  });
});

describe('libcurl', () => {
  test('is no library that the loader brings: who calls nobody does not wait for it', () => {
    const {stdout} = run([], {env: {LD_TRACE_LOADED_OBJECTS: '1'}});
    assert.match(stdout, /libcrypto\.so/);
    assert.doesNotMatch(stdout, /libcurl/);
  });

  test('that cannot be opened ends who needs it, before it says anything else', () => {
    const folder = deployment.path('damaged');
    mkdirSync(folder, {recursive: true});
    writeFileSync(`${folder}/libcurl.so.4`, '');
    const env = {LD_LIBRARY_PATH: folder};
    const {status, stdout, stderr} = run(['check', '--client-id', 'a'], {env});
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^portero: cannot open libcurl\.so\.4: .+; fix: install Debian's libcurl4\n$/);
    assert.equal(run(['--version'], {env}).status, 0);
    assert.match(run(['check', '--offline', '--client-id', 'a'], {env}).stdout, /^FAIL/m, 'nobody is called: it is not missed');
  });

  test('that cannot be opened ends the proxy, which listens by then', async () => {
    const folder = deployment.path('damaged');
    mkdirSync(folder, {recursive: true});
    writeFileSync(`${folder}/libcurl.so.4`, '');
    const proxy = deployment.launchPortero(deployment.settings({url: 'https://github.com'}), {env: {LD_LIBRARY_PATH: folder}});
    assert.equal(await proxy.gone, 1);
    assert.match(proxy.output(), / listening .*\nportero: cannot open libcurl\.so\.4: /);
  });
});
