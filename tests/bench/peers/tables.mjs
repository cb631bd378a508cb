// The tables of the figures: as text while they are measured, as Markdown for docs/figures.md.
import {readFileSync} from 'node:fs';
import {cpus, loadavg, release} from 'node:os';
import {ratio, spread} from './rounds.mjs';

const grouped = (count) => count.toLocaleString('en');

const markdown = (head, rows) =>
  [head, ...rows].map((row) => `| ${row.join(' | ')} |`).toSpliced(1, 0, `|${'---|'.repeat(head.length)}`).join('\n');

/** A table of all levels: {level: results}. */
function leveled(name, levels) {
  const rows = Object.entries(levels)
    .flatMap(([level, results]) => rowsOf(results).map((row) => [grouped(Number(level)), ...row]));
  return markdown([name, ...columnsOf(Object.values(levels)[0])], rows);
}

const chart = (name, what) => `![${what}](figures/${name}.svg)`;

/** What docs/figures.md says of each section that was measured, each under the command that measures it. */
const chapters = {
  checks: ({machine: on, peers, policies, guards, files}) => [
    '### Session checks: `script/bench peers checks`', on,
    chart('checks', 'Session checks a second and the processor time of each, over the number of connections'),
    leveled('connections', peers), 'A small file, and a constant of its size:', leveled('connections', files),
    'The check of a policy (`GET /v1/check/NAME`), and a constant of its size:', leveled('connections', policies),
    'A page of nginx behind `auth_request`; processor time is of nginx and of whom it asks:', leveled('connections', guards),
  ],
  'sign-ins': ({machine: on, measured}) => [
    '### Sign-ins: `script/bench peers sign-ins`', on,
    ...measured.flatMap(({delay, http2, levels, added}) => [
      `GitHub answers ${delay ? `after ${delay} ms` : 'at once'}, over ${http2 ? 'HTTP/2' : 'HTTP/1.1'}:`,
      chart(`sign-ins-${delay}${http2 ? '-http2' : ''}`, 'Sign-ins a second and the processor time of each, over how many are under way'),
      leveled('at once', levels),
      ...added ? ['What a sign-in takes longer than its two calls by curl, one at a time:', markdown(addedColumns, addedRows(added))] : [],
      ...aimOf({delay, http2, levels}) ? [aimOf({delay, http2, levels})] : [],
    ]),
  ],
  costs: ({machine: on, costs}) => [
    '### Start, memory, bytes: `script/bench peers costs`', on,
    chart('costs', 'Time to the first answer, and memory after 256 sign-ins at once'),
    markdown(costColumns, costRows(costs)),
  ],
  instructions: ({place, instructions}) => [
    '### Instructions: `script/bench peers instructions`',
    markdown([`in user space, ${place}`, 'instructions'], Object.entries(instructions).map(([name, count]) => [name, grouped(count)])),
  ],
};

/** What docs/figures.md says of how cost grows: the curves alone, what they mean is beside them. */
export const growthChapter = ({machine: on, curves}) => [on, ...curves.flatMap((curve) => [
  chart(`growth-${curve.name}`, `A session check over the ${curve.unit}: ${unitOf[curve.figure]}`),
  markdown(growthColumns(curve), growthRows(curve)),
])].join('\n\n');

/** The chapters of `measured`, {section: what it found}. */
export const chaptersOf = (measured) =>
  Object.keys(chapters).filter((name) => name in measured).flatMap((name) => chapters[name](measured[name])).join('\n\n');

/** What a crowd may wait over HTTP/2 where GitHub takes its time, in a sentence; undefined: nothing is aimed at. */
export function aimOf({delay, http2, levels}) {
  if (!http2 || delay === 0) return undefined;
  const [[crowd, {portero}]] = Object.entries(levels).slice(-1);
  const p99 = words(spread(portero.map((one) => one.p99)));
  return `Two calls and 60 ms are ${2 * delay + 60} ms. The p99 of portero with ${crowd} at once is ${p99} ms.`;
}

