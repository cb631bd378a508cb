// The element as people expect one: attributes that are properties, slots, events, several on a page, a script that
// comes late or twice or never, other languages, other people's frames. The page's own policy is tested elsewhere.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDemo} from '../deployment.mjs';
import {hostSite, press, shoot, shown, signIn, startBrowser, untilState, useVisitors} from './harness.mjs';

const standard = '<meta name="referrer" content="no-referrer"><script src="web/portero.js"></script>';
const openVisitor = useVisitors();
let demo;
let site;
let html = '';
let chromium;

before(async () => {
  // A host whose page each test writes itself; the proxy is beside it, same-site.
  site = await hostSite({page: () => html});
  demo = await startDemo('--origin', `http://127.0.0.1:${site.port}`);
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await demo?.stop();
  await site?.stop();
});

const tag = (attributes = '', inside = '') => `<github-sign-in proxy="${demo.url}" ${attributes}>${inside}</github-sign-in>`;

/** Opens a page with that body; `prepare` sees the tab before the page does. */
async function visit(body, {head = standard, lang = 'en', prepare} = {}) {
  html = `<!doctype html><html lang="${lang}"><head>${head}<link rel="icon" href="data:,"><title>page</title></head><body>${
      body}</body></html>`;
  const visitor = await openVisitor(chromium.browser);
  await prepare?.(visitor.page);
  await visitor.page.goto(`http://127.0.0.1:${site.port}/`);
  return visitor;
}

const untilStates = (page, ...wanted) => page.waitForFunction((text) =>
  [...document.querySelectorAll('github-sign-in')].map((one) => one.getAttribute('state')).join() === text, {}, wanted.join());

const addScript = (page) => page.evaluate(() => {
  const script = document.createElement('script');
  script.src = 'web/portero.js';
  document.head.append(script);
});

/** What the part shows to a person, or null where it is hidden. */
const partText = (page, part) => page.$eval('github-sign-in', (element, name) => {
  const found = element.shadowRoot.querySelector(`[part~="${name}"]`);
  return found.checkVisibility() ? found.innerText.trim() : null;
}, part);

const properties = [
  ['proxy', 'proxy'], ['mode', 'mode'], ['return-to', 'returnTo'], ['scope', 'scope'], ['login-hint', 'loginHint'],
  ['prompt', 'prompt'], ['allow-signup', 'allowSignup'],
];
test('each attribute is a property, both ways', async () => {
  const {page} = await visit(tag());
  await untilState(page, 'signed-out');
  const seen = await page.evaluate((names) => {
    const element = document.createElement('github-sign-in');
    return names.map(([attribute, property]) => {
      const none = element[property];
      element[property] = 'by-property';
      const written = element.getAttribute(attribute);
      element.setAttribute(attribute, 'by-attribute');
      const read = element[property];
      element[property] = '';
      return [none, written, read, element.hasAttribute(attribute)];
    });
  }, properties);
  assert.equal(seen.length, 7);
  for (const one of seen) assert.deepEqual(one, ['', 'by-property', 'by-attribute', false]);
});

test('the options of the tag reach GitHub', async () => {
  const {page, record} = await visit(tag('scope="read:org" login-hint="ada" prompt="select_account" allow-signup="false"'));
  await untilState(page, 'signed-out');
  await Promise.all([page.waitForNavigation(), press(page, 'button')]);
  const asked = new URL(record.requests.find(({url}) => url.includes('/login/oauth/authorize')).url).searchParams;
  assert.deepEqual(
      ['scope', 'login', 'prompt', 'allow_signup'].map((name) => asked.get(name)), ['read:org', 'ada', 'select_account', 'false']);
});

test('a script that comes late finds the tag, and what was set on it before', async () => {
  const {page} = await visit('<github-sign-in></github-sign-in>', {head: '<meta name="referrer" content="no-referrer">'});
  await page.$eval('github-sign-in', (element, proxy) => (element.proxy = proxy), demo.url);
  await addScript(page);
  await untilState(page, 'signed-out');
  assert.equal(await page.$eval('github-sign-in', (element) => element.getAttribute('proxy')), demo.url);
});

