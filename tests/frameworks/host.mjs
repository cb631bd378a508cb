// A static host as most are: a folder's index.html, /page for page.html, a slash behind a folder's name, the query kept. It
// keeps what it was asked for, and from where.
import {createReadStream, existsSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';

const types = {'.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm', '.json': 'application/json', '.ico': 'image/x-icon', '.png': 'image/png', '.woff2': 'font/woff2'};

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** Serves `folder`, which may change, with `headers` on port: {headers, asked, stop()}. */
export async function host(port, headers = {}) {
  const served = {folder: '', headers, asked: []};
  const server = createServer((request, response) => {
    const {pathname, search} = new URL(request.url, 'http://host');
    const path = join(served.folder, decodeURIComponent(pathname));
    const {referer = '', 'sec-fetch-mode': mode} = request.headers;
    served.asked.push({url: request.url, referer, mode});
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    if (!pathname.endsWith('/') && isFile(join(path, 'index.html'))) {
      return response.writeHead(301, {location: `${pathname}/${search}`}).end();
    }
    const file = [path, join(path, 'index.html'), `${path}.html`].find(isFile);
    if (!file) return response.writeHead(404, {'content-type': 'text/plain'}).end('not found');
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, {'content-type': type, 'cache-control': 'no-cache', ...served.headers});
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  served.stop = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return served;
}
