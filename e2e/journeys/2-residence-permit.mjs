// The same resident fills in what nobody knows, leaves in the middle, goes on at another device; an officer asks once for a
// supplement; the permit is issued. Both sides read one timeline.
import assert from 'node:assert/strict';
import { ask, openTask, say } from '../desk.mjs';
import { paper } from '../papers.mjs';
import { t } from '../texts.mjs';

export const name = '2 residence permit, with a supplement';
const PERMIT = '居住证';
const OWNER = '苏云岭';
const REVIEW = '居住事由审核';
const OFFICE = '青溪区公安局';

export async function run({ person }) {
  const resident = await person('resident');
  await resident.open('/items/residence-permit');
  await resident.follow(t('services-guide-start'));
  await resident.submit(t('services-start-send'));
  await resident.sees('您的基本信息');
  await resident.submit(t('services-form-continue'));
  await resident.sees('居住登记');
  await resident.submit(t('services-form-continue'));
  const home = resident.page.getByLabel('有合法稳定住所');
  assert.ok(await home.isChecked(), 'the ground stands in the register');
  await resident.submit(t('services-form-continue'));
  await resident.submit(t('services-form-continue'));
  await resident.sees(t('shell-errors-title'));
  await resident.fill('单位、住所或者学校的名称和情况', '租住听泉路16号2幢301室，租期三年。');
  await resident.submit(t('services-form-continue'));
  await resident.fill('预计还要在本市居住多少个月', '24');
  await resident.submit(t('services-form-later'));
  await resident.close();

  const elsewhere = await person('resident');
  await elsewhere.open('/my');
  await elsewhere.follow(PERMIT);
  await elsewhere.sees(t('services-tasks-saved'));
  await elsewhere.follow('预计居住多久');
  assert.equal(await elsewhere.value('预计还要在本市居住多少个月'), '24', 'the draft came along');
  await elsewhere.submit(t('services-form-continue'));
  await elsewhere.fill('联系人姓名', '苏望舒');
  await elsewhere.fill('联系人电话', '15400550009');
  await elsewhere.submit(t('services-form-continue'));
  await elsewhere.upload('劳动合同、租赁合同或者就读证明', paper('租赁合同.pdf'));
  await elsewhere.submit(t('services-form-continue'));
  await elsewhere.choose('我已阅读并声明以上内容属实');
  await elsewhere.submit(t('services-form-continue'));
  await elsewhere.sees(t('services-check-title'));
  await elsewhere.sees('租赁合同.pdf');
  await elsewhere.submit(t('services-check-send'));
  await elsewhere.sees(t('services-receipt-sent'));
  await elsewhere.follow(t('services-timeline-title'));
  await elsewhere.sees(OFFICE);
  await elsewhere.sees(t('services-task-accept'));
  const at = elsewhere.where();

  const clerk = await person('permit-clerk');
  await openTask(clerk, { item: PERMIT, owner: OWNER, step: t('services-task-accept') });
  await clerk.submit(t('services-act-accept'));
  await openTask(clerk, { item: PERMIT, owner: OWNER, step: REVIEW });
  await clerk.sees('租赁合同.pdf');
  await ask(clerk, [], '');
  await clerk.sees(t('services-error-ask-fields'));
  await ask(clerk, ['劳动合同、租赁合同或者就读证明'], '合同缺少出租人签字的一页，请补交签字页。');

  await elsewhere.open(at);
  await elsewhere.sees('请补交签字页');
  await elsewhere.sees(t('services-due-paused').slice(0, 6));
  await elsewhere.follow(t('services-case-supplement'));
  await elsewhere.upload('劳动合同、租赁合同或者就读证明', paper('签字页.png'));
  await elsewhere.submit(t('services-supplement-send'));
  await elsewhere.sees(t('services-event-supplemented'));
  await elsewhere.sees(t('services-now-review'));
  await elsewhere.sees(t('services-next-decision'));

  await openTask(clerk, { item: PERMIT, owner: OWNER, step: REVIEW });
  await clerk.sees('签字页.png');
  await clerk.sees(t('services-event-supplemented'));
  await clerk.sees(t('services-act-asked-already'));
  await say(clerk, t('services-act-pass'), '住所有合同为证，居住登记已满半年。');
  const decider = await person('permit-decider');
  await openTask(decider, { item: PERMIT, owner: OWNER, step: t('services-task-decide') });
  await decider.sees('住所有合同为证');
  await decider.sees(OFFICE);
  await say(decider, t('services-act-grant'), '符合发放条件。');

  await elsewhere.open(at);
  await elsewhere.sees(t('services-state-granted'));
  await elsewhere.sees('高明远');
  await elsewhere.sees('住所有合同为证');
  await elsewhere.follow(t('services-see-certificate'));
  await elsewhere.sees(PERMIT);
  assert.equal(await elsewhere.page.locator('.cert--void').count(), 0);
}
