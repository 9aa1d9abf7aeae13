// The pass in other languages finds what it is for: foreign words, keys in place of texts, boxes that stick out.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { launch, profile } from './lib.mjs';
import { otherTongues } from './tongues.mjs';

const page = (lang, body) => `<!DOCTYPE html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>T</title></head><body>${body}</body></html>`;
const PAGES = {
  '/clean': lang => page(lang, `<a href="/my/account">陆远行</a><h1>Hello, 陆远行</h1><p>《居住证暂行条例》第二条</p><p><span lang="zh-Hans">语言</span></p><dl><dt>Words</dt><dd>去年已换号</dd></dl>`),
  '/search': lang => page(lang, '<h1>Search: 没有</h1>'),
  '/foreign': lang => page(lang, '<h1>收件箱</h1><table><tr><td data-label="状态"><span class="tag">有效</span></td></tr></table>'),
  '/key': lang => page(lang, '<h1>services-inbox-title</h1>'),
  '/wide': lang => page(lang, '<div style="width:500px">wide</div>'),
};
let server, browser, base, someone;
test.before(async () => {
  server = http.createServer((q, r) => {
    const lang = /lang=([\w-]+)/.exec(q.headers.cookie || '')?.[1];
    r.setHeader('content-type', 'text/html; charset=utf-8');
    const made = PAGES[new URL(q.url, base).pathname];
    r.statusCode = made ? 200 : 404;
    r.end(made ? made(lang) : page(lang, '<h1>没有</h1>'));
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
  const context = await profile(browser, base);
  someone = { cookies: () => context.cookies() };
});
test.after(async () => { await browser.close(); server.close(); server.closeAllConnections(); });
const heard = async path => (await otherTongues(browser, base, someone, [base + path])).join('\n');

test('names, laws, what was typed and what is marked keep their language; a page that is gone says nothing', async () => {
  for (const path of ['/clean', '/search?q=%E6%B2%A1%E6%9C%89', '/gone']) assert.equal(await heard(path), '');
});
test('the own words of an English page are English, a label and a tag in a table too', async () => {
  const found = await heard('/foreign');
  for (const word of ['收件箱', '状态', '有效']) assert.ok(found.includes(word), `${word} is not in\n${found}`);
  assert.ok(!found.includes('zh-Hant'), found);
});
test('a key in place of a text and a wide box are found in both languages', async () => {
  for (const lang of ['en', 'zh-Hant']) {
    assert.match(await heard('/key'), new RegExp(`${lang} the key services-inbox-title`));
    assert.match(await heard('/wide'), new RegExp(`${lang} \\[elder\\] sticks out`));
  }
});
