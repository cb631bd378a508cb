// A web server whose pages are for members: before it gives one out it asks whether the visitor may see it, and answers 401
// with gate.html, or 403 with denied.html, at the visitor's own address. What those pages need is open to all, at exact paths.
import {existsSync, readFileSync} from 'node:fs';
import {createServer, request as ask} from 'node:http';
import {extname, join} from 'node:path';

const types = {'.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm'};
const site = 'build/site';
const open = /^\/(gate\.html|portero\.wasm|web\/[\w.-]+)$/;

/** What portero says to a web server that asks on its internal listener, a socket: 200, 401, 403. */
export const askCheck = async (socketPath, policy, {cookie = ''}) => {
  const answer = await new Promise((resolve, reject) => {
    ask({socketPath, path: `/v1/check/${policy}`, headers: {cookie}}, resolve).on('error', reject).end();
  });
  answer.resume();
  return answer.statusCode;
};

/**
 * Starts one: {port, asked, stop()}. `proxy` is the port that answers /v1/, `internal` the socket of the internal listener; they are to
 * be set. `policies` are the policy of each path's beginning, the first that fits; `check(request)` asks for that one, unless
 * another is set. `page(html)` changes gate.html and denied.html. `cache` may be `true`, one in front that keeps whatever is not
 * `no-store`, or `rude`, one that keeps everything. `asked` are the members' pages that were asked for: {path, status}.
 */
export async function startFront() {
  const cached = new Map();
  const front = {
    asked: [],
    headers: {},
    cache: undefined,
    policies: {'/': 'members'},
    page: (html) => html,
    check({url, headers}) {
      const [, policy] = Object.entries(front.policies).find(([beginning]) => url.startsWith(beginning));
      return askCheck(front.internal, policy, headers);
    },
  };
  const answers = {
    200: () => ['<!doctype html><html lang="en"><title>For members</title><h1>For members</h1>',
      {'cache-control': 'private, no-cache', vary: 'Cookie'}],
    401: () => [front.page(readFileSync(join(site, 'gate.html'), 'utf8')), {'cache-control': 'no-store'}],
    403: () => [front.page(readFileSync(join(site, 'denied.html'), 'utf8')), {'cache-control': 'no-store'}],
  };
  const members = async (request) => {
    const status = await front.check(request);
    front.asked.push({path: request.url, status});
    const [body, more] = answers[status]();
    return {status, body, headers: {'content-type': types['.html'], ...front.headers, ...more}};
  };
  const answer = async (request, response) => {
    const {pathname} = new URL(request.url, 'http://front');
    if (pathname.startsWith('/v1/')) {
      const further = ask({host: '127.0.0.1', port: front.proxy, method: request.method, path: request.url, headers: request.headers},
          (reply) => reply.pipe(response.writeHead(reply.statusCode, reply.rawHeaders)));
      further.on('error', () => response.writeHead(502).end());
      return request.pipe(further);
    }
    if (open.test(pathname)) {
      const file = join(site, pathname);
      if (!existsSync(file)) return response.writeHead(404).end();
      const body = readFileSync(file, pathname === '/gate.html' ? 'utf8' : undefined);
      response.writeHead(200, {'content-type': types[extname(pathname)], 'cache-control': 'no-cache', ...front.headers});
      return response.end(pathname === '/gate.html' ? front.page(body) : body);
    }
    const {status, body, headers: sent} = front.cache && cached.get(request.url) || await members(request);
    const kept = front.cache === 'rude' || front.cache && !/no-store|private/.test(sent['cache-control']);
    if (kept) cached.set(request.url, {status, body, headers: sent});
    response.writeHead(status, sent).end(body);
  };
  const server = createServer((request, response) =>
    answer(request, response).catch((error) => response.writeHead(500).end(String(error))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(front, {port: server.address().port, stop: () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  })});
}
