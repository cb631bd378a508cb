// Every state the element can be in and how a visitor gets there; the tests of quality look at each.
import {hostSite, openPage} from '../harness.mjs';

export const ada = {
  id: '583231', login: 'ada-page', name: 'Ada Page', avatar_url: null, html_url: 'https://github.com/ada-page', email: null};

const signedIn = async (stage) => {
  stage.answer('session', 200, {user: {...ada, avatar_url: `${stage.demo.githubUrl}/avatars/583231.svg`}});
  await stage.visit();
  await stage.until('signed-in');
  // The menu's last link is known when the settings have come, too.
  await stage.page.waitForFunction(() => document.querySelector('github-sign-in').client.manage);
};

/** name -> brings a fresh stage there. */
export const states = {
  async 'starting'(stage) {
    stage.hold('config', 'session');
    await stage.visit();
    await stage.until('starting');
  },
  async 'signed-out'(stage) {
    await stage.visit();
    await stage.until('signed-out');
  },
  async 'busy'(stage) {
    stage.hold('POST session');
    await states['signed-out'](stage);
    await stage.goThroughGitHub();
    await stage.until('busy');
  },
  async 'busy with a popup'(stage) {
    await states['signed-out'](stage);
    await stage.element((element) => element.setAttribute('mode', 'popup'));
    await stage.press('button');
    await stage.until('busy');
    await stage.page.bringToFront();
    await stage.part('cancel');
  },
  'signed-in': signedIn,
  async 'menu open'(stage) {
    await signedIn(stage);
    await stage.press('user');
    await stage.part('menu');
  },
  async 'error'(stage) {
    await states['signed-out'](stage);
    await stage.fail('access_denied');
  },
  async 'error that may pass'(stage) {
    stage.answer('config', 503, {code: 'overloaded', retry_after: 30});
    stage.answer('session', 503, {code: 'overloaded', retry_after: 30});
    await stage.visit();
    await stage.until('error');
  },
};

/** The page inside a page of another origin: {page (the frame's), stop()}. */
export async function frame({chromium}, {lang = 'en'} = {}) {
  const inner = await hostSite();
  const outer = await hostSite({page: () => `<!doctype html><html lang="en"><title>Another site</title>
    <iframe title="portero" src="http://localhost:${inner.port}/?lang=${lang}" width="100%" height="700"></iframe></html>`});
  const {page, context} = await openPage(chromium.browser);
  await page.goto(`http://127.0.0.1:${outer.port}/`);
  const within = await page.waitForFrame((one) => one.url().includes(`localhost:${inner.port}`));
  await within.waitForSelector('github-sign-in[state=signed-out] >>> [part~=link]', {visible: true});
  return {
    page,
    frame: within,
    async stop() {
      await context.close();
      await Promise.all([inner.stop(), outer.stop()]);
    },
  };
}
