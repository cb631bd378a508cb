// A reporter for node's test runner: failures in full, one JSON line a test into the file named by
// PORTERO_RESULTS, for run.mjs to add up. Suites are not counted, only what asserts.
import {appendFileSync} from 'node:fs';

export default async function* report(source) {
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const {name, details, skip, todo} = event.data;
    if (details.type === 'suite' || name.endsWith('.mjs')) {
      // A file that could not even be loaded has no test of its own to fail.
      const broken = event.type === 'test:fail' && name.endsWith('.mjs') &&
          details.error?.failureType !== 'subtestsFailed';
      if (!broken) continue;
    }
    const outcome = event.type === 'test:fail' ? 'failed' : skip !== undefined || todo !== undefined ? 'skipped' : 'passed';
    appendFileSync(process.env.PORTERO_RESULTS,
        JSON.stringify({name, outcome, seconds: details.duration_ms / 1000}) + '\n');
    if (outcome === 'failed') {
      const error = details.error?.cause ?? details.error;
      yield `FAILED ${name}\n${error?.stack ?? error}\n`;
    }
  }
}