test('a script that comes twice does its work once', async () => {
  const {page, record} = await visit(tag(), {head: standard + '<script src="web/portero.js"></script>'});
  await addScript(page);
  await signIn(page);
  assert.equal(record.requests.filter(({method, url}) => method === 'POST' && url.endsWith('/v1/session')).length, 1);
  assert.deepEqual(record.console, []);
});

test('several on a page are one: what happens in one is seen in all, and asked once', async () => {
  const {page, record} = await visit(tag() + tag());
  await untilStates(page, 'signed-out', 'signed-out');
  assert.equal(record.requests.filter(({method, url}) => method === 'GET' && url.endsWith('/v1/session')).length, 1);
  await signIn(page);
  await untilStates(page, 'signed-in', 'signed-in');
  await press(page, 'sign-out');
  await untilStates(page, 'signed-out', 'signed-out');
});

test('two proxies on one page are a mistake with a name, until one of them goes: proxy_conflict', async () => {
  const {page} = await visit(tag() + '<github-sign-in id="second" proxy="https://elsewhere.example"></github-sign-in>');
  await untilStates(page, 'signed-out', 'error');
  assert.equal(await page.$eval('#second', (element) => element.error.code), 'proxy_conflict');
  await page.$eval('#second', (element, proxy) => (element.proxy = proxy), demo.url);
  await untilStates(page, 'signed-out', 'signed-out');
});

test('events say who, bubble out of shadows, and come once for each change', async () => {
  const {page} = await visit(tag(), {prepare: (tab) => tab.evaluateOnNewDocument(() => {
    window.seen = [];
    for (const type of ['signed-in', 'signed-out', 'error']) {
      addEventListener(`github-sign-in:${type}`, ({detail, composed}) => window.seen.push([type, detail.user?.login ?? null, composed]));
    }
  })});
  await signIn(page);
  const {login} = await page.$eval('github-sign-in', (element) => element.user);
  await page.waitForFunction(() => window.seen.length);
  assert.deepEqual(await page.evaluate(() => window.seen), [['signed-in', login, true]]);
  await press(page, 'sign-out');
  await untilState(page, 'signed-out');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})));
  await page.waitForNetworkIdle({idleTime: 100});
  assert.deepEqual((await page.evaluate(() => window.seen)).slice(1), [['signed-out', null, true]]);
});

test('an event named change comes with each of them, for templates that cannot name a colon; who listens late hears it, too', async () => {
  const {page} = await visit(tag());
  await untilState(page, 'signed-out');
  const heard = await page.evaluate((proxy) => new Promise((resolve) => {
    const late = document.createElement('github-sign-in');
    late.proxy = proxy; // its client knows already
    document.body.append(late);
    const all = [];
    for (const type of ['github-sign-in:signed-out', 'change']) {
      document.body.addEventListener(type, ({target, composed}) =>
        all.push([type, target === late, target.state, composed]) === 2 && resolve(all));
    }
  }), demo.url);
  assert.deepEqual(heard, [['github-sign-in:signed-out', true, 'signed-out', true], ['change', true, 'signed-out', false]]);
  await page.evaluate(() => {
    window.states = [];
    document.addEventListener('change', ({target}) => window.states.push(`${target.state} ${target.error?.code}`));
  });
  await page.$eval('github-sign-in', (element) => element.signIn({scope: 7}).catch(() => {}));
  await page.waitForFunction(() => window.states.length === 2);
  assert.deepEqual(await page.evaluate(() => window.states), Array(2).fill('error option_invalid'));
});

/** Holds what the page asks the proxy until `release()`. */
function holdCalls() {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  return {release, prepare: async (tab) => {
    await tab.setRequestInterception(true);
    tab.on('request', async (request) => {
      if (request.url().includes('/v1/')) await released;
      request.continue().catch(() => {}); // the page may be gone
    });
  }};
}

test('while it is starting the tag is as its markup was: no state, whatever a server or a cache wrote there', async () => {
  const {release, prepare} = holdCalls();
  const {page} = await visit(tag('id="a"') + tag('id="b" state="signed-in"'), {prepare});
  await page.waitForFunction(() => document.querySelector('#b').shadowRoot);
  assert.deepEqual(await page.$$eval('github-sign-in', (all) => all.map((one) => [one.state, one.getAttributeNames().join()])),
      [['starting', 'proxy,id'], ['starting', 'proxy,id']]);
  release();
  await untilStates(page, 'signed-out', 'signed-out');
});

