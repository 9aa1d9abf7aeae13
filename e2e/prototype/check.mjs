#!/usr/bin/env node
// node prototype/check.mjs [--pages=home,guide] [--looks=…] [--viewports=…] [--shots=DIR]: the prototype pages through the audit.
import { auditAll } from '../audit.mjs';
import { keywalk } from '../keywalk.mjs';
import { args, ending, launch, profile } from '../lib.mjs';
import { shoot } from '../shots.mjs';
import { names, serve } from './serve.mjs';

const o = args();
const list = (v, d) => (v ? String(v).split(',') : d);
const { server, base } = await serve();
const urls = list(o.pages, names()).map(n => `${base}/${n === 'home' ? '' : n}`);
const looks = list(o.looks, ['normal', 'elder', 'dark', 'contrast']);
const viewports = list(o.viewports, ['mobile', 'desktop']);
const browser = await launch();
if (o.shots) {
  await shoot(browser, urls, { out: o.shots, looks, viewports, print: Boolean(o.print) });
} else {
  let [passed, failed] = await auditAll(browser, urls, { looks, viewports, anyStatus: true });
  const context = await profile(browser, base, { viewport: 'desktop' });
  for (const url of urls) {
    const { problems } = await keywalk(context, url);
    if (problems.length) { failed++; console.log(`FAIL ${url} [keyboard]`); problems.slice(0, 8).forEach(p => console.log(`  ${p}`)); } else passed++;
  }
  await browser.close();
  server.close();
  ending(passed, failed);
}
await browser.close();
server.close();
