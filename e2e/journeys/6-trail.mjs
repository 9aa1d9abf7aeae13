// A resident reads who looked at their data, why, for which case and on which basis, newest first; questions one look; the
// office answers, and the resident reads the answer.
import assert from 'node:assert/strict';
import { openTask } from '../desk.mjs';
import { applyForPermit } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '6 who looked at my data';
const OFFICE = '云岭市望川区公安局';

export async function run({ person }) {
  const resident = await person('newcomer');
  const at = await applyForPermit(resident);
  const clerk = await person('permit-clerk');
  await openTask(clerk, { item: '居住证', owner: '陆远行', step: t('services-task-accept') });

  await resident.open('/my/trail');
  await resident.sees(t('exchange-trail-title'));
  const times = await resident.page.locator('.looks time').evaluateAll(all => all.map(time => time.dateTime));
  assert.ok(times.length >= 2 && times.every((time, i) => !i || times[i - 1] >= time), `newest first: ${times}`);
  const newest = resident.page.locator('.looks > li').first();
  for (const text of [OFFICE, '梁知秋', '居住证', '《居住证暂行条例》']) assert.ok((await newest.innerText()).includes(text), text);
  assert.equal(await newest.getByRole('link', { name: '居住证' }).getAttribute('href'), at, 'the look leads to its case');
  await resident.shot('trail');
  await resident.follow(t('exchange-trail-people'));
  await resident.seesNot(t('exchange-look-own'));
  await resident.follow(t('exchange-question-ask'));
  await resident.submit(t('exchange-question-send'));
  await resident.sees(t('shell-errors-title'));
  await resident.fill(t('exchange-question-label'), '为什么需要看我的户籍地址？');
  await resident.submit(t('exchange-question-send'));
  await resident.sees('为什么需要看我的户籍地址？');

  await clerk.open('/inbox/questions');
  await clerk.follow('为什么需要看我的户籍地址？');
  await clerk.fill(t('exchange-answer-label'), '居住证写明户籍地址，条例第二条要求核对。');
  await clerk.submit(t('exchange-answer-send'));
  await clerk.open('/inbox/questions?view=answered');
  await clerk.sees('为什么需要看我的户籍地址？');

  await resident.open('/my/notices');
  await resident.follow(OFFICE);
  await resident.sees('居住证写明户籍地址');
  await resident.sees('梁知秋');
  await resident.open('/my/trail');
  await resident.sees(t('exchange-question-answered'));
}
