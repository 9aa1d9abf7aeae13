// Every kind of page that a journey reached, again in the other two languages on a phone, in the plain and the elder look:
// nothing sticks out, no key stands where a text should, and the English page speaks English.
import * as inpage from './inpage.mjs';
import { LOOKS, profile } from './lib.mjs';
import { RESTAURANT } from './givens.mjs';
import { rawKeys } from './texts.mjs';

/** Names of people and enterprises, whole and masked, and of files keep their language wherever they stand. */
const NAMES = ['苏云岭', '陆远行', '何安澜', '顾春溪', '秦海舟', RESTAURANT,
  '温如玉', '梁知秋', '高明远', '王敏', '罗石', '沈衡', '叶清', '严正', '管维'];

/** The page as it stands, in one language; [] when it passes. */
async function listen(page, lang, given) {
  const out = [];
  for (const look of ['normal', 'elder']) {
    await page.evaluate(inpage.wear, LOOKS[look]);
    out.push(...(await page.evaluate(inpage.overflow)).map(what => `[${look}] sticks out: ${what}`));
    if (process.env.TRACE) await page.screenshot({ path: `${process.env.TRACE}/tongue-${lang}-${look}-${new URL(page.url()).pathname.replace(/_[0-9a-z]{26}/g, '').replace(/\W+/g, '-')}.png`, fullPage: true });
  }
  out.push(...rawKeys(await page.evaluate(() => document.body.innerText), lang).map(key => `the key ${key} instead of a text`));
  if (lang === 'en') out.push(...(await page.evaluate(inpage.han, given)).map(([part, text]) => `${part}: ${text}`));
  return out;
}

/** What was asked in the address stands in the page as it was typed. */
const typed = place => [...new URL(place).searchParams.values()].filter(Boolean);

/** What is wrong in `places` (addresses that `someone` may read): [problem]. */
export async function otherTongues(browser, base, someone, places) {
  const out = [];
  for (const lang of ['en', 'zh-Hant']) {
    const context = await profile(browser, base, { viewport: 'mobile' });
    await context.addCookies([...await someone.cookies(), { name: 'lang', value: lang, url: base }]);
    const page = await context.newPage();
    for (const place of places) {
      const answer = await page.goto(place, { waitUntil: 'load' });
      // What is over since then (a draft that was sent) is said on a page that was heard before.
      if (answer.status() < 400) out.push(...(await listen(page, lang, [...NAMES, ...typed(place)])).map(problem => `${place} ${lang} ${problem}`));
    }
    await context.close();
  }
  return out;
}
