// script/torture: every call of each kind that one life makes fails once; of malloc's, 500 spread over the sign-in.
// Prints a table and what went wrong; ends with 1 when something did. `main.mjs KIND` tries only that kind.
import {endAll} from '../programs.mjs';
import {kinds, openTorture, spread, tryAll, tryOne} from './torture.mjs';

const torture = await openTorture();
const faults = [];
let trials = 0;
console.log('kind         calls  injected  signed in  named error  cut  ended  ok');
for (const kind of Object.keys(kinds).filter((name) => !process.argv[2] || name === process.argv[2])) {
  const {life} = await tryOne(torture, kind, 0);
  if (life.login?.status !== 201 || life.ended !== 0) throw new Error(`without a fault: ${JSON.stringify(life)}`);
  const positions = kind === 'malloc' ? spread(life.before + 1, life.after, 500) : spread(1, life.calls, Infinity);
  const done = await tryAll(torture, kind, positions);
  const count = (holds) => done.filter(holds).length;
  const wrong = done.filter((trial) => trial.wrong.length > 0);
  faults.push(...wrong);
  trials += done.length;
  console.log([kind.padEnd(12), String(life.calls).padStart(5), String(count(({life}) => life.injected > 0)).padStart(9),
    String(count(({life}) => life.login?.status === 201)).padStart(10), String(count(({life}) => life.login?.status >= 400)).padStart(12),
    String(count(({life}) => life.login?.failed)).padStart(4), String(count(({life}) => life.ended !== 0)).padStart(6),
    ` ${wrong.length === 0 ? 'yes' : `NO: ${wrong.length}`}`].join(' '));
}
await torture.close();
endAll();
for (const {life, wrong} of faults.slice(0, 40)) {
  console.log(`\n${life.kind} ${life.at} of ${life.calls}: ${wrong.join('; ')}\n  login ${life.login?.status ?? life.login?.failed} ` +
      `${life.login?.body?.code ?? ''}, session ${life.session?.status ?? life.session?.failed}, ended ${life.ended}\n` +
      life.output.trim().split('\n').slice(-4).map((line) => `  | ${line}`).join('\n'));
}
console.log(`\n${trials - faults.length} passed, ${faults.length} failed`);
process.exit(faults.length === 0 && trials > 0 ? 0 : 1);
