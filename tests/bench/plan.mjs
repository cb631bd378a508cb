// How long script/bench takes on a quiet machine, counted from the constants of its phases before anything is measured.
//   node tests/bench/plan.mjs    prints it of all, as script/bench runs it
import {pathToFileURL} from 'node:url';
import * as checks from './peers/checks.mjs';
import {dimensions} from './peers/growth.mjs';
import * as signIns from './peers/sign_ins.mjs';
import {longest} from './peers/wrk.mjs';

/** What is used unless told otherwise: rounds, seconds of a turn, and after how many sign-ins memory is looked at. */
export const defaults = {seconds: {figures: 3, peers: 2}, logins: 30000, rounds: {'checks': 3, 'sign-ins': 2, 'costs': 3, 'growth': 2}};

// What a turn takes beside its load: wrk starts, and nothing may be left under way after it.
const around = 0.3;
const turn = (seconds) => seconds + around;
// Seconds that the sign-ins which a crowd leaves behind take the slow peers together, and what those measure longer.
const leftBehind = 5;
const slow = 2.5;
const counted = 2.2;  // instructions of a check at one level, in two processes at once
const start = 0.5;    // of a peer

const sum = (values) => values.reduce((all, one) => all + one, 0);

function signInStage({delay, http2, crowds, names}, {rounds, seconds}) {
  const peers = names.length + 1;
  const round = (crowd) => {
    const least = signIns.leastOf(crowd, delay, seconds);
    const all = peers * turn(least) + (crowd === 1 ? seconds : 0);
    if (crowd < 100) return all;
    const late = http2 ? 1 : 2 * leftBehind + slow * (longest(least) - least);
    return all + peers * turn(1) + late;
  };
  return peers * (start + 2 * turn(1)) + rounds * sum(crowds.map(round));
}

/** Seconds of each section. */
const sections = {
  'figures': ({seconds, logins}) => 4 + 6 * seconds + logins / 2500,
  'checks': ({rounds, seconds}) => {
    const slowest = (group, connections) => (group === 'peers' && connections > 64 ? 4 : 0);
    const round = checks.plan.map(([group, , connections]) =>
      checks.sizes[group] * turn(checks.leastOf(connections, seconds)) + slowest(group, connections));
    return sum(Object.values(checks.sizes)) * (start + turn(1)) + rounds * sum(round);
  },
  'sign-ins': (given) => sum(signIns.stages.map((stage) => signInStage(stage, given))),
  'costs': ({rounds, seconds}) => 8 * (start + turn(Math.max(2, seconds))) + leftBehind + 8 * Math.max(5, rounds) * 0.3,
  'instructions': () => 5 * counted,
  'growth': ({rounds, seconds}) => sum(dimensions.map(({levels, figure}) =>
    levels.length * (figure === 'instructions' ? counted : 2 * start + rounds * turn(seconds)))),
};

/** Seconds that sections take: `given` are {rounds, seconds, logins} where they are not the defaults. */
export const secondsOf = (names, given = {}) => sum(names.map((name) => sections[name]({
  rounds: defaults.rounds[name], seconds: defaults.seconds[name === 'figures' ? 'figures' : 'peers'], logins: defaults.logins, ...given,
})));

/** "about 9:30 minutes" */
export const inWords = (seconds) => {
  const tens = Math.ceil(seconds / 10);
  return `about ${Math.floor(tens / 6)}:${tens % 6}0 minutes`;
};

export const all = Object.keys(sections);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(`${inWords(secondsOf(all))} on a quiet machine`);
