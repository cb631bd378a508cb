// What Lighthouse thinks of the page, but for its speed: that depends on the machine (script/lighthouse measures it).
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {audit, withDemo} from './lighthouse.mjs';

test('Lighthouse gives 100 for accessibility, best practices and SEO', async () => {
  const {scores, complaints} = await withDemo((demo, browser) => audit(demo.url, browser));
  assert.deepEqual(complaints, []);
  const {performance: _, ...rest} = scores;
  assert.deepEqual(rest, {'accessibility': 100, 'best-practices': 100, 'seo': 100});
});
