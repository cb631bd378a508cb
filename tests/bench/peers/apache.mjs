// Apache as a peer, with mod_auth_openidc.
import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import {freePort} from '../../programs.mjs';
import {fromPage} from '../../wire.mjs';
import {layOut, startMaster} from './masters.mjs';
import {debian, nodePeers, withLibraries} from './places.mjs';
import {browse, knows} from './visits.mjs';

/** The command that starts Apache on `port`, which takes `provider`'s word for who somebody is; and its log. */
function layOutApache(deployment, port, provider) {
  const own = layOut(deployment, 'apache.conf', {
    MODULES: debian('usr/lib/apache2/modules'), OPENIDC: debian('usr/lib/apache2/modules/mod_auth_openidc.so'),
    PROVIDER: provider, SECRET: randomBytes(32).toString('hex'), PORT: port,
  });
  return {command: debian('usr/sbin/apache2'), args: ['-D', 'FOREGROUND', '-f', join(own, 'apache.conf')], log: join(own, 'error.log')};
}

/** Apache with mod_auth_openidc, and a visitor signed in at a provider of ours: the module knows no GitHub. */
export async function startApache(deployment) {
  const provider = await deployment.start(process.execPath, [join(nodePeers, 'provider.mjs')], /^port (\d+)$/m);
  const port = await freePort();
  const {command, args, log} = layOutApache(deployment, port, provider.match[1]);
  const program = await startMaster(deployment, command, args, /resuming normal operations/, {env: withLibraries, log});
  const renewed = async () => ({path: '/v1/session?info=json', headers: {...fromPage, Cookie: await browse(port, '/signed-in')}});
  // It closes kept connections now and then when many workers are busy. A minute after a session began it seals it again with
  // each answer, so that what is measured begins with a new one.
  return knows({...program, name: 'Apache, mod_auth_openidc', port, closes: true, check: await renewed(), renewed});
}

/** The same without a visitor, on `port`, without waiting for it. */
export function launchApache(deployment, port) {
  const {command, args} = layOutApache(deployment, port, 1);
  return deployment.launch(command, args, {env: withLibraries});
}
