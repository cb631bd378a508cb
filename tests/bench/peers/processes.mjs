// What the system says of a peer: of all its processes, since some have several.
import {readFileSync, readdirSync, statSync} from 'node:fs';
import {sleep} from '../../programs.mjs';

function parents() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      return [[Number(pid), Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ')[1])]];
    } catch {
      return [];  // it ended meanwhile
    }
  });
}

/** A process and all that it started, and they. */
export function family(pid) {
  const all = parents();
  const found = [pid];
  for (const one of found) found.push(...all.filter(([, parent]) => parent === one).map(([child]) => child));
  return found;
}

/** Seconds of processor time that processes have had. */
export const processorSeconds = (pids) => pids.reduce((sum, pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
  return sum + (Number(fields[11]) + Number(fields[12])) / 100;
}, 0);

/** Waits until processes have nothing more to do: what a load left under way must not disturb the next. */
export async function settle(pids) {
  let before;
  for (let tries = 0, now; tries < 200 && (now = processorSeconds(pids)) !== before; ++tries) {
    before = now;
    await sleep(60);
  }
}

/** The files that processes have mapped: {path: bytes}. Libraries and modules, read or not. */
export function mappedFiles(pids) {
  const paths = pids.flatMap((pid) => readFileSync(`/proc/${pid}/maps`, 'utf8').match(/ \/\S+$/gm) ?? []).map((path) => path.trim());
  return Object.fromEntries([...new Set(paths)].flatMap((path) => {
    const file = statSync(path, {throwIfNoEntry: false});
    return file?.isFile() ? [[path, file.size]] : [];
  }));
}
