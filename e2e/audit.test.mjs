// The audit and the key walk find what they are for: a page with known faults fails on each of them, a clean one passes.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { auditPage, htmlProblems } from './audit.mjs';
import { keywalk } from './keywalk.mjs';
import { launch, profile } from './lib.mjs';

const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">';
const CLEAN = `<!DOCTYPE html><html lang="zh-Hans"><head>${head}<title>好</title><style>a{display:inline-flex;min-height:60px;min-width:60px;font-size:20px;color:#000}h1{font-size:30px}:focus-visible{outline:3px solid}</style></head><body><a href="#m">跳到内容</a><main id="m"><h1>标题</h1><a href="/x">链接</a></main></body></html>`;
const FAULTY = `<!DOCTYPE html><html><head>${head}<title>坏</title><style>.n:focus{outline:0}.p{position:absolute;left:0;top:0;width:200px;height:80px;background:#fff}</style></head><body>
<main><h1>标题</h1><a class="n" href="/1">无焦点</a> <a href="/2" tabindex="3">序号</a><p><font size="1" color="#bbb">灰字</font></p><div style="width:900px">宽</div><input><img src="data:,"></main><script>throw new Error("x")</script></body></html>`;

let server, browser, base;
test.before(async () => {
  server = http.createServer((q, r) => { r.setHeader('content-type', 'text/html; charset=utf-8'); r.end(q.url === '/clean' ? CLEAN : FAULTY); });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
test.after(async () => { await browser.close(); server.close(); server.closeAllConnections(); });

test('a clean page passes, in elder too', async () => {
  const context = await profile(browser, base, { viewport: 'mobile', look: 'elder' });
  assert.deepEqual(await auditPage(context, `${base}/clean`, { look: 'elder' }), []);
  assert.deepEqual((await keywalk(context, `${base}/clean`)).problems, []);
  assert.deepEqual(htmlProblems([CLEAN]), [[]]);
});
test('every fault is found', async () => {
  const context = await profile(browser, base, { viewport: 'mobile' });
  const found = (await auditPage(context, `${base}/faulty`)).join('\n');
  for (const fault of ['color-contrast', 'html-has-lang', 'label', 'image-alt', 'target: input', 'text size', 'sticks out', 'reflow at 320 px', 'console'])
    assert.ok(found.includes(fault), `${fault} is not in\n${found}`);
  const walked = (await keywalk(context, `${base}/faulty`)).problems.join('\n');
  for (const fault of ['positive tabindex', 'focus cannot be seen', 'not a skip link', 'no name'])
    assert.ok(walked.includes(fault), `${fault} is not in\n${walked}`);
  assert.match(htmlProblems([CLEAN, FAULTY])[1].join('\n'), /font/);
});
