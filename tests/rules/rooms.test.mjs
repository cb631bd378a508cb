// Who may include whom: the table in CONTRIBUTING, checked against every #include of wasm/ and proxy/. A room includes
// only rooms that stand above it in that table, so there is no circle and no arrow upward.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'wasm', 'proxy'], {encoding: 'utf8'})
    .split('\n').filter((name) => /\.(cpp|h)$/.test(name) && existsSync(name));

/** "proxy/gate/cors.h" -> "proxy/gate/"; what lies at the top of proxy/ is the program: "proxy/". */
const roomOf = (path) => path.slice(0, path.lastIndexOf('/') + 1);
const unitOf = (path) => path.slice(0, path.lastIndexOf('.'));
const includesOf = (path) => [...readFileSync(path, 'utf8').matchAll(/^#include "((?:wasm|proxy)\/[^"]+)"/gm)]
    .map(([, included]) => included);

const table = readFileSync('CONTRIBUTING.md', 'utf8').split('\n')
    .map((line) => /^\| `((?:wasm|proxy)\/[a-z]*\/?)` \| may include: (.*?) \|/.exec(line)).filter(Boolean)
    .map(([, room, allowed]) => ({room, allowed: [...allowed.matchAll(/`([^`]+)`/g)].map(([, name]) => name)}));

/** The longest way down from each node; throws at a circle. */
function floors(nodes, below) {
  const floor = new Map();
  const visit = (node, path) => {
    if (path.includes(node)) throw new Error(`a circle: ${[...path, node].join(' -> ')}`);
    if (!floor.has(node)) floor.set(node, 1 + Math.max(0, ...below(node).map((next) => visit(next, [...path, node]))));
    return floor.get(node);
  };
  for (const node of nodes) visit(node, []);
  return floor;
}

test('every room stands in the table of CONTRIBUTING', () => {
  assert.deepEqual([...new Set(sources.map(roomOf))].sort(), table.map(({room}) => room).sort());
});

test('a room includes only what its line allows', () => {
  const allowed = new Map(table.map(({room, allowed}) => [room, allowed]));
  const broken = sources.flatMap((path) => includesOf(path)
      .filter((included) => roomOf(included) !== roomOf(path) && !allowed.get(roomOf(path)).includes(roomOf(included)))
      .map((included) => `${path} includes ${included}`));
  assert.deepEqual(broken, []);
});

test('no line of the table points at itself or at a line below it', () => {
  const place = new Map(table.map(({room}, index) => [room, index]));
  for (const {room, allowed} of table) {
    for (const other of allowed) assert.ok(place.get(other) < place.get(room), `${room} -> ${other}`);
  }
});

test('no circle among the sources, and at most ten floors of rooms and files of the program', () => {
  const units = new Map();
  for (const path of sources) {
    const below = units.get(unitOf(path)) ?? new Set();
    for (const included of includesOf(path)) if (unitOf(included) !== unitOf(path)) below.add(unitOf(included));
    units.set(unitOf(path), below);
  }
  floors(units.keys(), (unit) => [...units.get(unit) ?? []]);
  const boxOf = (unit) => roomOf(unit) === 'proxy/' ? unit : roomOf(unit);
  const boxes = new Map();
  for (const [unit, below] of units) {
    const box = boxes.get(boxOf(unit)) ?? new Set();
    for (const next of below) if (boxOf(next) !== boxOf(unit)) box.add(boxOf(next));
    boxes.set(boxOf(unit), box);
  }
  const highest = Math.max(...floors(boxes.keys(), (box) => [...boxes.get(box) ?? []]).values());
  assert.ok(highest <= 10, `${highest} floors`);
});

test('nothing lies at the top of proxy/ but the program itself', () => {
  const loose = new Set(sources.filter((path) => roomOf(path) === 'proxy/').map((path) => unitOf(path).slice('proxy/'.length)));
  assert.deepEqual([...loose].sort(), ['command_line', 'hardening', 'health', 'load', 'main', 'reload', 'reloader', 'serve', 'snapshot',
    'systemd', 'version']);
});

test('every source of proxy/ has a header of its own name', () => {
  const alone = sources.filter((path) =>
    /^proxy\/.*\.cpp$/.test(path) && path !== 'proxy/main.cpp' && !sources.includes(`${unitOf(path)}.h`));
  assert.deepEqual(alone, []);
});
