// Many at once while everything changes under them: sign-ins, sessions, settings and keys that are read anew, a stop.
// script/tsan runs this against a build under ThreadSanitizer.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {makeDeployment, signIn, signOut, startGithub, whoAmI} from './visitor.mjs';

const visitors = 24;
// Several people: of one person's live tokens GitHub keeps ten, and forgets the eleventh before it was used.
const people = ['583231', '1', '9007199254740991', '77000042', '150000007'];
const reloads = 8;

describe('a crowd', () => {
  const deployment = makeDeployment();
  let github;
  before(async () => (github = await startGithub(deployment)));
  after(() => deployment.close());

  test('signs in, asks who it is and signs out while settings and keys are read anew', async () => {
    const running = await deployment.serve(deployment.settings(github));
    const {port} = running;
    const visit = async (_, number) => {
      const id = people[number % people.length];
      const said = await signIn(port, await github.code({user: id}));
      assert.equal(said.status, 201, said.text);
      for (let i = 0; i < 4; ++i) assert.equal(String((await whoAmI(port, said.cookie)).body.user.id), id);
      assert.equal((await signOut(port, said.cookie)).status, 204);
    };
    const change = async () => {
      for (let i = 0; i < reloads; ++i) {
        if (i % 2 === 0) running.child.kill('SIGHUP');
        else deployment.keygen('keys.json', '--rotate');
        await running.says(new RegExp(`( reloaded [^]*){${i + 1}}`));
      }
    };
    await Promise.all([change(), ...Array.from({length: visitors}, visit)]);
    assert.equal(await running.stop(), 0, running.output());
  });
});
