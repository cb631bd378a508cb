// What script/bench tells a peer: where GitHub is, and which page signs in there.
const {GITHUB_URL, GITHUB_HTTP2, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, ORIGIN, PORT} = process.env;
export const github = GITHUB_URL;
export const http2 = GITHUB_HTTP2 === 'yes';  // whether it is asked over HTTP/2 by those who can
export const clientId = CLIENT_ID;
export const clientSecret = CLIENT_SECRET;
export const redirectUri = REDIRECT_URI;
export const origin = ORIGIN;
export const port = Number(PORT ?? 0);  // 0: any that is free

/** What GitHub asks of whoever calls its API. */
export const apiHeaders = {
  'accept': 'application/vnd.github+json',
  'user-agent': 'peer',
  'x-github-api-version': '2022-11-28',
};
export const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
export const revokePath = `/applications/${encodeURIComponent(clientId)}/token`;
