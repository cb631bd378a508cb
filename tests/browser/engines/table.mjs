// The table engine x hosting x scenario: what each cell was, and how it came out.

const marks = {run: 'run', emulated: 'emul', 'not possible': '-'};

export class Table {
  /** `columns`: what stands over the cells of each engine, by its full name. */
  constructor(title, {scenarios, engines, columns}) {
    Object.assign(this, {title, engines, columns, scenarios: scenarios.map(({name}) => name)});
    this.cells = new Map();
    this.versions = {};
  }

  /** Notes a cell: `how` is {mark, note?}, `outcome` "passed" or "failed". */
  note(engine, column, scenario, how, outcome) {
    this.cells.set(`${engine}/${column}/${scenario}`, {...how, outcome});
  }

  /** One of each engine x column x scenario. */
  each(make) {
    return this.engines.flatMap((engine) => Object.keys(this.columns).map((column) => make(engine, column)));
  }

  /** The cells that nothing is known of. */
  missing() {
    return this.each((engine, column) => this.scenarios.map((scenario) => `${engine}/${column}/${scenario}`)).flat()
        .filter((key) => !this.cells.has(key));
  }

  text() {
    const notes = [];
    const cell = (engine, column, scenario) => {
      const found = this.cells.get(`${engine}/${column}/${scenario}`);
      if (!found) return '?';
      if (found.outcome === 'failed') return 'FAILED';
      if (!found.note) return marks[found.mark];
      const text = `${this.versions[engine]}, ${scenario}: ${found.note}`;
      if (!notes.includes(text)) notes.push(text);
      return `${marks[found.mark]} ${notes.indexOf(text) + 1}`;
    };
    const widest = Math.max(this.title.length, ...this.scenarios.map((name) => name.length));
    const across = Object.keys(this.columns).length;
    const row = (title, texts) =>
        `${title.padEnd(widest)} |${texts.map((text, at) => ` ${text.padEnd(7)}${at % across === across - 1 ? ' |' : ''}`).join('')}\n`;
    const all = [...this.cells.values()];
    const count = (mark) => all.filter((one) => one.mark === mark).length;
    return [
      `${this.title.padEnd(widest)} |${
          this.engines.map((engine) => ` ${(this.versions[engine] ?? engine).padEnd(8 * across)}|`).join('')}\n`,
      row('', this.each((_, column) => this.columns[column])),
      ...this.scenarios.map((scenario) => row(scenario, this.each((engine, column) => cell(engine, column, scenario)))),
      ...notes.map((text, at) => `${String(at + 1).padStart(2)}  ${text}\n`),
      `${all.length} cells: ${count('run')} run, ${count('emulated')} emulated, ${count('not possible')} not possible; ` +
          `${all.filter(({outcome}) => outcome === 'failed').length} failed, ${this.missing().length} unmarked\n`,
    ].join('');
  }
}
