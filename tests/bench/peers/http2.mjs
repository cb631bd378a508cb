// The measuring GitHub over HTTP/2, which the real one speaks: Debian's nghttpx in front of it, as script/bench unpacks it.
import {freePort} from '../../programs.mjs';
import {debian, withLibraries} from './places.mjs';

/**
 * As fixedGithub() of a deployment over TLS, with HTTP/2 for those who ask for it. nghttpx ends a connection whose client has
 * reset a thousand streams; portero's libcurl resets each that was answered, so portero changes connections before.
 */
export async function http2Github(deployment, {delay = 0} = {}) {
  const github = await deployment.fixedGithub({delay});
  const {certificate, key} = deployment.certificate();
  const port = await freePort();
  const front = await deployment.start(debian('usr/sbin/nghttpx'), [
    '--conf=/dev/null', '--single-process', '--workers=1', `--frontend=127.0.0.1,${port}`, `--backend=127.0.0.1,${github.port}`,
    '--backlog=4096', '--accesslog-file=/dev/null', '--no-via', '--log-level=NOTICE', key, certificate,
  ], /\blistening\b/i, {env: withLibraries});
  const stop = async () => { await front.stop(); await github.stop(); };
  return {...front, stop, pids: [front.pid, github.pid], port, url: `https://localhost:${port}`, delay, caFile: certificate, http2: true};
}