/** The machine in a line; figures are valid where nothing else runs. */
export function machine() {
  const model = /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  const today = new Date().toISOString().slice(0, 10);
  const [kernel] = release().split('-');
  const load = loadavg()[0].toFixed(2);
  return `${today}, ${cpus().length} cores (${model}), kernel ${kernel}, Node ${process.versions.node}, load ${load} before`;
}

const digits = (value) => (value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
const number = (value) => {
  if (!Number.isFinite(value)) return '—';
  return value >= 999.5 ? grouped(Math.round(value)) : value.toFixed(digits(value));
};

/** The median, and the extremes in brackets. */
export const words = ({middle, low, high}) =>
  (low === high || Number.isNaN(middle) ? number(middle) : `${number(middle)} (${number(low)}–${number(high)})`);

/** Name and cells of each peer's row; the base of ratios is the first peer. */
export function rowsOf(results) {
  const base = Object.values(results)[0];
  return Object.entries(results).map(([name, rounds]) => {
    const figure = (key) => spread(rounds.map((one) => one[key]));
    const row = [name, words(figure('per_second')), words(ratio(rounds, base, 'per_second')), number(figure('p50').middle),
      number(figure('p99').middle), words(figure('processor')), words(ratio(rounds, base, 'processor')), number(figure('client').middle)];
    return rounds[0].stand_in === undefined ? row : [...row, number(figure('stand_in').middle)];
  });
}

/** Ratios are to the first, which is portero where it can be. */
function columnsOf(results) {
  const [base, [first]] = Object.entries(results)[0];
  const times = base === 'portero' ? '× portero' : '× the first';
  const more = first.stand_in === undefined ? [] : ['GitHub µs'];
  return ['', 'a second', times, 'p50 ms', 'p99 ms', 'processor µs', times, 'wrk µs', ...more];
}

/** Rows of what each peer's sign-in takes longer than the same calls by curl, round by round. */
export const addedRows = ({curl, ...results}) => [
  ['curl, the two calls alone', number(spread(curl.map(({p50}) => p50)).middle), ''],
  ...Object.entries(results).map(([name, rounds]) => [
    name, number(spread(rounds.map(({p50}) => p50)).middle), words(spread(rounds.map(({p50}, i) => p50 - curl[i].p50)))]),
];

export const addedColumns = ['', 'p50 ms', 'added ms'];

/** In columns as wide as they need. */
function print(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i]))).join('  '));
  console.log();
}

export function tell(title, results) {
  print([[title, ...columnsOf(results).slice(1)], ...rowsOf(results)]);
}

export const tellAdded = (title, results) => print([[title, ...addedColumns.slice(1)], ...addedRows(results)]);
export const tellCosts = (results) => print([costColumns, ...costRows(results)]);

export const tellGrowth = (curve) => print([growthColumns(curve), ...growthRows(curve)]);

export const unitOf = {instructions: 'instructions in user space', processor: 'µs of processor'};
const growthColumns = ({unit, figure}) => [unit, unitOf[figure], '× the first'];

/** A row for each level; ratios are of one round. */
export function growthRows({levels}) {
  const [base] = Object.values(levels);
  return Object.entries(levels).map(([level, rounds]) => [
    grouped(Number(level)) === 'NaN' ? level : grouped(Number(level)), words(spread(rounds)),
    words(spread(rounds.map((one, round) => one / base[round])))]);
}

/** Figures as they were written: what could not be told is null in JSON. */
export const readFigures = (text) => JSON.parse(text, (_, value) => (value === null ? NaN : value));

export const costColumns = ['', 'start ms', 'private MiB at rest', 'after 256 at once', 'files MB', 'its own MB'];

/** What each peer takes before it does anything. */
export const costRows = (results) => Object.entries(results).map(([name, {start, rest, after, files, own}]) => [
  name, words(spread(start)), number(rest / 1024), number(after / 1024), number(files / 1e6), number(own / 1e6)]);
