#!/usr/bin/env node
// node keywalk.mjs URL [--look=normal] [--viewport=desktop] [--max=150] [--cookie=name=value]
// Walks the page with Tab: order, names (4.1.2), visible focus (2.4.7), not covered (2.4.11), traps (2.1.2), skip link first (2.4.1).
import { fileURLToPath } from 'node:url';
import { args, ending, launch, profile } from './lib.mjs';

// Runs in the page: the focused element, its box, whether its look differs from the unfocused one, whether something covers it.
function focused() {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  window.walked = window.walked || [];
  let id = window.walked.indexOf(e);
  if (id < 0) id = window.walked.push(e) - 1;
  const look = () => [e, e.labels && e.labels[0]].filter(Boolean).map(x => [null, '::before'].map(p => { const s = getComputedStyle(x, p); return [s.outlineStyle === 'none' ? '' : s.outlineStyle + s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor].join(); }).join()).join();
  const r = e.getBoundingClientRect();
  const points = [[r.x + r.width / 2, r.y + r.height / 2], [r.x + 3, r.y + 3], [r.right - 3, r.bottom - 3]];
  const own = t => t && (e === t || e.contains(t) || t.contains(e) || [...(e.labels || [])].some(l => l.contains(t)));
  const on = look();
  e.blur();
  const off = look();
  e.focus({ preventScroll: true });
  return { id, tag: e.tagName.toLowerCase(), tabindex: e.tabIndex, href: e.getAttribute('href') || '', wide: r.width > 2, changed: on !== off,
    inView: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth, covered: points.every(([x, y]) => !own(document.elementFromPoint(x, y))) };
}

async function named(context, page) {
  const session = await context.newCDPSession(page);
  try {
    const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
    const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
    return { role: nodes[0]?.role?.value || '?', name: nodes[0]?.name?.value || '' };
  } finally { await session.detach().catch(() => {}); }
}

/** Answers {steps, problems}. */
export async function keywalk(context, url, max = 150) {
  const page = await context.newPage(), steps = [], problems = [], seen = new Set();
  await page.goto(url, { waitUntil: 'load' });
  for (let i = 0, last = -1; i < max; i++) {
    await page.keyboard.press('Tab');
    const f = await page.evaluate(focused);
    if (!f) { if (i === 0) problems.push('the first Tab focuses nothing'); break; }
    const { role, name } = await named(context, page);
    const line = `${i + 1} ${role} «${name.slice(0, 40)}»`;
    if (seen.has(f.id)) { if (f.id === last) problems.push(`trap at ${line}`); break; }
    seen.add(f.id);
    steps.push(line);
    if (!name) problems.push(`no name: ${f.tag} ${line}`);
    if (f.tabindex > 0) problems.push(`positive tabindex: ${line}`);
    if (!f.changed) problems.push(`focus cannot be seen: ${line}`);
    if (f.wide && !f.inView) problems.push(`focused out of sight: ${line}`);
    if (f.wide && f.inView && f.covered) problems.push(`covered: ${line}`);
    if (i === 0 && !f.href.startsWith('#')) problems.push(`the first stop is not a skip link: ${line}`);
    last = f.id;
  }
  await page.close();
  return { steps, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const o = args();
  const browser = await launch();
  const cookies = o.cookie ? Object.fromEntries([String(o.cookie).split(/=(.*)/s).slice(0, 2)]) : {};
  const context = await profile(browser, o._[0], { look: o.look || 'normal', viewport: o.viewport || 'desktop', cookies });
  const { steps, problems } = await keywalk(context, o._[0], Number(o.max || 150));
  await browser.close();
  steps.forEach(s => console.log(s));
  problems.forEach(p => console.log(`PROBLEM ${p}`));
  ending(problems.length ? 0 : 1, problems.length ? 1 : 0);
}
