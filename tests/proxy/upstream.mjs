// One real portero in front of one stand-in that is reached over TLS as GitHub is, by two hosts: breaks the
// stand-in in one way, signs in, and looks at everything that could show what it must not. For
// upstream_faults.test.mjs, and for whoever wants GitHub broken.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {Deployment, origin} from '../deployment.mjs';
import {until} from '../programs.mjs';

const secret = 'canary-secret-5f2b1c0d9e8a7766554433';

/** Resident memory of a process in kB. */
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

export class Upstream {
  /** `settings` are merged into good ones. */
  static async start({settings = {}, flags = []} = {}) {
    const all = new Upstream();
    all.deployment = new Deployment({secret});
    const authority = all.deployment.path('authority.pem');
    all.github = await all.deployment.github('--faults', '--tls', authority, '--client-secret', secret, ...flags);
    all.settings = all.deployment.settings(null, {
      github: {url: all.github.tlsUrl, api_url: all.github.tlsApiUrl, issuer: `${all.github.tlsUrl}/login/oauth`, ca_file: authority},
      limits: {logins_per_hour: 1000000},  // we are GitHub here, and mind no number
      ...settings,
    });
    all.proxy = await all.deployment.serve(all.settings);
    all.canaries = new Set([secret]);
    return all;
  }

  /** What a page would, with these: {status, headers, text, body, cookie}. */
  async post({code, code_verifier}) {
    this.canaries.add(code).add(code_verifier);
    const answer = await fetch(`http://127.0.0.1:${this.proxy.port}/v1/session`, {
      method: 'POST',
      headers: {'Origin': origin, 'X-Portero': '1', 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-site'},
      body: JSON.stringify({v: 1, code, code_verifier}),
    });
    const text = await answer.text();
    return {status: answer.status, headers: answer.headers, text, body: JSON.parse(text), cookie: answer.headers.get('set-cookie') ?? ''};
  }

  async signIn() {
    return this.post(await this.github.code());
  }

  /** Nothing that was said or written down shows a secret, a code, a verifier or a token. */
  assertNothingShown(answer) {
    for (const text of [answer.text, JSON.stringify([...answer.headers]), this.proxy.output()]) {
      for (const canary of this.canaries) assert.ok(!text.includes(canary), `${canary} is shown`);
      assert.doesNotMatch(text, /gh[opur]_\w/, 'a token is shown');
    }
  }

  /** A refusal a page can read, with this error, or one of these, and nothing else in it. */
  assertRefused(answer, says) {
    const expected = [says].flat();
    const {code, status, retryAfter} = expected.find((one) => one.code === answer.body.code) ?? expected[0];
    assert.deepEqual([answer.body.code, answer.status, answer.headers.get('retry-after')], [code, status, retryAfter?.toString() ?? null]);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
    assert.match(answer.headers.get('vary'), /\bOrigin\b/i);
    assert.deepEqual(Object.keys(answer.body).filter((key) => !['title', 'status', 'code', 'hint', 'retry_after'].includes(key)), []);
    assert.equal(answer.body.retry_after, retryAfter);
    assert.ok(answer.cookie === '' || /=; .*Max-Age=0/.test(answer.cookie), `a session came along: ${answer.cookie}`);
  }

  assertSignedIn(answer) {
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.body.user.login, 'ada-page');
    assert.match(answer.cookie, /^__Host-Http-portero-[\w-]{8}=ey/);
  }

  /** Arms the fault, signs in, disarms. Gives the answer and what GitHub counted meanwhile. */
  async breakAndSignIn({at, fault}) {
    const before = await this.github.state();
    const memory = resident(this.proxy.pid);
    await this.github.fault(at, fault, 2);  // asking who it is may happen twice
    try {
      const answer = await this.signIn();
      const grown = resident(this.proxy.pid) - memory;
      const now = await this.github.state();
      const asked = (name) => (now.hits[name] ?? 0) - (before.hits[name] ?? 0);
      return {
        answer,
        grown,
        token: asked('token'),
        user: asked('user'),
        heard: now.heard[`${at} ${fault}`],
        revoked: before.revoked_tokens
      };
    } finally {
      await this.github.fault(at, fault, 0);
    }
  }

  /** The whole of one line of the table; throws what is not so. */
  async prove({at, fault, says, granted}) {
    const seen = await this.breakAndSignIn({at, fault});
    if (says) this.assertRefused(seen.answer, says);
    else this.assertSignedIn(seen.answer);
    this.assertNothingShown(seen.answer);
    assert.ok(seen.grown < 64 * 1024, `portero has grown by ${seen.grown} kB`);
    assert.equal(seen.token, at === 'github_connection' ? 0 : 1, 'a code is spent once, and only at GitHub');
    assert.ok(seen.user <= 2, 'who it is may be asked twice');
    if (at.endsWith('_connection')) {
      const met = !['refused', 'dropped'].includes(fault);  // of those, nobody accepts a connection
      assert.equal(seen.heard, met ? 0 : undefined, 'the fault was met, and whoever is not GitHub was told nothing');
    }
    // Where nobody listens, three tries are over at once, and the operator is told.
    const givenUp = () => fault === 'refused' && /revocation_failed/.test(this.proxy.output());
    if (granted) {
      await until(async () => givenUp() || (await this.github.state()).revoked_tokens > seen.revoked,
          'the revocation of the token that was granted');
    }
    await this.proveHealthy();
  }

  async proveHealthy() {
    const answer = await this.signIn();
    this.assertSignedIn(answer);
    this.assertNothingShown(answer);
  }

  /** For one sign-in, GitHub is at another address. */
  async elsewhere(url, says) {
    await this.reload({...this.settings, github: {...this.settings.github, url}});
    const answer = await this.signIn();
    this.assertRefused(answer, says);
    this.assertNothingShown(answer);
    await this.reload(this.settings);
    await this.proveHealthy();
  }

  /** Settings other than before, by SIGHUP. */
  async reload(settings) {
    const reloads = () => this.proxy.output().split(/\breloaded\b/).length;
    const before = reloads();
    this.deployment.write(basename(this.proxy.file), settings);
    this.proxy.child.kill('SIGHUP');
    await until(() => reloads() > before, 'reloaded');
  }

  close() {
    return this.deployment.close();
  }
}