test('the state is written again when what compares a page with its markup took it away, or wrote another', async () => {
  const {page} = await visit(tag());
  await untilState(page, 'signed-out');
  const after = () => page.$eval('github-sign-in', (element) => [
    () => element.removeAttribute('state'), () => element.toggleAttribute('state'), () => element.setAttribute('state', 'signed-in'),
    () => element.setAttribute('state', ''), () => element.attributes.removeNamedItem('state'),
  ].map((change) => (change(), element.getAttribute('state'))));
  assert.deepEqual(await after(), Array(5).fill('signed-out'));
  await signIn(page);
  assert.deepEqual(await after(), Array(5).fill('signed-in'));
  assert.equal(await page.$eval('github-sign-in', (element) => (element.remove(), element.removeAttribute('state'),
      document.body.append(element), element.getAttribute('state'))), 'signed-in');
});

const steps = {
  'set a step after the tag was put in': (one, proxy) => {
    document.body.append(one);
    one.proxy = proxy;
  },
  'set as an attribute, after another': (one, proxy) => {
    one.setAttribute('proxy', 'https://elsewhere.example');
    document.body.append(one);
    one.setAttribute('proxy', `${proxy}wrong/`);
    one.setAttribute('proxy', proxy);
  },
  'of the tag that stays, while another came and went': (one, proxy) => {
    document.body.append(document.createElement('github-sign-in'), one);
    document.querySelector('github-sign-in').remove();
    one.proxy = proxy;
  },
};
for (const [which, step] of Object.entries(steps)) {
  test(`the proxy that is asked is the one ${which}: no other is, now or later`, async () => {
    const {page, record} = await visit('');
    await page.waitForFunction(() => customElements.get('github-sign-in'));
    await page.evaluate(`(${step})(document.createElement('github-sign-in'), ${JSON.stringify(demo.url)})`);
    await untilState(page, 'signed-out');
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
      dispatchEvent(new Event('online'));
      new BroadcastChannel('portero').postMessage(1);
    });
    await page.waitForNetworkIdle({idleTime: 200});
    const asked = record.requests.map(({url}) => url).filter((url) => url.includes('/v1/'));
    assert.deepEqual(asked.filter((url) => !/^[^]*\/v1\/(config|session)$/.test(url) || !url.startsWith(`${demo.url}v1/`)), []);
    assert.ok(asked.length >= 2);
  });
}

test('a tag that is back in use asks what it could not while nobody used it', async () => {
  const {page, record} = await visit('');
  await page.waitForFunction(() => customElements.get('github-sign-in'));
  await page.evaluate((proxy) => {
    window.kept = document.createElement('github-sign-in');
    window.kept.proxy = proxy;
    document.body.append(window.kept);
    window.kept.remove();
  }, demo.url);
  await page.waitForNetworkIdle({idleTime: 200});
  assert.deepEqual(record.requests.filter(({url}) => url.includes('/v1/')), []);
  await page.evaluate(() => document.body.append(window.kept));
  await untilState(page, 'signed-out');
});

test('a site puts its own mark and words into the button, and its own colours', async () => {
  const {page} = await visit('<style>github-sign-in { --github-sign-in-accent: rgb(1, 2, 3); --github-sign-in-radius: 17px }</style>' +
    tag('', '<svg slot="mark" viewBox="0 0 1 1"></svg><span slot="label">Come in</span>'));
  await untilState(page, 'signed-out');
  const button = await page.waitForSelector('github-sign-in >>> [part~="button"]', {visible: true});
  const look = await button.evaluate((node) => {
    const {backgroundColor, borderTopLeftRadius} = getComputedStyle(node);
    const slotted = [...node.querySelectorAll('slot')].map((slot) => slot.assignedElements()[0]?.tagName.toLowerCase());
    return {backgroundColor, borderTopLeftRadius, slotted};
  });
  assert.deepEqual(look, {backgroundColor: 'rgb(1, 2, 3)', borderTopLeftRadius: '17px', slotted: ['svg', 'span']});
});

