// script/frameworks: each site is built, served as files and signed into. Prints a table; ends with 1 when one failed.
// `main.mjs WORD` runs those with WORD in their name.
import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {startChromium} from '../browser/engines/chromium.mjs';
import {startFirefox} from '../browser/engines/firefox.mjs';
import {Forward} from '../browser/engines/forward.mjs';
import {startDemo} from '../deployment.mjs';
import {endAll, freePort} from '../programs.mjs';
import {cases} from './cases.mjs';
import {host} from './host.mjs';
import {buildSite, layOut} from './make.mjs';
import {visit} from './visit.mjs';

const word = process.argv[2] ?? '';
const starters = {chromium: startChromium, firefox: startFirefox};
mkdirSync('build/frameworks', {recursive: true});
const forward = await Forward.start();
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const demo = await startDemo('--origin', origin);
const proxy = demo.url.replace(/\/$/, '');
const served = await host(port);
const running = {};
const engine = async (name) => (running[name] ??= await starters[name](forward));

const built = new Map();
/** Builds a site once; what went wrong then goes wrong for each of its cases. */
function make(name) {
  if (!built.has(name)) {
    let place;
    let error;
    try {
      place = layOut(name, proxy);
      buildSite(place);
    } catch (thrown) {
      error = thrown;
    }
    built.set(name, {place, error});
  }
  const {place, error} = built.get(name);
  if (error) throw error;
  return place;
}

/** Goes the visitor's way, and the case's own after it. */
async function visitIn(browser, one) {
  served.folder = join(make(one.site), one.out);
  served.headers = one.headers ?? {};
  served.asked = [];
  const person = await (await engine(browser)).person();
  try {
    const tab = await visit(person, {
      origin, first: '/', second: '/second/', soft: false, ...one, github: demo.githubUrl, asked: served.asked});
    await one.then?.({tab, origin, person});
    assert.deepEqual(person.complaints(one.allowed), [], 'the console is quiet');
  } finally {
    await person.close().catch(() => {});
  }
}

const results = [];
for (const one of cases) {
  for (const browser of one.browsers ?? ['']) {
    const name = [one.name, browser].filter(Boolean).join(', ');
    if (!name.includes(word)) continue;
    const begin = performance.now();
    let error;
    try {
      await (browser ? visitIn(browser, one) : one.run({layOut, proxy}));
    } catch (thrown) {
      error = thrown;
    }
    results.push({name, error});
    console.log(`${name.padEnd(64)} ${(performance.now() - begin).toFixed(0).padStart(8)} ms  ${error ? 'NO' : 'yes'}`);
    if (error) console.log(`${error.stack ?? error}`.replace(/^/gm, '  | '));
  }
}
await Promise.all(Object.values(running).map((one) => one.stop().catch(() => {})));
await served.stop();
await demo.stop();
forward.stop();
endAll();
const failed = results.filter(({error}) => error).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && results.length > 0 ? 0 : 1);
