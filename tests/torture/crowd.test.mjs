// Many at once while everything changes under them: sign-ins, sessions, settings and keys that are read anew, a stop.
// script/tsan runs this against a build under ThreadSanitizer.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import {consent, endAll, makePlace, portero, signIn, signOut, startGithub, startPortero, whoAmI} from './stage.mjs';

const visitors = 24;
// Several people: of one person's live tokens GitHub keeps ten, and forgets the eleventh before it was used.
const people = ['583231', '1', '9007199254740991', '77000042', '150000007'];
const reloads = 8;

describe('a crowd', () => {
  let github;
  let place;
  before(async () => {
    github = await startGithub();
    place = makePlace(github);
  });
  after(() => {
    endAll();
    place?.remove();
  });

  test('signs in, asks who it is and signs out while settings and keys are read anew', async () => {
    const running = startPortero(place);
    const port = await running.port();
    const visit = async (_, number) => {
      const id = people[number % people.length];
      const said = await signIn(port, await consent(github, id));
      assert.equal(said.status, 201, said.text);
      for (let i = 0; i < 4; ++i) assert.equal(String((await whoAmI(port, said.cookie)).body.user.id), id);
      assert.equal((await signOut(port, said.cookie)).status, 204);
    };
    const change = async () => {
      for (let i = 0; i < reloads; ++i) {
        if (i % 2 === 0) running.child.kill('SIGHUP');
        else assert.equal(spawnSync(portero, ['keygen', place.keys, '--rotate']).status, 0);
        await running.says(new RegExp(`( reloaded [^]*){${i + 1}}`));
      }
    };
    await Promise.all([change(), ...Array.from({length: visitors}, visit)]);
    assert.equal(await running.stop(), 0, running.output());
  });
});
