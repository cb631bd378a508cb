// Who may pass, case by case: a policy, a person, and what a web server is told about them. Each line is a sign-in of that
// person at a page with that policy alone, by the real program against the stand-in, then the question of the web server.
//
// The people and what they are to whom: tests/github/people.cpp, organizations.cpp.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Deployment, clientId} from '../deployment.mjs';
import {ask, exchangeBody, json} from '../wire.mjs';

/** What an organization's, a team's and a repository's line of `allow` can be, each at a page of its own. */
const policies = {
  'everybody': 'signed-in',
  'people': {users: [1000002, 1000015, 9007199254740991]},
  'acme': {organizations: ['acme']},
  'acme-in-capitals': {organizations: ['ACME']},
  'globex': {organizations: ['globex']},
  'nowhere': {organizations: ['nowhere']},
  'large-id': {organizations: ['large-id']},
  'writers': {teams: ['acme/writers']},
  'writers-in-capitals': {teams: ['Acme/Writers']},
  'poets': {teams: ['acme/poets']},
  'agents': {teams: ['acme/agents']},
  'no-team': {teams: ['acme/nobody']},
  'globex-writers': {teams: ['globex/writers']},
  'site': {push: ['acme/site']},
  'private-unseen': {push: ['acme/private']},
  'private': {push: ['acme/private'], scope: 'repo'},
  'moved': {push: ['acme/old-site']},
  'no-site': {push: ['acme/nothing']},
  'large-id-site': {push: ['large-id/site']},
  'any-of-four': {organizations: ['globex'], teams: ['acme/poets'], users: [1000023], push: ['acme/site']},
  'restricted': {organizations: ['restricted']},
  'restricted-team': {teams: ['restricted/writers']},
  'restricted-site': {push: ['restricted/site'], scope: 'repo'},
  'restricted-or-acme': {organizations: ['restricted', 'acme']},
  'restricted-or-its-member': {organizations: ['restricted'], users: [1000020]},
  'sso': {organizations: ['sso']},
  'sso-team': {teams: ['sso/writers']},
  'sso-or-restricted': {organizations: ['sso', 'restricted']},
};

const passes = (...groups) => ({status: 200, groups: groups.join(',')});
const noRule = {status: 403, code: 'not_allowed', reason: 'no_rule'};
const hidden = {status: 403, code: 'not_allowed', reason: 'hidden'};
/** Who could not sign in, and has no session. */
const signedOut = (signIn) => ({signIn, status: 401, code: 'no_session'});

