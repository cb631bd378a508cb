// The charts of docs/figures/, drawn by Vega-Lite from the raw figures: a chart is a description, and no browser is needed.
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {nodePeers} from './places.mjs';
import {spread} from './rounds.mjs';
import {unitOf} from './tables.mjs';

/** A row for each peer and level: medians and extremes of a figure. */
const points = (levels, figures, more = {}) => Object.entries(levels).flatMap(([level, results]) =>
  Object.entries(results).flatMap(([peer, rounds]) => figures.flatMap((figure) => {
    const {middle, low, high} = spread(rounds.map((one) => one[figure] ?? NaN));
    return middle > 0 ? [{...more, peer, level: Number(level), figure, middle, low, high}] : [];
  })));

const colour = (peers) => ({
  field: 'peer', type: 'nominal', sort: peers, title: null, scale: {scheme: 'tableau10'}, legend: {labelLimit: 300},
});

/** Lines over the number of connections, both axes logarithmic; bars are the extremes of the rounds. */
function lines(values, {title, level, unit, figure}) {
  const own = values.filter((one) => one.figure === figure);
  const ticks = [...new Set(own.map((one) => one.level))];
  const x = {
    field: 'level', type: 'quantitative', title: level, scale: {type: 'log', nice: false},
    axis: {values: ticks, format: ',d', grid: false},
  };
  const y = (field) => ({field, type: 'quantitative', title: unit, scale: {type: 'log'}, axis: {tickCount: 5, format: ',~r'}});
  const color = colour([...new Set(own.map(({peer}) => peer))]);
  return {
    title, width: 300, height: 260, data: {values: own},
    layer: [
      {mark: {type: 'line', point: true}, encoding: {x, y: y('middle'), color}},
      {mark: 'rule', encoding: {x, y: y('low'), y2: {field: 'high'}, color}},
    ],
  };
}

const bars = (values, {title, unit}) => ({
  title, width: 300, height: {step: 22}, data: {values},
  mark: 'bar',
  encoding: {
    y: {field: 'peer', type: 'nominal', sort: null, title: null},
    x: {field: 'value', type: 'quantitative', title: unit, axis: {tickCount: 5}},
    color: {...colour([...new Set(values.map(({peer}) => peer))]), legend: null},
  },
});

/** One curve of growth: lines over a number, bars over what is none. From nothing, so that what is flat looks flat. */
function curve({unit, figure, levels}) {
  const values = Object.entries(levels).map(([level, rounds]) => ({level, number: Number(level), ...spread(rounds)}));
  const numeric = values.every(({number}) => !Number.isNaN(number));
  const x = numeric ?
    {field: 'number', type: 'quantitative', title: unit, scale: {type: 'log', nice: false},
      axis: {values: values.map(({number}) => number), format: ',d', grid: false}} :
    {field: 'level', type: 'nominal', sort: null, title: unit, axis: {labelAngle: 0}};
  const y = (field) => ({field, type: 'quantitative', title: unitOf[figure], scale: {zero: true}, axis: {tickCount: 5, format: ',~r'}});
  const mark = numeric ? {type: 'line', point: true} : {type: 'bar', width: {band: 0.5}};
  return {
    width: 420, height: 180, data: {values},
    layer: [{mark, encoding: {x, y: y('middle')}}, {mark: 'rule', encoding: {x, y: y('low'), y2: {field: 'high'}}}],
  };
}

function chartsOf({checks, 'sign-ins': signIns, costs, growth}) {
  const charts = {};
  for (const one of growth?.curves ?? []) charts[`growth-${one.name}`] = [curve(one)];
  if (checks) {
    const values = points(checks.peers, ['per_second', 'processor']);
    const level = 'connections';
    charts.checks = [
      lines(values, {title: 'Session checks a second', level, unit: 'a second', figure: 'per_second'}),
      lines(values, {title: 'Processor time of a check', level, unit: 'µs', figure: 'processor'}),
    ];
  }
  for (const {delay, http2, levels} of signIns?.measured ?? []) {
    const values = points(levels, ['per_second', 'processor']);
    const [level, where] = ['at once', `GitHub ${delay ? `after ${delay} ms a call` : 'at once'}${http2 ? ', HTTP/2' : ''}`];
    charts[`sign-ins-${delay}${http2 ? '-http2' : ''}`] = [
      lines(values, {title: `Sign-ins a second, ${where}`, level, unit: 'a second', figure: 'per_second'}),
      lines(values, {title: 'Processor time of a sign-in', level, unit: 'µs', figure: 'processor'}),
    ];
  }
  if (costs) {
    const of = (value) => Object.entries(costs.costs).map(([peer, one]) => ({peer, value: value(one)}));
    charts.costs = [
      bars(of(({start}) => spread(start).middle), {title: 'From start to the first answer', unit: 'ms'}),
      bars(of(({after}) => after / 1024), {title: 'Private memory after 256 at once', unit: 'MiB'}),
    ];
  }
  return charts;
}

/** Draws what was measured into `directory`: the names of the files. */
export async function draw(measured, directory) {
  const require = createRequire(join(nodePeers, 'package.json'));
  const [vega, vegaLite] = [require('vega'), require('vega-lite')];
  const names = [];
  for (const [name, hconcat] of Object.entries(chartsOf(measured))) {
    const described = {hconcat, background: 'white', config: {font: 'sans-serif'}, resolve: {scale: {color: 'shared'}}};
    const view = new vega.View(vega.parse(vegaLite.compile(described).spec), {renderer: 'none'});
    writeFileSync(join(directory, `${name}.svg`), `${await view.toSVG()}\n`);
    names.push(`${name}.svg`);
  }
  return names;
}
