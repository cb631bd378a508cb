// The Nu Html Checker (what validator.w3.org runs) has nothing to say about any page, style or picture of ours:
// as written, as built, and as the stand-in sends it.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {startDemo} from '../../deployment.mjs';

const checked = /\.(html|css|svg)$/;
const written = () => execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'index.html', 'web', 'docs'], {encoding: 'utf8'})
    .split('\n').filter((name) => checked.test(name));
const built = () =>
    readdirSync('build/site', {recursive: true}).filter((name) => checked.test(name)).map((name) => join('build/site', name));

/** The stand-in's pages as a browser gets them, each written into the directory. */
async function sent(directory) {
  const demo = await startDemo();
  try {
    const ask = new URL('/login/oauth/authorize', demo.githubUrl);
    ask.search = new URLSearchParams({client_id: 'Iv1.portero-demo', redirect_uri: demo.url, state: 'x',
      code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', scope: 'read:user'});
    const pages = {
      'consent.html': ask.href,
      'notice.html': `${demo.githubUrl}/login/oauth/authorize?client_id=unknown`,
      'style.css': `${demo.githubUrl}/_stand-in/style.css`,
      'avatar.svg': `${demo.githubUrl}/avatars/583231.svg`,
    };
    const files = [];
    for (const lang of ['en', 'es']) {
      for (const [name, url] of Object.entries(pages)) {
        files.push(join(directory, `${lang}-${name}`));
        writeFileSync(files.at(-1), await (await fetch(url, {headers: {'Accept-Language': lang}})).text());
      }
    }
    return files;
  } finally {
    await demo.stop();
  }
}

test('the checker says nothing about any page, style and picture', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'portero-html-'));
  try {
    const files = [...written(), ...built(), ...await sent(directory)];
    assert.ok(files.includes('index.html') && files.includes('build/site/index.html') && files.length > 10, files.join());
    const bad = join(directory, 'bad.html'); // proves that the checker checks
    writeFileSync(bad, '<!doctype html><html lang="en"><title>x</title><p><div></p>');
    const run = spawnSync('java', ['-Xss8m', '-XX:TieredStopAtLevel=1', '-jar', 'tests/node_modules/vnu-jar/build/dist/vnu.jar',
      '--also-check-css', '--also-check-svg', '--format', 'json', ...files, bad], {encoding: 'utf8', timeout: 120000});
    assert.ok(run.stderr.startsWith('{'), run.stderr || String(run.error));
    const {messages} = JSON.parse(run.stderr);
    const about = ({url, lastLine, message}) => `${url.replace(/^file:(\/\/)?/, '')}:${lastLine}: ${message}`;
    assert.ok(messages.some(({url}) => url.endsWith('bad.html')), 'the checker finds the fault made for it');
    assert.deepEqual(messages.filter(({url}) => !url.endsWith('bad.html')).map(about), []);
  } finally {
    rmSync(directory, {recursive: true, force: true});
  }
});