const readers = [
  ['the page is in Spanish', 'es', ['en-US'], 'Entrar con GitHub'],
  ['the page is in a Spanish of the Americas', 'es-419', ['en-US'], 'Entrar con GitHub'],
  ['the page says nothing and the browser prefers Spanish', '', ['es-ES', 'en'], 'Entrar con GitHub'],
  ['the page is in English and the browser prefers Spanish', 'en', ['es-ES'], 'Sign in with GitHub'],
  ['nobody speaks a language there is', '', ['fi', 'tlh'], 'Sign in with GitHub'],
];
for (const [when, lang, languages, words] of readers) {
  test(`When ${when} the button says «${words}»`, async () => {
    const {page, record} = await visit(tag(), {lang, prepare: (tab) => tab.evaluateOnNewDocument((wanted) =>
      Object.defineProperty(Navigator.prototype, 'languages', {get: () => wanted}), languages)});
    await untilState(page, 'signed-out');
    assert.equal(await partText(page, 'button'), words);
    assert.equal(record.requests.some(({url}) => url.endsWith('/es.js')), words.startsWith('Entrar'), 'only its readers load it');
    assert.equal(
        await page.$eval('github-sign-in', (element) => element.shadowRoot.firstChild.lang), words.startsWith('Entrar') ? 'es' : 'en');
  });
}

test('a page in Spanish says nothing in English while its words are on their way', async () => {
  let arrives;
  const released = new Promise((resolve) => (arrives = resolve));
  const {page} = await visit(tag(), {lang: 'es', prepare: async (tab) => {
    await tab.setRequestInterception(true);
    tab.on('request', async (request) => {
      if (request.url().endsWith('/es.js')) await released;
      request.continue();
    });
  }});
  await page.waitForFunction(() => document.querySelector('github-sign-in').state === 'signed-out');
  assert.equal(await shown(page), '');
  arrives();
  await untilState(page, 'signed-out');
  assert.equal(await partText(page, 'button'), 'Entrar con GitHub');
});

for (const comes of [true, false]) {
  test(`the sentences of errors are loaded with the first error, ${comes ? 'and said once they are there' : 'or the last one is said'}`,
      async () => {
    let go;
    const released = new Promise((resolve) => (go = resolve));
    const {page, record} = await visit(tag(), {prepare: async (tab) => {
      await tab.setRequestInterception(true);
      tab.on('request', async (request) => {
        if (!request.url().endsWith('/trouble.js')) return request.continue();
        await released;
        if (comes) request.continue();
        else request.abort();
      });
    }});
    await untilState(page, 'signed-out');
    assert.ok(!record.requests.some(({url}) => url.endsWith('/trouble.js')));
    await page.goto(`${page.url()}?code=abcdefabcdef&state=portero.${'A'.repeat(43)}`);
    await page.waitForFunction(() => document.querySelector('github-sign-in').state === 'error');
    assert.doesNotMatch(await shown(page), /wrong|another browser/);
    go();
    await untilState(page, 'error');
    assert.equal(await partText(page, 'message'), comes ? 'You started in another browser or tab. Sign in here again.' :
      'Something went wrong on our side. Try again in a minute.');
  });
}

test('the language follows the tag’s own lang at once, and a site adds one of its own', async () => {
  const {page} = await visit(tag());
  await untilState(page, 'signed-out');
  await page.evaluate(async () => {
    const {languages} = await import('/web/index.js');
    languages.pt = {...languages.en, signIn: 'Entrar com o GitHub'};
    document.querySelector('github-sign-in').lang = 'pt-BR';
  });
  assert.equal(await partText(page, 'button'), 'Entrar com o GitHub');
});

test('without JavaScript the page says so, and where help is', async () => {
  const visitor = await openVisitor(chromium.browser);
  await visitor.page.setJavaScriptEnabled(false);
  await visitor.page.goto(demo.url);
  const text = await visitor.page.$eval('main', (main) => main.textContent);
  assert.match(text, /Signing in needs JavaScript/);
  assert.ok(await visitor.page.$('noscript a[href="#help"]') && await visitor.page.$('#help'));
  const links = await visitor.page.$$eval('.try a', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent));
  assert.deepEqual(links, ['What to do'], 'one link, and no empty room');
  assert.equal(await visitor.page.$eval('github-sign-in', (element) => element.checkVisibility()), false);
  await shoot(visitor.page, 'no-javascript');
});

