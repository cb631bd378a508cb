// What a page may ask of a sign-in, as people write it: what reaches GitHub, where the visitor ends, and which word there is for
// what cannot be understood.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {end, eventually, settled, visit} from './page.mjs';

after(end);

/** Clicks, with these options: where it went, and the record of the click. */
async function click(options, where) {
  const {client, went, storage} = await visit(where);
  await client.signIn(options);
  await eventually(() => went.length || client.error);
  assert.equal(client.error, undefined, client.error?.hint);
  return {asked: new URL(went[0]).searchParams, record: JSON.parse(storage[Object.keys(storage)[0]])};
}

const sent = [
  [undefined, {}],
  [null, {}],
  [{}, {}],
  [{allowSignup: false}, {allow_signup: 'false'}],
  [{allowSignup: true}, {allow_signup: 'true'}],
  [{allowSignup: 'false'}, {allow_signup: 'false'}],
  [{allowSignup: 'True'}, {allow_signup: 'true'}],
  [{allowSignup: null, scope: null, prompt: null, loginHint: null, returnTo: null, mode: null}, {}],
  [{scope: ['read:user', 'user:email']}, {scope: 'read:user user:email'}],
  [{scope: 'read:user,user:email'}, {scope: 'read:user user:email'}],
  [{scope: ' read:user, user:email\n gist '}, {scope: 'read:user user:email gist'}],
  [{scope: ['read:user,gist', ' repo']}, {scope: 'read:user gist repo'}],
  [{scope: []}, {}],
  [{scope: 'gist'}, {scope: 'gist'}],
  [{loginHint: 'popup'}, {login: 'popup'}],
  [{prompt: 'select_account', loginHint: 'ada+1@page.example', mode: 'redirect'}, {prompt: 'select_account', login: 'ada+1@page.example'}],
];
for (const [options, expected] of sent) {
  test(`signIn(${JSON.stringify(options)}) asks GitHub for ${JSON.stringify(expected)}`, async () => {
    const {asked} = await click(options);
    const names = ['scope', 'login', 'prompt', 'allow_signup'];
    assert.deepEqual(Object.fromEntries(names.filter((name) => asked.has(name)).map((name) => [name, asked.get(name)])), expected);
  });
}

test('a name that there is not is in the console, with those there are; of an event nothing is', async () => {
  for (const [options, named] of [
    [{allow_signup: false, login: 'ada', scope: 'gist'}, /no allow_signup, no login\. It knows .*allowSignup/],
    ['popup', /0/], [{isTrusted: true}, undefined],
  ]) {
    const {client, went, logged} = await visit();
    await client.signIn(options);
    assert.equal(went.length, 1);
    assert.equal(logged.length, named ? 1 : 0);
    if (named) assert.match(logged[0], named);
  }
});

const wrong = [
  [{scope: new Set(['gist'])}, 'scope'], [{returnTo: new Date(0)}, 'returnTo'],
  [{allowSignup: 1}, 'allowSignup'], [{allowSignup: 'no'}, 'allowSignup'], [{allowSignup: []}, 'allowSignup'],
  [{scope: 7}, 'scope'], [{scope: {user: true}}, 'scope'], [{scope: ['read:user', 7]}, 'scope'], [{scope: ['gist', null]}, 'scope'],
  [{scope: '[object Object]'}, 'scope'], [{scope: true}, 'scope'], [{scope: [['gist']]}, 'scope'], [{scope: 'read:user;gist'}, 'scope'],
  [{prompt: 'consent'}, 'prompt'], [{prompt: true}, 'prompt'], [{prompt: ['select_account']}, 'prompt'],
  [{loginHint: 12}, 'loginHint'], [{loginHint: {login: 'ada'}}, 'loginHint'], [{loginHint: ['ada']}, 'loginHint'],
  [{mode: 'Popup'}, 'mode'], [{mode: true}, 'mode'], [{mode: 'window'}, 'mode'], [{mode: ['popup']}, 'mode'],
  [{mode: 'popup', scope: 7}, 'scope'],
  [{returnTo: 7}, 'returnTo'], [{returnTo: {}}, 'returnTo'], [{returnTo: ['/a']}, 'returnTo'], [{returnTo: false}, 'returnTo'],
];
for (const [options, name] of wrong) {
  test(`signIn(${JSON.stringify(options)}) is a TypeError that names ${name}, and goes nowhere: option_invalid`, async () => {
    const {client, went, storage, asked} = await visit();
    await assert.rejects(client.signIn(options), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, new RegExp(`\\b${name}\\b.* must be `));
      return true;
    });
    assert.deepEqual([client.state, client.error.code, went, Object.keys(storage)], ['error', 'option_invalid', [], []]);
    assert.match(client.error.hint, new RegExp(`\\b${name}\\b`));
    assert.ok(asked.every(({method}) => method === 'GET'));
    await client.signIn();
    await eventually(() => went.length);
    assert.equal(went.length, 1, 'the next click works');
  });
}

