// Where page and proxy live: on one origin, on sibling sub-domains, on two sites. The page's own server is portero itself
// or a plain static host that sends the same policy and lets the page speak to its proxy.
import {startDemo} from '../../deployment.mjs';
import {freePort} from '../../programs.mjs';
import {hostSite} from '../harness.mjs';

export const hostings = ['same origin', 'sibling sub-domain', 'cross-site'];

// Page and proxy by names that the forward proxy knows, so that cookies, site boundaries and secure contexts are those of
// the real web. (Below `localhost` WebKit's network library takes siblings for two sites.)
const names = {
  https: {
    'same origin': ['page.example.org', 'page.example.org'],
    'sibling sub-domain': ['page.example.com', 'auth.example.com'],
    'cross-site': ['page.example.net', 'auth.example.edu'],
  },
  http: {
    'same origin': ['page.one.test', 'page.one.test'],
    'sibling sub-domain': ['page.two.test', 'auth.two.test'],
    'cross-site': ['page.three.test', 'auth.other.test'],
  },
};

/** The policy that portero sends with a page, read once. */
let policy;
async function pagePolicy() {
  if (!policy) {
    const demo = await startDemo();
    policy = (await fetch(demo.url)).headers.get('content-security-policy').replace(/(img-src 'self')[^;]*/, '$1');
    await demo.stop();
  }
  return policy;
}

/**
 * Starts one and tells the forward proxy its names: {kind, carry, page, github, headers, pace, hits(what), kill(), revive(), stop()}.
 * `page` is the address to visit, `github` the stand-in's, `headers` go with each file of the static host from now on,
 * each when `pace.before(name)` is done, and `pace.page` changes its HTML.
 */
export async function startHosting(kind, forward, scheme = 'https') {
  const [pageName, proxyName] = names[scheme][kind];
  const [page, proxy] = [pageName, proxyName].map((name) => `${scheme}://${name}`);
  const [port, githubPort] = [await freePort(), await freePort()];
  const pace = {before: () => {}, page: (html) => html};
  const headers = {'referrer-policy': 'no-referrer', 'cache-control': 'no-cache'};
  forward.names.set(proxyName, port);
  let site;
  if (proxy !== page) {
    headers['content-security-policy'] = (await pagePolicy()).replace("connect-src 'self'", `$& ${proxy}`)
        .replace("img-src 'self'", `$& http://127.0.0.1:${githubPort}`);
    site = await hostSite({page: (html) => pace.page(html.replace('<github-sign-in proxy=""', `<github-sign-in proxy="${proxy}"`)), headers,
      before: (name) => pace.before(name)});
    forward.names.set(pageName, site.port);
  }
  const begin = () =>
      startDemo('--listen', `127.0.0.1:${port}`, '--stand-in-port', `${githubPort}`, '--origin', page, '--public-url', proxy);
  let demo = await begin();
  return {
    kind,
    /** How the session is carried there. */
    carry: kind === 'cross-site' ? 'key' : 'cookie',
    page: `${page}/`,
    github: demo.githubUrl,
    headers,
    pace,
    /** How often the stand-in was asked for `what`. */
    async hits(what) {
      return (await demo.github('state')).hits[what] ?? 0;
    },
    kill: () => demo.stop('SIGKILL'),
    async revive() {
      demo = await begin();
    },
    async stop() {
      await demo.stop();
      await site?.stop();
    },
  };
}
