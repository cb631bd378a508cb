// Servers that are several processes, nginx and Apache: laid out in a folder of their own, ended with all that they started.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {here} from './places.mjs';
import {family} from './processes.mjs';

const masters = new Set();
/** Ends servers that have processes of their own: a master that is killed leaves them. */
export function endMasters() {
  for (const pid of [...masters].flatMap(family)) process.kill(pid, 'SIGKILL');
  masters.clear();
}
process.prependListener('exit', endMasters);

/** As Deployment's start(), for a server with processes of its own. */
export async function startMaster(deployment, command, args, pattern, options) {
  const program = deployment.launch(command, args, options);
  masters.add(program.pid);
  program.gone.then(() => masters.delete(program.pid));
  await program.says(pattern);
  return program;
}

let folders = 0;

/** A new folder with the file `name` of servers/, its words in capitals replaced; OWN is the folder. */
export function layOut(deployment, name, words) {
  const own = deployment.path(`${name}-${++folders}`);
  mkdirSync(own);
  const text = Object.entries({...words, OWN: own})
    .reduce((filled, [word, value]) => filled.replaceAll(word, value), readFileSync(join(here, 'servers', name), 'utf8'));
  writeFileSync(join(own, name), text);
  return own;
}