const table = [
  // policy                    person                                      what the web server is told
  ['everybody',                'stranger',                                 passes()],
  ['everybody',                'acme-owner',                               passes()],
  ['everybody',                'acme-machine',                             passes()],
  ['everybody',                'nameless',                                 passes()],
  ['everybody',                'a-login-of-thirty-nine-characters-long1',  passes()],
  ['everybody',                'brand-new',                                signedOut('email_unverified')],
  ['everybody',                'acme-robot[bot]',                          signedOut('upstream_invalid')],
  ['everybody',                'beyond-2-53',                              signedOut('upstream_invalid')],

  // By number: a login that changed hands changes nothing.
  ['people',                   'acme-member',                              passes()],
  ['people',                   'acme-renamed',                             passes()],
  ['people',                   'acme-renamed-away',                        noRule],
  ['people',                   'a-login-of-thirty-nine-characters-long1',  passes()],
  ['people',                   'acme-owner',                               noRule],
  ['people',                   'stranger',                                 noRule],

  // Organizations: whoever is an active member, in whatever role and however visible.
  ['acme',                     'acme-member',                              passes('acme')],
  ['acme',                     'acme-public-member',                       passes('acme')],
  ['acme',                     'acme-owner',                               passes('acme')],
  ['acme',                     'acme-writer',                              passes('acme')],
  ['acme',                     'acme-secret-agent',                        passes('acme')],
  ['acme',                     'acme-machine',                             passes('acme')],
  ['acme',                     'acme-renamed',                             passes('acme')],
  ['acme',                     'two-orgs-member',                          passes('acme')],
  ['acme',                     'a-login-of-thirty-nine-characters-long1',  passes('acme')],
  ['acme-in-capitals',         'acme-member',                              passes('ACME')],
  ['acme',                     'acme-pending',                             noRule],
  ['acme',                     'acme-removed',                             noRule],
  ['acme',                     'acme-billing',                             noRule],
  ['acme',                     'acme-collaborator',                        noRule],
  ['acme',                     'acme-reader',                              noRule],
  ['acme',                     'acme-renamed-away',                        noRule],
  ['acme',                     'globex-writer',                            noRule],
  ['acme',                     'restricted-member',                        noRule],
  ['acme',                     'stranger',                                 noRule],
  ['acme',                     'beyond-2-53',                              signedOut('upstream_invalid')],
  ['globex',                   'globex-writer',                            passes('globex')],
  ['globex',                   'acme-owner',                               noRule],
  ['nowhere',                  'acme-owner',                               noRule],
  ['large-id',                 'acme-member',                              passes('large-id')],
  ['large-id',                 'acme-owner',                               noRule],

  // Teams: whoever is in it or in a team below it, but not above it.
  ['writers',                  'acme-writer',                              passes('acme:writers')],
  ['writers',                  'acme-maintainer',                          passes('acme:writers')],
  ['writers',                  'acme-poet',                                passes('acme:writers')],
  ['writers',                  'acme-haikuist',                            passes('acme:writers')],
  ['writers',                  'acme-renamed',                             passes('acme:writers')],
  ['writers-in-capitals',      'acme-writer',                              passes('Acme:Writers')],
  ['writers',                  'acme-writer-pending',                      noRule],
  ['writers',                  'acme-member',                              noRule],
  ['writers',                  'acme-owner',                               noRule],
  ['writers',                  'acme-removed',                             noRule],
  ['writers',                  'acme-renamed-away',                        noRule],
  ['writers',                  'globex-writer',                            noRule],
  ['writers',                  'stranger',                                 noRule],
  ['poets',                    'acme-poet',                                passes('acme:poets')],
  ['poets',                    'acme-haikuist',                            passes('acme:poets')],
  ['poets',                    'acme-writer',                              noRule],
  ['agents',                   'acme-secret-agent',                        passes('acme:agents')],
  ['agents',                   'acme-member',                              noRule],
  ['no-team',                  'acme-owner',                               noRule],
  ['globex-writers',           'globex-writer',                            passes('globex:writers')],
  ['globex-writers',           'acme-writer',                              noRule],

  // Repositories: whoever may push. One that is private is not there without the scope.
  ['site',                     'acme-writer',                              passes('acme/site')],
  ['site',                     'acme-maintainer',                          passes('acme/site')],
  ['site',                     'acme-owner',                               passes('acme/site')],
  ['site',                     'acme-collaborator',                        passes('acme/site')],
  ['site',                     'acme-renamed',                             passes('acme/site')],
  ['site',                     'acme-renamed-away',                        noRule],
  ['site',                     'acme-poet',                                noRule],
  ['site',                     'acme-reader',                              noRule],
  ['site',                     'acme-member',                              noRule],
  ['site',                     'stranger',                                 noRule],
  ['private-unseen',           'acme-collaborator',                        noRule],
  ['private',                  'acme-collaborator',                        passes('acme/private')],
  ['private',                  'acme-owner',                               passes('acme/private')],
  ['private',                  'acme-reader',                              noRule],
  ['private',                  'stranger',                                 noRule],
  ['moved',                    'acme-writer',                              signedOut('upstream_invalid')],
  ['moved',                    'stranger',                                 signedOut('upstream_invalid')],
  ['no-site',                  'acme-owner',                               noRule],
  ['large-id-site',            'acme-member',                              passes('large-id/site')],

  // One line of one list is enough.
  ['any-of-four',              'globex-writer',                            passes('globex')],
  ['any-of-four',              'acme-haikuist',                            passes('acme:poets')],
  ['any-of-four',              'acme-collaborator',                        passes('acme/site')],
  ['any-of-four',              'acme-poet',                                passes('acme:poets')],
  ['any-of-four',              'stranger',                                 passes()],
  ['any-of-four',              'acme-member',                              noRule],

  // An organization that hides itself locks out its own members alone, and they are told why.
  ['restricted',               'restricted-member',                        hidden],
  ['restricted',               'two-orgs-member',                          hidden],
  ['restricted',               'stranger',                                 noRule],
  ['restricted-team',          'restricted-member',                        hidden],
  ['restricted-team',          'acme-writer',                              noRule],
  ['restricted-site',          'restricted-member',                        hidden],
  ['restricted-site',          'stranger',                                 noRule],
  ['restricted-or-acme',       'restricted-member',                        hidden],
  ['restricted-or-acme',       'two-orgs-member',                          passes('acme')],
  ['restricted-or-acme',       'acme-member',                              passes('acme')],
  ['restricted-or-acme',       'stranger',                                 noRule],
  ['restricted-or-its-member', 'restricted-member',                        passes()],
  ['sso',                      'sso-member',                               hidden],
  ['sso',                      'acme-member',                              noRule],
  ['sso-team',                 'sso-member',                               hidden],
  ['sso-or-restricted',        'two-orgs-member',                          hidden],
  ['sso-or-restricted',        'acme-member',                              noRule],
];

