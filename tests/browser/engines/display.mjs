// What WebKitGTK needs around it: a display without a screen (Xvfb) and, for each session, a driver of its own. Whatever
// was started ends with this process.
import {spawn} from 'node:child_process';
import {freePort, until} from '../../programs.mjs';
import {command} from './webdriver.mjs';

function begin(program, args, options) {
  const child = spawn(program, args, options);
  const end = () => child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** Xvfb chooses a free display and writes its number to the descriptor it is given. */
export async function startDisplay() {
  const child = begin(
      'Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {stdio: ['ignore', 'ignore', 'pipe', 'pipe']});
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const number = await new Promise((resolve, reject) => {
    child.stdio[3].once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Xvfb did not start: ${said}`)));
  });
  return {child, name: `:${number}`};
}

async function startDriver(display) {
  const port = await freePort();
  const child = begin('WebKitWebDriver', [`--port=${port}`], {stdio: 'ignore', env: {...process.env,
    DISPLAY: display, WAYLAND_DISPLAY: '', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1', GSETTINGS_BACKEND: 'memory',
    GIO_USE_NETWORK_MONITOR: 'base'}});  // a machine without a network is not offline for loopback
  let ended;
  child.once('error', (error) => (ended = error));
  child.once('exit', (code) => (ended ??= new Error(`WebKitWebDriver ended with ${code}`)));
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(() => {
      if (ended) throw ended;
      return command(url, 'GET', '/status').then(() => true, () => false);
    }, 'WebKitWebDriver answered');
  } catch (error) {
    child.kill();
    throw error;
  }
  return {child, url};
}

/** A session, which is a browser, and its driver: {driver, url, version}. Now and then the two miss each other: once more. */
export async function startSession(display, alwaysMatch, tries = 2) {
  const {child: driver, url} = await startDriver(display);
  try {
    const {sessionId, capabilities} = await command(url, 'POST', '/session', {capabilities: {alwaysMatch}});
    return {driver, url: `${url}/session/${sessionId}`, version: capabilities.browserVersion};
  } catch (error) {
    driver.kill();
    if (tries < 2) throw error;
    return startSession(display, alwaysMatch, tries - 1);
  }
}
