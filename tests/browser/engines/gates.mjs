// gate.html where a web server shows it, at the address of a page for members: then="reload" in every engine. Page, proxy and
// web server have one origin. (What else can happen there: tests/browser/gate.test.mjs.)
import {strict as assert} from 'node:assert';
import {Deployment} from '../../deployment.mjs';
import {until} from '../../programs.mjs';
import {startFront} from '../front.mjs';

const run = {mark: 'run'};
const everywhere = {chromium: run, firefox: run, webkit: run};
const deep = '/docs/a%20b?q=1&r=%2F#part-2';

/** Starts such a web server and tells the forward proxy its name: {page, github, front, stop()}. `page` is for members. */
export async function startGate(forward) {
  const origin = 'https://members.example.org';
  const front = await startFront();
  const deployment = new Deployment();
  forward.names.set('members.example.org', front.port);
  const github = await deployment.github('--redirect-uri', `${origin}/gate.html`);
  front.internal = deployment.path('internal.sock');
  const {port} = await deployment.serve(deployment.settings(github, {origins: {[origin]: {redirect_uri: `${origin}/gate.html`}},
    internal_listen: `unix:${front.internal}`, policies: {members: {origin, allow: 'signed-in'}}}));
  front.proxy = port;
  const usual = {...front};
  return {
    page: origin + deep,
    github: github.url,
    front,
    /** As at the beginning. */
    reset: () => Object.assign(front, usual, {asked: []}),
    stop: () => Promise.all([front.stop(), deployment.close()]),
  };
}

/** Waits until the tab shows the member's page, at that address and asked for that often in all. */
async function untilIn(tab, {front, page}, url = page, asked = [401, 200]) {
  const path = new URL(url).pathname + new URL(url).search;
  const statuses = () => front.asked.filter((one) => one.path === path).map(({status}) => status);
  await until(async () => (await tab.evaluate(() => document.title).catch(() => '')) === 'For members', `${url} is shown`);
  assert.equal((await tab.look()).url, url, 'the address is the one that was asked for');
  assert.deepEqual(statuses(), asked, 'it is loaded once');
}

export const gates = [
  {
    name: 'deep link',
    how: everywhere,
    async play({hosting, visit}) {
      const {tab} = await visit();
      assert.equal((await tab.untilState('signed-out')).url, hosting.page);
      await tab.goToConsent(hosting.github);
      await tab.click('#authorize');
      await untilIn(tab, hosting);
    },
  },
  {
    name: 'second tab',
    how: everywhere,
    async play({hosting, visit}) {
      const {person, tab} = await visit();
      await tab.untilState('signed-out');
      const other = new URL('/other?x#y', hosting.page).href;
      const second = await person.open(other);
      await second.goToConsent(hosting.github);
      await second.click('#authorize');
      await untilIn(second, hosting, other);
      await tab.show();
      await untilIn(tab, hosting);
    },
  },
  {
    name: 'popup',
    how: everywhere,
    async play({hosting, visit}) {
      hosting.front.page = (html) => html.replace('<github-sign-in', '$& mode="popup"');
      const {person, tab} = await visit();
      await tab.untilState('signed-out');
      await tab.press('button');
      const popup = await person.popup();
      await popup.untilAt(hosting.github);
      await popup.click('#authorize');
      await person.untilCount(1);
      await untilIn(tab, hosting);
    },
  },
  {
    name: 'gate disagrees',
    how: everywhere,
    async play({engine, hosting, visit}) {
      hosting.front.check = async () => 401;
      const {tab} = await visit();
      await tab.goToConsent(hosting.github);
      await tab.click('#authorize');
      await tab.untilError('gate_disagrees');
      assert.equal((await tab.look()).url, hosting.page);
      await tab.shoot(`${engine.name}-gate-disagrees`);
      assert.deepEqual(hosting.front.asked.map(({status}) => status), [401, 401], 'it is loaded once');
    },
    expected: [/portero: .* was loaded right after a sign-in/],
  },
  {
    name: 'sign out, Back, reload',
    how: everywhere,
    async play({hosting, visit}) {
      const {tab} = await visit();
      await tab.goToConsent(hosting.github);
      await tab.click('#authorize');
      await untilIn(tab, hosting);
      await tab.goto(new URL('/gate.html', hosting.page).href);
      await tab.untilState('signed-in');
      await tab.signOut();
      await tab.back();
      await tab.until(({url}) => url === hosting.page, 'the address again');
      await tab.evaluate(() => void setTimeout(() => location.reload())); // Firefox's driver waits for one from bfcache for ever
      assert.equal((await tab.untilState('signed-out')).error, null);
      assert.equal((await tab.look()).url, hosting.page);
    },
  },
];
for (const gate of gates) gate.expected = [...gate.expected ?? [], /status of 401/]; // browsers say so of a page
