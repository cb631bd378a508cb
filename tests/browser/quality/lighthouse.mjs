// Lighthouse over the demo, as a phone sees it. Run by itself (script/lighthouse): five runs, each figure's median.
import {fileURLToPath} from 'node:url';
import lighthouse from 'lighthouse';
import {startDemo} from '../../deployment.mjs';
import {startBrowser} from '../harness.mjs';

const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const metrics = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];

/** One run: {scores: {category: 0-100}, metrics: {name: number}, complaints: [what took points away]}. */
export async function audit(url, browser) {
  const port = Number(new URL(browser.wsEndpoint()).port);
  const {lhr} = await lighthouse(url, {port, logLevel: 'silent', output: 'json', onlyCategories: categories});
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const complaints = categories.slice(1).flatMap((category) => lhr.categories[category].auditRefs)
      .filter(({id, weight}) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({id}) => `${id}: ${lhr.audits[id].title}`);
  return {
    scores: Object.fromEntries(categories.map((name) => [name, Math.round(lhr.categories[name].score * 100)])),
    metrics: Object.fromEntries(metrics.map((name) => [name, lhr.audits[name].numericValue])),
    complaints,
  };
}

/** Gives `use` a demo and a browser of its own. */
export async function withDemo(use) {
  const demo = await startDemo();
  const chromium = await startBrowser();
  try {
    return await use(demo, chromium.browser);
  } finally {
    await chromium.stop();
    await demo.stop();
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function main(runs) {
  const seen = await withDemo(async (demo, browser) => {
    const list = [];
    for (let run = 0; run < runs; run += 1) {
      list.push(await audit(demo.url, browser));
      console.log(`run ${run + 1}: ${Object.entries(list.at(-1).scores).map(([name, score]) => `${name} ${score}`).join(', ')}`);
    }
    return list;
  });
  console.log(`\nmedian of ${runs}:`);
  for (const name of categories) console.log(`  ${name.padEnd(24)} ${median(seen.map(({scores}) => scores[name]))}`);
  for (const name of metrics) {
    const value = median(seen.map((one) => one.metrics[name]));
    console.log(`  ${name.padEnd(24)} ${name.endsWith('shift') ? value.toFixed(3) : `${Math.round(value)} ms`}`);
  }
  for (const line of new Set(seen.flatMap(({complaints}) => complaints))) console.log(`  complaint: ${line}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(Number(process.argv[2] ?? 5));