/** The same of a GitHub App: it sees an organization in which it is installed, whatever that says of OAuth apps. */
const appTable = [
  ['everybody',                'stranger',                                 passes()],
  ['acme',                     'acme-member',                              passes('acme')],
  ['acme',                     'acme-pending',                             noRule],
  ['acme',                     'stranger',                                 noRule],
  ['writers',                  'acme-haikuist',                            passes('acme:writers')],
  ['restricted',               'restricted-member',                        passes('restricted')],
  ['private-unseen',           'acme-collaborator',                        passes('acme/private')],
  ['sso',                      'sso-member',                               hidden],
  ['uninstalled',              'acme-member',                              signedOut('upstream_refused')],
  ['uninstalled',              'stranger',                                 noRule],
  ['suspended',                'acme-member',                              signedOut('upstream_refused')],
  ['suspended-team',           'acme-member',                              signedOut('upstream_refused')],
];

const people = {
  'ada-page': 583231, 'nameless': 1, 'a-login-of-thirty-nine-characters-long1': 9007199254740991, 'brand-new': 200000001,
  'beyond-2-53': '9007199254740993',
  ...Object.fromEntries(['acme-owner', 'acme-member', 'acme-public-member', 'acme-pending', 'acme-removed', 'acme-billing', 'acme-writer',
    'acme-poet', 'acme-haikuist', 'acme-writer-pending', 'acme-maintainer', 'acme-secret-agent', 'acme-collaborator', 'acme-reader',
    'acme-renamed', 'acme-renamed-away', 'acme-machine', 'acme-robot[bot]', 'globex-writer', 'restricted-member', 'sso-member',
    'two-orgs-member', 'stranger'].map((login, i) => [login, 1000001 + i])),
};

/** A portero with a page for each policy, in front of a stand-in. */
class Gates {
  static async open(all, {client_id = clientId, flags = []} = {}) {
    const gates = new Gates();
    gates.deployment = new Deployment();
    const names = Object.keys(all);
    gates.github = await gates.deployment.github(
        '--client-id', client_id, ...names.flatMap((name) => ['--redirect-uri', `${gates.originOf(name)}/`]), ...flags);
    gates.client_id = client_id;
    gates.internal = gates.deployment.path('internal.sock');
    const origins = {};
    const policies = {};
    for (const name of names) {
      const {scope = '', ...allow} = typeof all[name] === 'string' ? {} : all[name];
      origins[gates.originOf(name)] = {redirect_uri: `${gates.originOf(name)}/`, scope};
      policies[name] = {origin: gates.originOf(name), allow: typeof all[name] === 'string' ? all[name] : allow};
    }
    gates.proxy = await gates.deployment.serve(gates.deployment.settings(gates.github, {
      client_id, origins, policies, internal_listen: `unix:${gates.internal}`, log: {format: 'json'}}));
    return gates;
  }

