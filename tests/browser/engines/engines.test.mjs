// Three engines x three hostings x fifteen scenarios: every cell is a test, and the table of them is printed by
// script/test and kept in build/engines.txt. The engines run side by side, each engine's cells one after the other.
import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {digest} from '../../../web/npm/sri.mjs';
import {sleep} from '../../programs.mjs';
import {startChromium} from './chromium.mjs';
import {startFirefox} from './firefox.mjs';
import {Forward} from './forward.mjs';
import {gates, startGate} from './gates.mjs';
import {hostings, startHosting} from './hosting.mjs';
import {policies, popups} from './popups.mjs';
import {scenarios} from './scenarios.mjs';
import {Table} from './table.mjs';
import {startWebkit} from './webkit.mjs';

const starters = {chromium: startChromium, firefox: startFirefox, webkit: startWebkit};
const only = process.env.PORTERO_ENGINES?.split(',') ?? Object.keys(starters);
const table = new Table('', {scenarios, engines: only,
  columns: {'same origin': 'same', 'sibling sub-domain': 'sibling', 'cross-site': 'cross'}});
const popupTable = new Table(
    'popup, page with COOP', {scenarios: popups, engines: only, columns: {'no opener policy': 'none', 'same-origin': 'same-or'}});
const gateTable = new Table('in place of a page', {scenarios: gates, engines: only, columns: {gate: 'gate'}});
const tables = [table, popupTable, gateTable];

/** Plays one cell; closes whatever it opened. */
async function play(scenario, engine, hosting) {
  const people = new Set();
  const visit = async (kind = {}, page = hosting.page) => {
    const person = await engine.person(kind);
    people.add(person);
    return {person, tab: await person.open(page)};
  };
  const leave = async (person) => {
    people.delete(person);
    assert.deepEqual(person.complaints(scenario.expected), [], 'the console is quiet');
    await person.close();
  };
  try {
    await scenario.play({engine, hosting, visit, leave});
    for (const person of people) await leave(person);
  } catch (error) {
    const tabs = [...people].flatMap((person) => person.tabs);
    await Promise.all(tabs.map(
        (tab, at) => tab.shoot(`failed-${engine.name}-${hosting.kind}-${scenario.name}-${at}`.replaceAll(' ', '-')).catch(() => {})));
    throw error;
  } finally {
    for (const person of people) await person.close().catch(() => {});
  }
}

/** WebKit's replaceSync() added rules where it should have replaced them, and the button stayed unseen. */
const earlyStyle = {
  name: 'early style',
  async play({hosting: {pace}, visit}) {
    let styled;
    const style = new Promise((resolve) => (styled = resolve));
    const usual = pace.before;
    pace.before = (file) => {
      if (file === 'web/github-sign-in.css') styled();
      if (file === 'web/page.js') return style.then(() => sleep(300));  // the parser stands still before the element
    };
    try {
      const {tab} = await visit();
      await tab.there('[part~="button"]');
    } finally {
      pace.before = usual;
    }
  },
};

/** Firefox takes no import map after the first module: the page's own modules died of ours, unless its map came first. */
const importMaps = {
  name: 'import maps',
  async play({hosting: {pace, headers}, visit}) {
    const [map, module] = ['{"imports":{"words":"/web/es.js"}}', "import words from 'words'; window.words = words.signIn;"];
    const own = `<script type="importmap">${map}</script><script type="module">${module}</script>`;
    const [usual, policy] = [pace.page, headers['content-security-policy']];
    const hashes = [map, module].map((text) => `'${digest('sha256', text)}'`).join(' ');
    headers['content-security-policy'] = policy.replace(/script-src 'self'/, `$& ${hashes}`);
    const places = {
      'in front': '<script src="web/portero.js">',
      'right behind portero.js': '<script src="web/page.js"',
      'at the end of the head': '</head>',
      'at the end of the page': '</body>',
    };
    try {
      for (const [where, mark] of Object.entries(places)) {
        pace.page = (html) => usual(html).replace(/<link rel="modulepreload".*>/, '').replace(mark, `${own}$&`);
        const {tab} = await visit();
        await tab.untilState('signed-out');
        assert.equal(await tab.evaluate(() => window.words), 'Entrar con GitHub', where);
      }
    } finally {
      pace.page = usual;
      headers['content-security-policy'] = policy;
    }
  },
};

/** Makes a cell's test, and notes how it came out. */
function cell(into, {engine, column, scenario}, play) {
  const how = scenario.how[engine][column] ?? scenario.how[engine];
  if (how.mark === 'not possible') return void into.note(engine, column, scenario.name, how, 'passed');
  test(`${engine}, ${column}: ${into === popupTable ? 'popup: ' : ''}${scenario.name} (${how.mark})`, {timeout: 120000}, async () => {
    into.note(engine, column, scenario.name, how, 'failed');
    await play();
    into.note(engine, column, scenario.name, how, 'passed');
  });
}

describe('Engines', {concurrency: 3}, () => {
  for (const name of only) {
    describe(name, {concurrency: 1}, () => {
      const places = new Map();
      let forward;
      let engine;
      let broken;

      before(async () => {
        try {
          forward = await Forward.start();
          engine = await starters[name](forward);
          for (const one of tables) one.versions[name] = engine.version;
          for (const kind of hostings) places.set(kind, await startHosting(kind, forward));
          places.set('gate', await startGate(forward));
        } catch (error) {
          broken = error;  // each cell says so
        }
      }, {timeout: 180000});
      after(async () => {
        await engine?.stop();
        for (const place of places.values()) await place.stop();
        forward?.stop();
      });
      const on = (kind, scenario) => {
        if (broken) throw new Error(`${name} did not start: ${broken.message}`);
        return play(scenario, engine, places.get(kind));
      };

      for (const kind of hostings) {
        for (const scenario of scenarios) {
          cell(table, {engine: name, column: kind, scenario}, () => on(kind, scenario));
        }
      }
      for (const policy of policies) {
        for (const scenario of popups) {
          cell(popupTable, {engine: name, column: policy, scenario}, async () => {
            const {headers = {}} = places.get('sibling sub-domain') ?? {};
            headers['cross-origin-opener-policy'] = policy === 'same-origin' ? policy : 'unsafe-none';
            await on('sibling sub-domain', scenario);
          });
        }
      }

      for (const scenario of gates) {
        cell(gateTable, {engine: name, column: 'gate', scenario}, async () => {
          places.get('gate')?.reset();
          await on('gate', scenario);
        });
      }

      test(`${name}: a style that came before the element was made dresses it`, {timeout: 60000},
          () => on('sibling sub-domain', earlyStyle));
      test(`${name}: a page's own import map counts, wherever it stands`, {timeout: 60000}, () => on('sibling sub-domain', importMaps));
    });
  }
});

test('every cell of the tables is marked', () => assert.deepEqual(tables.flatMap((one) => one.missing()), []));

after(() => {
  mkdirSync('build', {recursive: true});
  writeFileSync('build/engines.txt', tables.map((one) => one.text()).join('\n'));
});
