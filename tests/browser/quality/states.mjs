// Every state the element can be in and how a visitor gets there; the tests of quality look at each.
import {hostSite, openPage} from '../harness.mjs';

export const ada = {
  id: '583231', login: 'ada-page', name: 'Ada Page', avatar_url: null, html_url: 'https://github.com/ada-page', email: null};

const signedIn = async (visitor) => {
  visitor.answer('session', 200, {user: {...ada, avatar_url: `${visitor.demo.githubUrl}/avatars/583231.svg`}});
  await visitor.visit();
  await visitor.until('signed-in');
  // The menu's last link is known when the settings have come, too.
  await visitor.page.waitForFunction(() => document.querySelector('github-sign-in').client.manage);
};

/** name -> brings a fresh visitor there. */
export const states = {
  async 'starting'(visitor) {
    visitor.hold('config', 'session');
    await visitor.visit();
    await visitor.until('starting');
  },
  async 'signed-out'(visitor) {
    await visitor.visit();
    await visitor.until('signed-out');
  },
  async 'busy'(visitor) {
    visitor.hold('POST session');
    await states['signed-out'](visitor);
    await visitor.goThroughGitHub();
    await visitor.until('busy');
  },
  async 'busy with a popup'(visitor) {
    await states['signed-out'](visitor);
    await visitor.element((element) => element.setAttribute('mode', 'popup'));
    await visitor.press('button');
    await visitor.until('busy');
    await visitor.page.bringToFront();
    await visitor.part('cancel');
  },
  'signed-in': signedIn,
  async 'menu open'(visitor) {
    await signedIn(visitor);
    await visitor.press('user');
    await visitor.part('menu');
  },
  async 'error'(visitor) {
    await states['signed-out'](visitor);
    await visitor.fail('access_denied');
  },
  async 'error that may pass'(visitor) {
    visitor.answer('config', 503, {code: 'overloaded', retry_after: 30});
    visitor.answer('session', 503, {code: 'overloaded', retry_after: 30});
    await visitor.visit();
    await visitor.until('error');
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
