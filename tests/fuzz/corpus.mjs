// A fuzz target's corpus is one text, corpus/NAME.txt: a line an input. libFuzzer reads and writes folders instead.
//   node tests/fuzz/corpus.mjs unpack NAME DIRECTORY          each input as a file, as libFuzzer takes them
//   node tests/fuzz/corpus.mjs add NAME FILE_OR_DIRECTORY...  these join the corpus: a finding, once it is fixed
//   node tests/fuzz/corpus.mjs pack NAME DIRECTORY            these become the corpus: a minimised one
// The form: printable ASCII is as it is, a backslash \\, else \n, \r, \t or \xNN; the last space of a line is \x20. A line
// that begins with # is a comment (an input that does begins with \x23), an empty one is nothing: libFuzzer tries
// the empty input by itself. replay_main.cpp reads the same form.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {argv} from 'node:process';
import {fileURLToPath} from 'node:url';

const folder = fileURLToPath(new URL('corpus', import.meta.url));
const letters = {'\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t'};
const bytesOf = {'\\': 0x5c, 'n': 0x0a, 'r': 0x0d, 't': 0x09};

const hex = (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** The line that stands for these bytes: there is one. */
export const lineOf = (bytes) => bytes.toString('latin1').replace(/[^ -[\]-~]|^#| $/g, (char) => letters[char] ?? hex(char));

/** The bytes that a line stands for. Throws on a line that is not of the form. */
export function inputOf(line) {
  const pieces = line.match(/[ -[\]-~]|\\[\\nrt]|\\x[0-9a-f]{2}/g) ?? [];
  if (pieces.join('') !== line) throw new Error(`not a line of a corpus: ${line}`);
  return Buffer.from(pieces.map((piece) => {
    if (piece.length === 1) return piece.charCodeAt(0);
    return piece.length === 2 ? bytesOf[piece[1]] : parseInt(piece.slice(2), 16);
  }));
}

/** What corpora there are: their names. */
export const names = () => readdirSync(folder).filter((name) => name.endsWith('.txt')).map((name) => name.slice(0, -4)).sort();

const isInput = (line) => line !== '' && !line.startsWith('#');

/** The lines of a corpus, comments too. */
export function linesOf(name) {
  const path = join(folder, `${name}.txt`);
  return existsSync(path) ? readFileSync(path, 'latin1').split('\n').slice(0, -1) : [];
}

/** The inputs of a corpus, in the order of its lines. */
export const inputsOf = (name) => linesOf(name).filter(isInput).map(inputOf);

const files = (paths) => paths.flatMap((path) =>
  (statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]));

/** Lines that are kept stay where they are, with their comments; new ones come behind, short ones first. */
function write(name, inputs, keepsAll) {
  const wanted = new Set(inputs.filter(({length}) => length > 0).map(lineOf));
  const kept = linesOf(name).filter((line) => keepsAll || !isInput(line) || wanted.has(line));
  const added = [...wanted].filter((line) => !kept.includes(line))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  writeFileSync(join(folder, `${name}.txt`), [...kept, ...added].map((line) => `${line}\n`).join(''));
}

const modes = {
  unpack(name, directory) {
    mkdirSync(directory, {recursive: true});
    for (const input of inputsOf(name)) writeFileSync(join(directory, createHash('sha1').update(input).digest('hex')), input);
  },
  add: (name, ...paths) => write(name, files(paths).map((path) => readFileSync(path)), true),
  pack: (name, directory) => write(name, files([directory]).map((path) => readFileSync(path)), false),
};

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [mode, name, ...paths] = argv.slice(2);
  if (!modes[mode] || !/^\w+$/.test(name ?? '') || paths.length === 0) {
    console.error('usage: corpus.mjs unpack|pack NAME DIRECTORY, corpus.mjs add NAME FILE_OR_DIRECTORY...');
    process.exit(2);
  }
  modes[mode](name, ...paths);
}
