// A resident finds the senior card by any of its names, reads the guide, checks what the registers say, changes what may be
// changed, submits once and holds the certificate: no upload, no officer.
import assert from 'node:assert/strict';
import { t } from '../texts.mjs';

export const name = '1 senior card, from search to certificate';
const CARD = '老年人优待证';

export async function run({ person, signIns, visited }) {
  const resident = await person();
  for (const words of ['senior card', '老年人优待证', 'lao nian ren', '優待證']) {
    await resident.open('/');
    await resident.fill(t('services-search-label'), words);
    await resident.submit(t('services-search-send'));
    await resident.sees(CARD);
  }
  await resident.open('/');
  await resident.shot('hall');
  await resident.fill(t('services-search-label'), CARD);
  await resident.submit(t('services-search-send'));
  await resident.follow(CARD);
  await resident.shot('guide');
  await resident.follow(t('services-guide-start'));
  await resident.fillSignIn(signIns.resident);
  if (!resident.where().endsWith('/start')) await resident.open('/items/senior-card/start');
  await resident.sees(t('services-start-asked-title'));
  await resident.submit(t('services-start-send'));

  await resident.sees('您的基本信息');
  await resident.sees('公民身份号码');
  for (const source of await resident.page.locator('main .src').allInnerTexts()) assert.match(source, /局.*\d{4}年\d{1,2}月\d{1,2}日/, 'each value has its source and date');
  assert.ok((await resident.page.locator('main .src').count()) >= 4);
  assert.equal(await resident.page.locator('main input[type=text]').count(), 0, 'what a register fixes is not typed');
  await resident.shot('form');
  await resident.submit(t('services-form-continue'));
  assert.notEqual(await resident.value('联系地址'), '', 'the address is filled in');
  await resident.fill('联系地址', '云岭市青溪区柳巷街道 8 号楼 101 室');
  await resident.fill('手机号码', '1390000');
  await resident.submit(t('services-form-continue'));
  await resident.sees(t('shell-errors-title'));
  assert.equal(await resident.value('联系地址'), '云岭市青溪区柳巷街道 8 号楼 101 室', 'what was typed is kept');
  await resident.fill('手机号码', '13900002046');
  await resident.submit(t('services-form-continue'));
  await resident.choose(t('form-no'), '要登记一位紧急联系人吗？');
  await resident.submit(t('services-form-continue'));
  await resident.choose('我已阅读并声明以上内容属实');
  await resident.submit(t('services-form-continue'));

  await resident.sees(t('services-check-title'));
  await resident.sees('8 号楼 101 室');
  const began = Date.now();
  await resident.submit(t('services-check-send'));
  await resident.until(t('services-see-certificate'));
  assert.ok(Date.now() - began < 10_000, 'seconds later');
  await resident.sees(t('services-receipt-done'));
  await resident.follow(t('services-timeline-title'));
  await resident.sees(t('services-by-rule'));
  await resident.follow(t('services-see-certificate'));
  await resident.sees(CARD);
  for (const [where, html] of visited) assert.ok(!/type="file"/.test(html), `nothing is uploaded: ${where}`);
  await resident.shot('certificate');
}
