// An officer's day: the inbox by mine, office, due soon and overdue; a case with what was said beside what the registers
// know; taken, done with one click and a reason; two officers at the same task: the second is told, and keeps the words.
import assert from 'node:assert/strict';
import { openTask, say } from '../desk.mjs';
import { LICENCE, RESTAURANT, agentOf, applyForLicence } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '4 the officer’s inbox';
const PAPERS = '书面审查';
const OURS = { item: LICENCE, owner: RESTAURANT };

/** The number beside a view. */
async function count(officer, view) {
  const link = officer.page.locator('.views a').filter({ hasText: t(`services-inbox-view-${view}`) });
  return link.locator('.n').innerText();
}

export async function run({ person }) {
  const agent = await agentOf(person);
  await applyForLicence(agent, { sign: '春溪小馆（分店）', address: '南屏省云岭市青溪区春溪街道听泉路70号二层' });

  const officer = await person('licence-reviewer');
  for (const view of ['office', 'soon', 'late', 'mine']) {
    await officer.open(`/inbox?view=${view}`);
    const rows = officer.page.locator('table.inbox tbody tr'), shown = await count(officer, view);
    assert.equal(await rows.count(), Math.min(25, Number.parseInt(shown, 10)), `${view}: as many as it says`);
    if (view === 'late') assert.equal(await officer.page.locator('table.inbox tbody tr:not(.late)').count(), 0, 'overdue is marked');
    if (view === 'soon') assert.equal(await officer.page.locator('table.inbox tbody tr:not(.soon)').count(), 0, 'due soon is marked');
    if (view === 'mine') await officer.sees(t('services-inbox-none'));
  }
  await openTask(officer, { ...OURS, step: t('services-task-accept') });
  const differs = officer.page.locator('tr.differs');
  assert.equal(await differs.count(), 1, 'one answer differs from the register');
  for (const text of ['详细地址', '听泉路70号二层', '听泉路66号一层', t('services-compare-differs')]) assert.ok((await differs.innerText()).includes(text), text);
  assert.ok((await officer.download('平面布局图.png')).length > 20);
  await officer.submit(t('services-task-take'));
  await openTask(officer, { ...OURS, view: 'mine' });
  assert.equal(await officer.page.getByRole('button', { name: t('services-task-take') }).count(), 0);
  await officer.submit(t('services-act-accept'));
  await officer.shot('inbox', { height: 680 });

  const [mine, theirs] = [officer, await person('licence-inspector')];
  await openTask(mine, { ...OURS, step: PAPERS });
  await openTask(theirs, { ...OURS, step: PAPERS });
  await say(theirs, t('services-act-pass'), '材料齐全，符合要求。');
  await say(mine, t('services-act-fail'), '平面图没有标明粗加工区。', '《食品经营许可审查通则》第九条');
  await mine.sees(t('services-task-conflict-title'));
  await mine.sees('罗石');
  await mine.open('/inbox?view=mine');
  await mine.sees(t('services-inbox-none'));
}
