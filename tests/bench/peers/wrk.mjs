// wrk, a load generator of Debian's, as script/bench unpacks it: one thread of it, some connections, some seconds.
import {join} from 'node:path';
import {debian, here, withLibraries} from './places.mjs';
import {family, processorSeconds} from './processes.mjs';

/** Seconds of the user and system times that bash's `times` prints of its children, its last line. */
function childSeconds(text) {
  const [, ...all] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(text).map(Number);
  return all[0] * 60 + all[1] + all[2] * 60 + all[3];
}

/** Seconds in which a slow peer answers three times what is under way: not less than `least`, and not for ever. */
export const longest = (least) => 2 * least;
export const longEnough = (least, connections, processor) =>
  Math.min(longest(least), Math.max(least, Math.ceil(3 * connections * (processor || 0) / 1e6)));

/**
 * Asks `peer` as `plan` says: {path, headers, script, args}. What a request took in microseconds of processor is of the
 * peer (all its processes, and those of a peer that it `asks`), of what is `beside` it (the measuring GitHub's processes) and of
 * wrk itself. NaN is what cannot be told: nothing was answered in time, or the processor was hardly used.
 */
export async function wrk(deployment, peer, {path, headers = {}, script = 'report.lua', args = []}, {connections, seconds, beside}) {
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const command = [debian('usr/bin/wrk'), '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', ...flags,
    '-s', join(here, script), `http://127.0.0.1:${peer.port}${path}`, ...args.length > 0 ? ['--', ...args] : []];
  const pids = [peer, ...peer.asks ? [peer.asks] : []].flatMap(({pid}) => family(pid));
  const [own, other] = [processorSeconds(pids), beside ? processorSeconds(beside) : 0];
  const {gone, output} = deployment.launch('bash', ['-c', '"$@"; times', '-', ...command], {env: withLibraries});
  await gone;
  const line = /^\{.*\}$/m.exec(output());
  if (!line) throw new Error(`${peer.name}: wrk said:\n${output()}`);
  const said = JSON.parse(line[0]);
  const each = (all) => all / said.requests * 1e6;
  const counted = (all) => (all < 0.1 ? NaN : each(all));  // the system counts in steps of 10 ms
  const result = {
    connections,
    requests: said.requests,
    per_second: said.requests / (said.microseconds / 1e6),
    p50: said.requests ? said.p50 / 1000 : NaN,
    p99: said.requests ? said.p99 / 1000 : NaN,
    bytes: said.bytes / said.requests,
    closed: said.closed,
    processor: counted(processorSeconds(pids) - own),
    stand_in: beside ? counted(processorSeconds(beside) - other) : undefined,
    client: each(childSeconds(output())),
  };
  if (said.failed > 0 || (said.closed > 0 && !peer.closes)) {
    throw new Error(`${peer.name}: of ${said.requests} ${said.failed} failed, ${said.closed} were not answered: ${output()}`);
  }
  return result;
}
