// Many sign-ins over few connections: what a crowd costs, and what a connection takes with it when it ends. Whatever happens
// to one, GitHub sees each code at most once, and whoever was not answered is told `upstream_unreachable`.
import assert from 'node:assert/strict';
import {constants} from 'node:http2';
import {describe, test} from 'node:test';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';
import {ask, exchangeBody, fromPage, json} from '../wire.mjs';
import {Http2Github} from './http2_github.mjs';

const guard = {timeout: 60000};
const streams = 30;  // fit on one connection, and leave room for what ends before
let made = 0;

/** One portero and its GitHub, for the length of `play`. */
async function withGithub(play, {settings, github: more} = {}) {
  const deployment = new Deployment();
  const github = await Http2Github.start(deployment, settings);
  try {
    const {url} = github;
    const proxy = await deployment.serve(deployment.settings(null, {
      github: {url, api_url: url, issuer: `${url}/login/oauth`, ca_file: github.authority, ...more},
      limits: {logins_per_hour: 1000000},  // we are GitHub here, and mind no number
    }));
    const signIn = async (code = `c0de${++made}`) => {
      const answer = await fetch(`http://127.0.0.1:${proxy.port}/v1/session`, {
        method: 'POST',
        headers: {'Origin': origin, 'X-Portero': '1', 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-site'},
        body: JSON.stringify({v: 1, code, code_verifier: 'v'.repeat(43)}),
      });
      return answer.status === 201 ? 'signed in' : (await answer.json()).code;
    };
    const crowd = (size) => Promise.all(Array.from({length: size}, () => signIn()));
    await play({github, proxy, signIn, crowd});
    for (const [code, times] of github.codes) assert.equal(times, 1, `${code} came once`);
  } finally {
    await github.close();
    await deployment.close();
  }
}

const count = (answers, what) => answers.filter((one) => one === what).length;

/** As many sign-ins as share one connection; `play` gets their token requests when all have come. */
async function withSharedConnection(play, after) {
  await withGithub(async ({github, signIn, crowd}) => {
    assert.equal(await signIn(), 'signed in');
    await until(() => github.revoked === 1, 'its token is revoked, and all streams are free');
    const asked = [];
    github.onToken = (request) => {
      asked.push(request);
      if (asked.length === streams) play(asked, github);
    };
    const answers = await crowd(streams);
    assert.equal(new Set(asked.map(({session}) => session)).size, 1, 'they shared a connection');
    github.onToken = Http2Github.prototype.onToken;
    github.onStream = Http2Github.prototype.onStream;
    after(answers);
    assert.equal(await signIn(), 'signed in', 'the next one is as ever');
  });
}

const allLost = (answers) => assert.equal(count(answers, 'upstream_unreachable'), streams, String(answers));
const halfLost = (answers) => {
  assert.equal(count(answers, 'signed in'), streams / 2, String(answers));
  assert.equal(count(answers, 'upstream_unreachable'), streams / 2, String(answers));
};

describe('over HTTP/2', {concurrency: 2}, () => {
  test('a crowd shares few connections, and every token is revoked', guard, () => withGithub(async ({github, crowd}) => {
    github.delay = 20;
    for (let round = 1; round <= 2; ++round) {
      assert.equal(count(await crowd(128), 'signed in'), 128);
      await until(() => github.revoked === 128 * round, 'every token is revoked');
    }
    assert.ok(github.sessions.length <= 8, `${github.sessions.length} connections`);
  }));

  test('there are never more connections than `github.connections`', guard, () => withGithub(async ({github, crowd}) => {
    github.delay = 20;
    assert.equal(count(await crowd(100), 'signed in'), 100);
    assert.ok(github.sessions.length <= 2, `${github.sessions.length} connections`);
  }, {github: {connections: 2}}));

  test('one slow answer delays nobody else', guard, () => withGithub(async ({github, signIn, crowd}) => {
    let release;
    github.onToken = ({code, answer}) => {
      if (code === 'slow') release = answer;
      else answer();
    };
    let isOver = false;
    const slow = signIn('slow').finally(() => { isOver = true; });
    await until(() => release, 'it was asked for');
    assert.equal(count(await crowd(96), 'signed in'), 96);
    assert.ok(!isOver, 'the slow one waits still');
    release();
    assert.equal(await slow, 'signed in');
  }));

  test('a connection that is cut takes along who was not answered', guard,
      () => withSharedConnection(([{session}]) => session.destroy(), allLost));

  test('a connection that is cut behind half of the answers takes along the other half', guard,
      () => withSharedConnection((asked, github) => {
        const [first, ...rest] = asked;
        [first, ...rest.slice(0, streams / 2 - 1)].forEach(({answer}) => answer());
        // The half that was answered goes on over another connection.
        setTimeout(() => first.session.destroy(), 300);
        github.onToken = Http2Github.prototype.onToken;
      }, halfLost));

  test('a GOAWAY lets the answers come', guard, () => withSharedConnection((asked) => {
    asked[0].session.goaway();
    asked.forEach(({answer}) => answer());
  }, (answers) => assert.equal(count(answers, 'signed in'), streams, String(answers))));

  test('a GOAWAY that takes back what it had not begun loses those codes and no others', guard, () => withSharedConnection((asked) => {
    asked.sort((one, other) => one.stream.id - other.stream.id);
    const done = asked.slice(0, streams / 2);
    asked[0].session.goaway(constants.NGHTTP2_NO_ERROR, done.at(-1).stream.id);
    done.forEach(({answer}) => answer());
  }, halfLost));

  test('a stream that is reset loses one code', guard, () => withSharedConnection((asked) => {
    asked.slice(0, streams / 2).forEach(({stream}) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    asked.slice(streams / 2).forEach(({answer}) => answer());
  }, halfLost));

  test('a stream that is refused once its code came is not sent again', guard, () => withSharedConnection((asked) => {
    asked.slice(0, streams / 2).forEach(({stream}) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    asked.slice(streams / 2).forEach(({answer}) => answer());
  }, halfLost));

  test('who it is may be asked again when a stream is refused', guard, () => withGithub(async ({github, crowd}) => {
    const refused = new Set();
    github.onStream = (stream, line) => {
      if (!line.startsWith('GET ') || refused.size >= 20) return false;
      refused.add(stream);
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return true;
    };
    assert.equal(count(await crowd(64), 'signed in'), 64);
    assert.equal(refused.size, 20);
  }));

  test('a GitHub that ends a connection after a thousand streams loses no code', guard, () => withGithub(async ({github, crowd}) => {
    for (let round = 0; round < 20; ++round) assert.equal(count(await crowd(25), 'signed in'), 25);
    assert.ok(github.sessions.length > 1, 'before it did so, there was another');
  }));

  test('it can be stopped while the connection before the last one ends', guard, () => withGithub(async ({github, proxy}) => {
    // Each closes its connection, so nothing is left to wait for.
    const signIn = () => ask(proxy.port, {method: 'POST', headers: {...fromPage, ...json},
      body: exchangeBody({code: `c0de${++made}`, code_verifier: 'v'.repeat(43)})});
    while (github.sessions.length < 2) await Promise.all([signIn(), signIn(), signIn(), signIn()]);
    proxy.child.kill('SIGTERM');
    assert.equal(await proxy.gone, 0, proxy.output());
  }));

  test('a connection that nothing comes from any more is given up', guard, () => withGithub(async ({github, signIn, crowd}) => {
    assert.equal(await signIn(), 'signed in');
    const [mute] = github.sessions;
    github.onStream = (stream) => stream.session === mute;
    const answers = await crowd(8);
    assert.equal(count(answers, 'upstream_timeout') + count(answers, 'upstream_unreachable'), 8, String(answers));
    await until(async () => await signIn() === 'signed in', 'a new connection');
    assert.ok(github.sessions.length > 1);
  }));
});
