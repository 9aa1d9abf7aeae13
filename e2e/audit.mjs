#!/usr/bin/env node
// node audit.mjs URL... [--looks=normal,elder,dark,contrast] [--viewports=mobile,desktop] [--cookie=name=value] [--budget=150000] [--any-status]
// Per page and look: axe (WCAG 2.2 AA, in elder AAA contrast), targets, text sizes, reflow at 320 px, text spacing, console, other hosts, bytes;
// per page once: validity of the served HTML. Exit code 1 on a failure.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as inpage from './inpage.mjs';
import { args, ending, launch, LOOKS, profile } from './lib.mjs';

const require = createRequire(import.meta.url);
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Problems of each document, by one run of the Nu Html Checker. `bodies`: [string]. Answers [[problem]]. */
export function htmlProblems(bodies) {
  if (!bodies.length) return [];
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'html-'));
  const files = bodies.map((b, i) => { const f = path.join(dir, `${i}.html`); fs.writeFileSync(f, b); return f; });
  // -Xss8m: the checker recurses deeply, the default stack overflows
  const run = spawnSync('java', ['-Xss8m', '-jar', String(require('vnu-jar')), '--format', 'json', '--stdout', '--exit-zero-always', ...files], { maxBuffer: 1 << 27 });
  fs.rmSync(dir, { recursive: true });
  const out = bodies.map(() => []);
  for (const m of JSON.parse(run.stdout).messages) {
    const i = Number(path.basename(m.url || '').replace('.html', ''));
    if (m.type === 'error' || m.subType === 'warning') out[i].push(`line ${m.lastLine}: ${m.message}`);
    if (m.type === 'non-document-error') throw new Error(m.message);
  }
  return out;
}

function watch(page, base) {
  const seen = { errors: [], hosts: new Set(), bytes: 0 };
  page.on('console', m => { if (m.type() === 'error' && !/status of [45]\d\d/.test(m.text())) seen.errors.push(m.text()); });
  page.on('pageerror', e => seen.errors.push(String(e)));
  page.on('request', r => { const u = new URL(r.url()); if (u.protocol.startsWith('http') && u.host !== new URL(base).host) seen.hosts.add(u.host); });
  page.on('requestfinished', async r => { const s = await r.sizes().catch(() => null); if (s) seen.bytes += s.responseBodySize + s.responseHeadersSize; });
  return seen;
}

/** Problems of the page as it stands, in a look that it already wears: axe, targets, text sizes, reflow, text spacing. */
export async function inspect(page, look = 'normal') {
  const elder = look.startsWith('elder'), size = page.viewportSize(), out = [];
  const add = (what, list) => out.push(...list.map(x => `${what}: ${x}`));
  await page.evaluate(AXE);
  add('axe', await page.evaluate(inpage.axe, elder ? 'AAA' : 'AA'));
  const { small, tiny } = await page.evaluate(inpage.sizes, elder ? { min: 60, font: 18 } : { min: 44, font: 14 });
  add('target', small);
  add('text size', tiny);
  add('sticks out', await page.evaluate(inpage.overflow));
  await page.setViewportSize({ width: 320, height: 640 });
  add('reflow at 320 px', await page.evaluate(inpage.overflow));
  await page.setViewportSize(size);
  await page.evaluate(inpage.spaceText);
  add('text spacing', await page.evaluate(inpage.overflow));
  await page.evaluate(inpage.spaceNormally);
  return out;
}

/** Problems of the page as it stands, at `width`, in each of `looks` (`worn(look)` is called in each); afterwards it is as it was. */
export async function inspectInLooks(page, looks, width, worn = async () => {}) {
  const size = page.viewportSize(), out = [];
  const before = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  await page.setViewportSize({ width, height: size.height });
  for (const look of looks) {
    await page.evaluate(inpage.wear, LOOKS[look]);
    await worn(look);
    out.push(...(await inspect(page, look)).map(problem => `[${look} ${width}] ${problem}`));
  }
  await page.evaluate(inpage.wear, before);
  await page.setViewportSize(size);
  return out;
}

/** All problems of one page in one look; [] when it passes. */
export async function auditPage(context, url, { look = 'normal', budget = 150_000, anyStatus = false } = {}) {
  const page = await context.newPage();
  const seen = watch(page, url), out = [];
  const add = (what, list) => out.push(...list.map(x => `${what}: ${x}`));
  try {
    const answer = await page.goto(url, { waitUntil: 'load', timeout: 30_000 });
    if (answer.status() >= 400 && !anyStatus) add('status', [answer.status()]);
    out.push(...await inspect(page, look));
    add('console', seen.errors);
    add('other host', [...seen.hosts]);
    if (seen.bytes > budget) add('bytes', [`${seen.bytes} > ${budget}`]);
  } catch (e) {
    add('crash', [e.message.split('\n')[0]]);
  } finally {
    await page.close();
  }
  return out;
}

/** Audits `urls` in `looks` × `viewports`; prints; answers [passed, failed]. */
export async function auditAll(browser, urls, { looks, viewports, cookies = {}, ...options }) {
  let passed = 0, failed = 0;
  const say = (label, problems) => { if (problems.length) { failed++; console.log(`FAIL ${label}`); problems.slice(0, 12).forEach(p => console.log(`  ${p}`)); } else passed++; };
  for (const look of looks) for (const viewport of viewports) {
    const context = await profile(browser, urls[0], { look, viewport, cookies });
    for (const url of urls) say(`${url} [${look} ${viewport}]`, await auditPage(context, url, { look, ...options }));
    await context.close();
  }
  const context = await profile(browser, urls[0], { cookies });
  const bodies = [];
  for (const url of urls) bodies.push(await (await context.request.get(url, { maxRedirects: 5 })).text());
  await context.close();
  htmlProblems(bodies).forEach((problems, i) => say(`${urls[i]} [html]`, problems));
  return [passed, failed];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const o = args();
  if (!o._.length) { console.error(fs.readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n').slice(1, 5).join('\n')); process.exit(2); }
  const list = (v, d) => (v ? String(v).split(',') : d);
  const cookies = o.cookie ? Object.fromEntries([String(o.cookie).split(/=(.*)/s).slice(0, 2)]) : {};
  const browser = await launch();
  const [passed, failed] = await auditAll(browser, o._, { looks: list(o.looks, ['normal', 'elder', 'dark', 'contrast']), viewports: list(o.viewports, ['mobile', 'desktop']), cookies, budget: Number(o.budget || 150_000), anyStatus: Boolean(o['any-status']) });
  await browser.close();
  ending(passed, failed);
}