test('inside another site’s page it offers to open the page on its own', async () => {
  const {page} = await visit(tag());
  const inner = `http://127.0.0.1:${site.port}/`;
  const outer = await hostSite({
    page: () => `<!doctype html><html lang="en"><title>another site</title><iframe title="framed" src="${
        inner}" width="500" height="300"></iframe>`
  });
  try {
    await page.goto(`http://localhost:${outer.port}/`);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame.waitForFunction(() => document.querySelector('github-sign-in')?.getAttribute('state') === 'signed-out');
    const link = await frame.waitForSelector('github-sign-in >>> a[part~="link"]');
    assert.deepEqual(await link.evaluate((a) => [a.checkVisibility(), a.href, a.target, a.rel]), [true, inner, '_blank', 'noopener']);
    assert.match(
        await frame.$eval('github-sign-in', (element) => element.shadowRoot.querySelector('[part~=message]').textContent),
        /inside another page/);
    await shoot(page, 'framed');
  } finally {
    await outer.stop();
  }
});

test('an avatar that failed to load stays away at the next change', async () => {
  const {page} = await visit(tag());
  await signIn(page);
  const shows = () => page.$eval('github-sign-in', (element) => element.shadowRoot.querySelector('img').checkVisibility());
  assert.equal(await shows(), true);
  await page.$eval('github-sign-in', (element) => {
    element.shadowRoot.querySelector('img').dispatchEvent(new Event('error'));
    element.lang = 'es';
  });
  await page.waitForFunction(() => document.querySelector('github-sign-in').shadowRoot.querySelector('[lang=es]'));
  assert.equal(await shows(), false);
});

test('what can be pressed is at least 44 pixels high, and the sentence stands in line with it', async () => {
  const {page} = await visit(tag());
  const measure = () => page.$eval('github-sign-in', ({shadowRoot}) => [...shadowRoot.querySelectorAll('[part]')]
    .filter((one) => one.checkVisibility()).map((one) => ({part: one.getAttribute('part'), ...one.getBoundingClientRect().toJSON()})));
  await untilState(page, 'signed-out');
  const parts = Object.fromEntries((await measure()).map((one) => [one.part, one]));
  assert.equal(parts.message.left, parts.button.left);
  await signIn(page);
  await press(page, 'user');
  const pressed = [parts.button, ...(await measure()).filter(({part}) => /^(user|item .*)$/.test(part))];
  assert.equal(pressed.length, 6);
  for (const {part, height} of pressed) assert.ok(height >= 44, `${part}: ${height}`);
});

test('the menu leads to another account, to the profile, and to what the app may do', async () => {
  const {page} = await visit(tag());
  await signIn(page);
  const {login} = await page.$eval('github-sign-in', (element) => element.user);
  await press(page, 'user');
  const items = await page.$eval(
      'github-sign-in',
      (element) => [...element.shadowRoot.querySelectorAll('[role=menuitem]')].map(
          (item) => [item.textContent, item.href ? new URL(item.href).pathname : '']));
  assert.deepEqual(items.map(([text]) => text), ['Your profile at GitHub', 'Manage access at GitHub', 'Use another account', 'Sign out'],
      'what ends something comes last');
  assert.match(items[1][1], /^\/settings\/connections\/applications\/.+/);
  for (const path of [items[0][1], items[1][1]]) assert.equal((await fetch(new URL(path, demo.githubUrl))).status, 200, path);
  await shoot(page, 'menu');
  await page.keyboard.press('Escape');
  await Promise.all([page.waitForNavigation(), press(page, 'other-account')]);
  assert.equal(new URL(page.url()).searchParams.get('prompt'), 'select_account');
  await page.evaluate((old) => document.querySelector(`input[name=user]:not([data-login="${old}"])`).click(), login);
  await Promise.all([page.waitForNavigation(), page.click('#authorize')]);
  await untilState(page, 'signed-in');
  assert.notEqual(await page.$eval('github-sign-in', (element) => element.user.login), login);
});

test('somebody who changes their mind about another account stays who they are', async () => {
  const {page} = await visit(tag());
  await signIn(page);
  const before = await shown(page);
  await Promise.all([page.waitForNavigation(), press(page, 'other-account')]);
  await Promise.all([page.waitForNavigation(), page.click('#cancel')]);
  await untilState(page, 'signed-in');
  assert.equal(await shown(page), before);
});