  originOf(name) {
    return `https://${name}.example`;
  }

  /** Signs in as a page does: with the scope that it is told to ask for. Gives the code of a refusal, and the cookie. */
  async signIn(name, login, {scope} = {}) {
    const origin = this.originOf(name);
    const config = (await ask(this.proxy.port, {target: '/v1/config', headers: {Origin: origin, 'Sec-Fetch-Site': 'same-site'}})).json();
    const exchange = await this.github.code({
      user: String(people[login]), redirect_uri: `${origin}/`, client_id: this.client_id, scope: scope ?? config.scope});
    const answer = await ask(this.proxy.port, {method: 'POST', body: exchangeBody(exchange),
      headers: {'Origin': origin, 'X-Portero': '1', 'Sec-Fetch-Site': 'same-site', ...json}});
    return {code: answer.code, cookie: (answer.header('set-cookie') ?? '').split(';')[0]};
  }

  /** What a web server is told of whoever sends that cookie. */
  async check(name, cookie) {
    const answer = await ask(this.internal, {target: `/v1/check/${name}`, headers: {Cookie: cookie}});
    if (answer.status === 200) return {status: 200, groups: answer.header('x-auth-request-groups')};
    const {code, reason} = answer.json();
    return {status: answer.status, code, ...reason && {reason}};
  }

  async prove(name, login, {signIn, ...told}) {
    const {code, cookie} = await this.signIn(name, login);
    assert.equal(code, signIn);
    assert.deepEqual(await this.check(name, cookie), told);
  }

  close() {
    return this.deployment.close();
  }
}

