// An upstream whose every answer a test chooses, where the honest stand-in would be too honest: it writes down
// all that portero sends, and says what it is told to.
import {createServer} from 'node:http';

export const someone = {
  id: 583231,
  login: 'ada-page',
  name: 'Ada Page',
  email: null,
  avatar_url: 'https://avatars.example/u/1',
  html_url: 'https://github.example/ada-page'
};
export const granted = {access_token: 'gho_0123456789012345678901234567890123AB', token_type: 'bearer', scope: ''};

/** {url, requests, say(place, answer), stop()}; places are token, user, emails and revoke; an answer is {status, headers, body}. */
export async function startUpstream(port = 0) {
  const requests = [];
  const answers = {token: {body: granted}, user: {body: someone}, emails: {body: []}, revoke: {status: 204}};
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({method: request.method, url: request.url, headers: request.headers, body});
    const place = request.url.endsWith('/access_token') ? 'token' : {'/user': 'user', '/user/emails': 'emails'}[request.url] ?? 'revoke';
    const {status = 200, headers = {}, body: said = ''} = answers[place];
    response.writeHead(status, {'content-type': 'application/json', ...headers});
    response.end(status === 204 ? undefined : typeof said === 'string' ? said : JSON.stringify(said));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    say(place, answer) {
      answers[place] = answer;
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    }),
  };
}
