#!/usr/bin/env node
// node shots.mjs --out=DIR URL... [--looks=normal,elder,dark,contrast] [--viewports=mobile,desktop] [--full] [--print] [--cookie=name=value]
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { args, launch, profile } from './lib.mjs';

const slug = url => new URL(url).pathname.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home';

/** PNG files of `urls` in `out`; answers their paths. */
export async function shoot(browser, urls, { out, looks = ['normal'], viewports = ['desktop'], full = true, print = false, cookies = {} }) {
  fs.mkdirSync(out, { recursive: true });
  const files = [];
  for (const look of looks) for (const viewport of viewports) {
    const context = await profile(browser, urls[0], { look, viewport, cookies });
    const page = await context.newPage();
    if (print) await page.emulateMedia({ media: 'print' });
    for (const url of urls) {
      await page.goto(url, { waitUntil: 'load' });
      const file = path.join(out, `${slug(url)}-${viewport}-${look}${print ? '-print' : ''}.png`);
      await page.screenshot({ path: file, fullPage: full });
      files.push(file);
    }
    await context.close();
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const o = args();
  const list = (v, d) => (v ? String(v).split(',') : d);
  const cookies = o.cookie ? Object.fromEntries([String(o.cookie).split(/=(.*)/s).slice(0, 2)]) : {};
  const browser = await launch();
  const files = await shoot(browser, o._, { out: o.out || 'shots', looks: list(o.looks, ['normal', 'elder', 'dark', 'contrast']), viewports: list(o.viewports, ['mobile', 'desktop']), full: Boolean(o.full), print: Boolean(o.print), cookies });
  await browser.close();
  files.forEach(f => console.log(f));
}
