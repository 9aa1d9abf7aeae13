// The two drivers do the same on the prototype's form: what a journey says by mouse, it says by keyboard.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { launch } from './lib.mjs';
import { person } from './person.mjs';
import { serve } from './prototype/serve.mjs';

for (const hand of ['mouse', 'keyboard']) {
  test(`${hand}: fills a form, uploads, sends, reads the answer`, async () => {
    const { server, base } = await serve();
    const browser = await launch();
    const watch = { problems: [], bodies: new Map(), visited: new Set() };
    try {
      const someone = await person(browser, base, hand, watch);
      await someone.open('/form');
      await someone.submit('都对，继续');
      await someone.open('/form-fields');
      await someone.fill('现住地址', '青溪区 8 号');
      assert.equal(await someone.value('现住地址'), '青溪区 8 号');
      await someone.choose('单位宿舍', '住房来源');
      assert.equal(await someone.page.locator('input[name=ground]:checked').inputValue(), 'employer');
      await someone.fillDate('从哪天开始住', 2025, 6, 3);
      assert.equal(await someone.page.locator('[name=since-d]').inputValue(), '3');
      await someone.select('所属区县', '金禾区');
      assert.equal(await someone.value('所属区县'), '990104');
      await someone.choose('办理有进展时发短信给我');
      const file = path.join(os.tmpdir(), `lease-${process.pid}.pdf`);
      fs.writeFileSync(file, '%PDF-1.4');
      await someone.upload('租房合同', file);
      await someone.submit('保存并继续');
      await someone.sees('有 3 处需要改正');
      fs.rmSync(file);
      await someone.seesNot('草稿已保存');
      await someone.open('/case');
      await someone.unfold('材料（3 件）');
      await someone.sees('平面布局图.pdf');
      await someone.follow('撤回申请');
      await someone.sees('没有这个页面');
      await assert.rejects(someone.follow('没有的链接'), /no link «没有的链接»/);
      assert.deepEqual(watch.problems, []);
      assert.ok(watch.bodies.size > 3 && watch.visited.size > 3);
    } finally {
      await browser.close();
      server.close();
    }
  });
}
test('keyboard: what Tab does not reach fails', async () => {
  const { server, base } = await serve();
  const browser = await launch();
  try {
    const someone = await person(browser, base, 'keyboard', { problems: [], bodies: new Map(), visited: new Set() });
    await someone.open('/');
    await someone.page.evaluate(() => { document.querySelector('.events a').tabIndex = -1; });
    await assert.rejects(someone.follow('孩子出生'), /cannot reach/);
  } finally {
    await browser.close();
    server.close();
  }
});
