// script/bench peers: portero beside what people use instead, in one run and in interleaved rounds. Prints each table as it
// is measured and leaves the raw figures in build/peers/results, one file a section.
//   node tests/bench/peers/main.mjs [SECTION...] [--rounds N] [--seconds N] [--write]
// Without a section it measures all but growth, which script/bench growth names.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {LoadedDeployment} from '../loaded_deployment.mjs';
import {defaults, inWords, secondsOf} from '../plan.mjs';
import {draw} from './charts.mjs';
import {checks} from './checks.mjs';
import {costs} from './costs.mjs';
import {growth} from './growth.mjs';
import {instructions} from './instructions.mjs';
import {endMasters} from './masters.mjs';
import {results} from './places.mjs';
import {signIns} from './sign_ins.mjs';
import * as tables from './tables.mjs';

const peers = {checks, 'sign-ins': signIns, costs, instructions};
const sections = {...peers, growth};
const given = {rounds: undefined, seconds: defaults.seconds.peers, build: 'build/release', write: false, sections: []};
for (let words = process.argv.slice(2); words.length > 0;) {
  const word = words.shift();
  const name = word.replace(/^--/, '');
  if (word === '--write') given.write = true;
  else if (word in sections) given.sections.push(word);
  else if (word.startsWith('--') && typeof given[name] !== 'object' && name in given && words.length > 0) {
    given[name] = name === 'build' ? words.shift() : Number(words.shift());
  } else {
    console.error(`usage: script/bench peers [${Object.keys(peers).join('|')}]... [--rounds N] [--seconds N] [--write]
       script/bench growth [--rounds N] [--seconds N] [--write]`);
    process.exit(2);
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`bench: the peers' packages need Node 20.19 or newer, and this is ${process.versions.node}.`);
  process.exit(1);
}
// Stopped by hand, it still ends what it started.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
mkdirSync(results, {recursive: true});
const names = given.sections.length > 0 ? given.sections : Object.keys(peers);
const {rounds, seconds} = given;
console.log(`${tables.machine()}\n${names.join(', ')}: ${inWords(secondsOf(names, {seconds, ...rounds && {rounds}}))}\n`);
for (const name of names) {
  const deployment = new LoadedDeployment(given.build);
  try {
    const machine = tables.machine();
    const measured = await sections[name](deployment, {...given, rounds: rounds ?? defaults.rounds[name], ...tables});
    writeFileSync(join(results, `${name}.json`), JSON.stringify({machine, ...measured}, null, 1));
  } finally {
    endMasters();
    await deployment.close();
  }
}

/** All that is in build/peers/results into docs/: tables between two comments of figures.md, and charts. */
async function write() {
  const files = Object.keys(sections).map((name) => [name, join(results, `${name}.json`)]).filter(([, path]) => existsSync(path));
  const measured = Object.fromEntries(files.map(([name, path]) => [name, tables.readFigures(readFileSync(path, 'utf8'))]));
  let page = readFileSync('docs/figures.md', 'utf8');
  const chapters = {peers: tables.chaptersOf(measured), growth: measured.growth && tables.growthChapter(measured.growth)};
  for (const [name, text] of Object.entries(chapters)) {
    const [begin, end] = [`<!-- script/bench ${name} --write -->`, '<!-- to here -->'];
    const from = page.indexOf(begin) + begin.length;
    const to = page.indexOf(end, from);
    if (!page.includes(begin) || to < 0) throw new Error(`docs/figures.md does not have ${begin} and ${end}`);
    if (text) page = `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`;
  }
  writeFileSync('docs/figures.md', page);
  mkdirSync('docs/figures', {recursive: true});
  await draw(measured, 'docs/figures');
}
if (given.write) await write();