const host = 'https://page.example';
const places = [
  // the page of the click, return-to, where the visitor ends
  ['/app/', 'notes.html', '/app/notes.html'],
  ['/app/edit', 'notes.html', '/app/notes.html'],
  ['/app/?x=1', '#end', '/app/?x=1#end'],
  ['/app/', '?a=b', '/app/?a=b'],
  ['/app/', `${host}/app/deep?a=b#c`, '/app/deep?a=b#c'],
  ['/app/', 'https://page.example:443/x', '/x'],
  ['/app/', '//page.example/x', '/x'],
  ['/app/', '/a file.html', '/a%20file.html'],
  ['/app/', ' /trimmed ', '/trimmed'],
  ['/app/', '/100%.html', '/100%25.html'],
  ['/app/', '/50%zz%20', '/50%25zz%20'],
  ['/app/', '/?q=100%', '/?q=100%'],
  ['/app/', '/notes.html?a=ü', '/notes.html?a=%C3%BC'],
  ['/app/', '/übung/日本#ñ', '/%C3%BCbung/%E6%97%A5%E6%9C%AC#%C3%B1'],
  ['/app/', '../x', '/x'],
  ['/app/', '../../../x', '/x'],
  ['/app/', './', '/app/'],
  ['/app/', '/a\\b', '/a/b'],
  ['/app/', new URL(`${host}/by-url`), '/by-url'],
  ['/app/deep?a=b#c', undefined, '/app/deep?a=b#c'],
  ['/app/deep?a=b#c', '', '/app/deep?a=b#c'],
];
for (const [path, returnTo, ends] of places) {
  test(`from ${path} with returnTo ${JSON.stringify(returnTo)} the visitor ends at ${ends}`, async () => {
    const {record} = await click({returnTo}, {href: host + path});
    const query = `?code=abcdefabcdefabcdefab&state=${record.state}&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth`;
    const {client, replaced} = await visit({href: `${host}/callback/`, query, storage: {[record.state]: JSON.stringify(record)}});
    await settled(client);
    assert.equal(client.state, 'signed-in', client.error?.code);
    await eventually(() => replaced.length);
    assert.deepEqual(replaced, [host + ends], 'a whole address, for location counts from a <base>');
  });
}

const elsewhere = [
  'https://evil.example/', '//evil.example', '\\\\evil.example', '/\\evil.example', '/\t/evil.example',
  'http://page.example/', 'https://page.example:444/', 'https://page.example.evil.example/', 'https://page.example@evil.example/',
  'javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', 'blob:https://page.example/x', 'mailto:a@page.example',
  'https://', 'http://[', '/%2F%2Fevil.example', '/a//b', '..//evil.example', `${host}//evil.example`, '/%5Cevil.example',
  '/%0d%0aLocation:x',
  `/${'a'.repeat(3000)}`,
];
for (const returnTo of elsewhere) {
  test(`returnTo ${JSON.stringify(returnTo.slice(0, 40))} goes nowhere, and the error names it`, async () => {
    for (const mode of ['redirect', 'popup']) {
      const {client, went, storage} = await visit({href: `${host}/app/`});
      await assert.rejects(client.signIn({mode, returnTo}), {name: 'TypeError', message: /returnTo \(in the tag: return-to\) must be/});
      assert.deepEqual([client.error.code, went, Object.keys(storage)], ['option_invalid', [], []]);
    }
  });
}

test('a record that somebody changed leads nowhere else', async () => {
  const {record} = await click({returnTo: '/x'});
  for (const return_to of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)', 7, null]) {
    const query = `?code=abcdefabcdefabcdefab&state=${record.state}`;
    const {client, replaced} = await visit({query, storage: {[record.state]: JSON.stringify({...record, return_to})}});
    assert.equal(client.state, 'signed-in', client.error?.code);
    await new Promise(setImmediate);
    assert.deepEqual(replaced, []);
  }
});
