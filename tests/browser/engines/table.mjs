// The table engine x hosting x scenario: what each cell was, and how it came out.
import {mkdirSync, writeFileSync} from 'node:fs';
import {hostings} from './hosting.mjs';

const marks = {run: 'run', emulated: 'emul', 'not possible': '-'};
const short = {'same origin': 'same', 'sibling sub-domain': 'sibling', 'cross-site': 'cross'};

export class Table {
  constructor(scenarios, engines) {
    Object.assign(this, {scenarios, engines});
    this.cells = new Map();
    this.versions = {};
  }

  /** Notes a cell: `how` is {mark, note?}, `outcome` "passed" or "failed". */
  note(engine, hosting, scenario, how, outcome) {
    this.cells.set(`${engine}/${hosting}/${scenario}`, {...how, outcome});
  }

  /** The cells that nothing is known of. */
  missing() {
    return this.engines.flatMap((engine) => hostings.flatMap((hosting) => this.scenarios
        .map((scenario) => `${engine}/${hosting}/${scenario}`).filter((key) => !this.cells.has(key))));
  }

  text() {
    const notes = [];
    const widest = Math.max(...this.scenarios.map((name) => name.length));
    const cell = (engine, hosting, scenario) => {
      const found = this.cells.get(`${engine}/${hosting}/${scenario}`);
      if (!found) return '?';
      if (found.outcome === 'failed') return 'FAILED';
      if (!found.note) return marks[found.mark];
      const text = `${this.versions[engine]}: ${found.note}`;
      if (!notes.includes(text)) notes.push(text);
      return `${marks[found.mark]} ${notes.indexOf(text) + 1}`;
    };
    const row = (title, texts) => `${title.padEnd(widest)} |${texts.map((text, at) => ` ${text.padEnd(7)}${at % 3 === 2 ? ' |' : ''}`).join('')}\n`;
    const rows = this.scenarios.map((scenario) =>
      row(scenario, this.engines.flatMap((engine) => hostings.map((hosting) => cell(engine, hosting, scenario)))));
    const head = `${''.padEnd(widest)} |${this.engines.map((engine) => ` ${(this.versions[engine] ?? engine).padEnd(24)}|`).join('')}\n` +
        row('', this.engines.flatMap(() => hostings.map((hosting) => short[hosting])));
    const all = [...this.cells.values()];
    const count = (mark) => all.filter((one) => one.mark === mark).length;
    const sum = `${all.length} cells: ${count('run')} run, ${count('emulated')} emulated, ${count('not possible')} not possible; ` +
        `${all.filter(({outcome}) => outcome === 'failed').length} failed, ${this.missing().length} unmarked\n`;
    return head + rows.join('') + notes.map((text, at) => `${String(at + 1).padStart(2)}  ${text}\n`).join('') + sum;
  }

  write(path = 'build/engines.txt') {
    mkdirSync('build', {recursive: true});
    writeFileSync(path, this.text());
  }
}