describe('who may pass, by an OAuth app:', () => {
  let gates;
  before(async () => { gates = await Gates.open(policies); });
  after(() => gates?.close());
  for (const [policy, person, told] of table) {
    test(`${policy}: ${person}: ${told.signIn ?? told.reason ?? 'passes'}`, () => gates.prove(policy, person, told));
  }

  test('every token that was granted was revoked', async () => {
    const deadline = Date.now() + 20000;
    while ((await gates.github.state()).live_tokens > 0) assert.ok(Date.now() < deadline, 'a token is left');
  });

  test('the log says what GitHub hides, and where an owner opens it', () => {
    const lines = gates.proxy.output().split('\n').filter((line) => line.includes('"organization_hidden"')).map((line) => JSON.parse(line));
    const of = (rule) => lines.find((line) => line.rule === rule);
    assert.equal(of('restricted').reason, 'restricted');
    assert.match(of('restricted').fix, /\/organizations\/restricted\/settings\/oauth_application_policy$/);
    assert.equal(of('sso').reason, 'single_sign_on');
    assert.doesNotMatch(gates.proxy.output(), /authorization_request/, 'the address of somebody\'s single sign-on');
  });

  test('a page without rules asks for no scope and makes no call', async () => {
    const before = (await gates.github.state()).hits;
    await gates.prove('everybody', 'acme-owner', passes());
    await gates.prove('people', 'acme-member', passes());
    const {hits} = await gates.github.state();
    for (const call of ['organization', 'team', 'repository']) assert.equal(hits[call], before[call], call);
  });

  test('who grants less than the policy needs is not signed in', async () => {
    const {code, cookie} = await gates.signIn('acme', 'ada-page', {scope: 'user:email'});
    assert.equal(code, 'scope_missing');
    assert.equal((await gates.check('acme', cookie)).status, 401);
  });

  for (const [fault, code, call, policy, person] of [
    ['secondary_limit_403', 'upstream_rate_limited', 'organization', 'acme', 'acme-member'],
    ['secondary_limit_429', 'upstream_rate_limited', 'team', 'writers', 'acme-writer'],
    ['rate_limited_403', 'upstream_rate_limited', 'repository', 'site', 'acme-writer'],
    ['forbidden_403', 'upstream_refused', 'organization', 'acme', 'acme-member'],
    ['unauthorized_401', 'upstream_refused', 'team', 'writers', 'acme-writer'],
    ['error_502', 'upstream_refused', 'repository', 'site', 'acme-writer'],
    ['html_200', 'upstream_invalid', 'organization', 'acme', 'acme-member'],
    ['empty_json', 'upstream_invalid', 'team', 'writers', 'acme-writer'],
    ['redirect_302', 'upstream_invalid', 'repository', 'site', 'acme-writer'],
  ]) {
    test(`${call} answered by ${fault}: ${code}, and no session without its group`, async () => {
      await gates.github.fault(call, fault);
      const {code: said, cookie} = await gates.signIn(policy, person);
      assert.equal(said, code);
      assert.equal((await gates.check(policy, cookie)).code, 'no_session');
      await gates.prove(policy, person, passes(policies[policy].organizations?.[0] ??
          policies[policy].teams?.[0].replace('/', ':') ?? policies[policy].push[0]));
    });
  }

  test('who was removed does not pass after the next sign-in, and who accepts does', async () => {
    await gates.prove('acme', 'acme-maintainer', passes('acme'));
    await gates.github.member('acme-maintainer', 'acme', 'none');
    await gates.prove('acme', 'acme-maintainer', noRule);
    await gates.prove('writers', 'acme-maintainer', noRule);
    await gates.prove('site', 'acme-maintainer', noRule);
    await gates.github.member('acme-pending', 'acme', 'active');
    await gates.prove('acme', 'acme-pending', passes('acme'));
    await gates.github.member('acme-pending', 'acme/writers', 'active');
    await gates.prove('writers', 'acme-pending', passes('acme:writers'));
  });

  test('a session of one page says nothing to the policy of another', async () => {
    const {cookie} = await gates.signIn('acme', 'acme-member');
    assert.equal((await gates.check('acme', cookie)).status, 200);
    assert.equal((await gates.check('writers', cookie)).code, 'no_session');
    assert.equal((await gates.check('everybody', cookie)).code, 'no_session');
  });
});

describe('who may pass, by a GitHub App:', () => {
  let gates;
  const more = {'uninstalled': {organizations: ['uninstalled']}, 'suspended': {organizations: ['suspended']},
    'suspended-team': {teams: ['suspended/writers']}};
  const names = new Set(appTable.map(([policy]) => policy));
  const own = Object.fromEntries(Object.entries({...policies, ...more}).filter(([name]) => names.has(name)));
  before(async () => { gates = await Gates.open(own, {client_id: 'Iv1.0123456789abcdef', flags: ['--github-app']}); });
  after(() => gates?.close());
  for (const [policy, person, told] of appTable) {
    test(`${policy}: ${person}: ${told.signIn ?? told.reason ?? 'passes'}`, () => gates.prove(policy, person, told));
  }
});

describe('an app that was suspended', () => {
  let gates;
  before(async () => { gates = await Gates.open({acme: policies.acme}, {flags: ['--suspended']}); });
  after(() => gates?.close());
  test('gets no code, so nobody passes', async () => {
    const asked = new URL('/login/oauth/authorize', gates.github.url);
    asked.search = new URLSearchParams({client_id: clientId, redirect_uri: 'https://acme.example/', state: 'x'});
    const back = new URL((await fetch(asked, {redirect: 'manual'})).headers.get('location'));
    assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('code')], ['application_suspended', null]);
    assert.equal((await gates.check('acme', '')).code, 'no_session');
  });
});
