// What script/bench peers says and how it judges, without its packages: one peer of those in Node needs only what tests have.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {build} from '../../programs.mjs';
import {LoadedDeployment} from '../loaded_deployment.mjs';
import {all, inWords, secondsOf} from '../plan.mjs';
import {ask} from './ask.mjs';
import {startBareLoop} from './bare_loop.mjs';
import {dimensions, serveLevel} from './growth.mjs';
import {here} from './places.mjs';
import {interleave, ratio, spread} from './rounds.mjs';
import {startNode, startPortero} from './signers.mjs';
import {aimOf, chaptersOf, growthChapter, growthRows, readFigures, rowsOf} from './tables.mjs';
import {knows, signInOnce, withVisitor} from './visits.mjs';

describe('a peer in Node', () => {
  let deployment;
  let peer;
  before(async () => {
    deployment = new LoadedDeployment(build);
    peer = await startNode(deployment, 'octokit', await deployment.fixedGithub(), {directory: `${here}/servers`});
  });
  after(() => deployment.close());

  test('signs in, and knows the visitor afterwards by the cookie', async () => {
    const visitor = await withVisitor(peer);
    assert.equal(visitor.answer.json().user.login, 'ada-page');
    assert.equal(visitor.bytes, Buffer.byteLength(visitor.answer.text, 'latin1'));
  });

  test('is not measured if it knows nobody, or signs nobody in', async () => {
    const {path, headers} = peer.check;
    await assert.rejects(knows({...peer, check: {path, headers: {...headers, Cookie: '__Host-peer=x'}}}), /does not know/);
    await assert.rejects(signInOnce({...peer, login: {...peer.login, body: '{"code":1}'}}), /signed nobody in/);
  });
});

/** For the tests around it: a deployment and its GitHub, and a visitor of portero. */
function useVisitor() {
  const at = {};
  before(async () => {
    at.deployment = new LoadedDeployment(build);
    at.github = await at.deployment.fixedGithub();
    at.visitor = await withVisitor(await startPortero(at.deployment, at.github));
  });
  after(() => at.deployment.close());
  return at;
}

describe('the bare loop', () => {
  const at = useVisitor();

  test("gives portero's answer, byte for byte, to a session that it has opened and to no other", async () => {
    const {port, check, answer} = await startBareLoop(at.deployment, at.visitor, at.github);
    assert.equal(answer.text, at.visitor.answer.text);
    const Cookie = check.headers.Cookie.slice(0, -9) + (check.headers.Cookie.at(-9) === 'A' ? 'B' : 'A') + check.headers.Cookie.slice(-8);
    assert.equal((await ask(port, {target: check.path, headers: {...check.headers, Cookie}})).status, 401);
    assert.equal((await ask(port, {target: check.path, headers: {...check.headers, Cookie: 'other=1'}})).status, 401);
  });

  test('as the floor below any answer opens nothing', async () => {
    const {port} = await startBareLoop(at.deployment, at.visitor, at.github, {opens: false});
    assert.equal((await ask(port, {target: '/'})).text, at.visitor.answer.text);
  });
});

describe('a level of what grows', () => {
  const at = useVisitor();

  for (const dimension of dimensions) {
    const level = dimension.levels.at(-1);
    test(`answers the visitor's check: ${dimension.name} at ${level}`, async () => {
      const {answer, stop} = await serveLevel(at.deployment, at.github, at.visitor, dimension, level);
      // A policy's check names the visitor in its head.
      assert.equal(dimension.internal ? answer.header('x-auth-request-user') : answer.json().user.login, 'ada-page');
      await stop();
    });
  }

  test('that cannot be is not measured', async () => {
    const unknown = {settings: () => ({origins: {'https://other.example': {redirect_uri: 'https://other.example/'}}})};
    await assert.rejects(serveLevel(at.deployment, at.github, at.visitor, unknown, 1), /does not know/);
  });

  test('is told beside the first, and drawn under its own name', () => {
    const curve = {name: 'pages', unit: 'pages', figure: 'instructions', levels: {1: [1000, 1000], 1000: [1100, 1200]}};
    assert.deepEqual(growthRows(curve), [['1', '1,000', '1.00'], ['1,000', '1,150 (1,100–1,200)', '1.15 (1.10–1.20)']]);
    assert.match(growthChapter({machine: 'here', curves: [curve]}), /growth-pages\.svg[^]*\| pages \| instructions in user space/);
  });
});

describe('all of script/bench', () => {
  test('takes less than twelve minutes by its own count, and more with more rounds', () => {
    assert.ok(secondsOf(all) < 11.5 * 60, inWords(secondsOf(all)));
    for (const name of ['checks', 'sign-ins', 'growth']) assert.ok(secondsOf([name], {rounds: 9}) > 1.5 * secondsOf([name]), name);
    assert.equal(inWords(241), 'about 4:10 minutes');
  });
});

describe('rounds', () => {
  test('each measures every peer once, and every other one backwards', async () => {
    const order = [];
    const results = await interleave([{name: 'a'}, {name: 'b'}], 3, ({name}) => order.push(name));
    assert.deepEqual(order, ['a', 'b', 'b', 'a', 'a', 'b']);
    assert.deepEqual(results, {a: [1, 4, 5], b: [2, 3, 6]});
  });

  test('are told by the median and the extremes, ratios by those of one round', () => {
    assert.deepEqual(spread([9, 1, 2]), {middle: 2, low: 1, high: 9});
    assert.deepEqual(spread([1, 2]), {middle: 1.5, low: 1, high: 2});
    assert.deepEqual(ratio([{f: 2}, {f: 9}], [{f: 1}, {f: 3}], 'f'), {middle: 2.5, low: 2, high: 3});
  });

  test('in which nothing was answered are a dash', () => {
    const none = {per_second: 0, p50: NaN, p99: NaN, processor: NaN, client: NaN};
    const some = {per_second: 1234.5, p50: 1, p99: 2, processor: 50, client: 7};
    assert.deepEqual(rowsOf({portero: [some], other: [none]})[1], ['other', '0.00', '0.00', '—', '—', '—', '—', '—']);
    assert.deepEqual(rowsOf(readFigures(JSON.stringify({portero: [some], other: [none]})))[1].slice(3), Array(5).fill('—'));
    assert.deepEqual(rowsOf({portero: [some]})[0], ['portero', '1,235', '1.00', '1.00', '2.00', '50.0', '1.00', '7.00']);
  });

  test('over HTTP/2 with a GitHub that takes its time are told beside what is aimed at', () => {
    const levels = {16: {portero: [{p99: 1}]}, 256: {portero: [{p99: 250}, {p99: 240}, {p99: 290}]}};
    assert.equal(aimOf({delay: 100, http2: true, levels}),
        'Two calls and 60 ms are 260 ms. The p99 of portero with 256 at once is 250 (240–290) ms.');
    assert.equal(aimOf({delay: 0, http2: true, levels}), undefined);
    const page = chaptersOf({'sign-ins': {machine: 'here', measured: [{delay: 100, http2: true, levels}]}});
    assert.match(page, /after 100 ms, over HTTP\/2:[^]*sign-ins-100-http2\.svg[^]*Two calls and 60 ms/);
  });
});
