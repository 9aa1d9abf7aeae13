// What journeys need to be there first, done as people do it.
import assert from 'node:assert/strict';
import { paper } from './papers.mjs';
import { t } from './texts.mjs';

export const LICENCE = '食品经营许可证';
export const RESTAURANT = '云岭市青溪区春溪餐饮有限公司';
const STAFF = [['何安澜', '990102199206150046', '食品安全管理员'], ['顾春溪', '990102198104090068', '服务、销售人员']];

/** The agent signs in and acts for the restaurant. */
export async function agentOf(person) {
  const agent = await person('agent');
  await agent.open('/my/act-for');
  await agent.choose(RESTAURANT);
  await agent.submit(t('directory-act-for-send'));
  return agent;
}

/** Applies for a food business licence; answers the address of the case. `slip`: a number is typed wrong first. */
export async function applyForLicence(agent, { sign, address, slip }) {
  await agent.open('/items/food-licence');
  await agent.follow(t('services-guide-start'));
  await agent.sees(RESTAURANT);
  await agent.submit(t('services-start-send'));
  await agent.sees('91990102MA990001X4');
  await agent.submit(t('services-form-continue'));
  await agent.fill('门店招牌名称', sign);
  if (address) await agent.fill('详细地址', address);
  await agent.fill('经营面积', '186.5');
  await agent.submit(t('services-form-continue'));
  await agent.choose('餐饮服务', '主体业态');
  await agent.choose('热食类制售', '经营项目');
  await agent.choose('自制饮品制售', '经营项目');
  await agent.submit(t('services-form-continue'));
  await agent.choose(t('form-yes'), '是否通过网络经营');
  await agent.submit(t('services-form-continue'));
  await agent.fill('平台或者网站名称', '云岭外卖');
  await agent.submit(t('services-form-continue'));
  await staff(agent, slip);
  const soon = new Date(Date.now() + 40 * 86_400_000);
  await agent.fillDate('计划哪一天开业', soon.getFullYear(), soon.getMonth() + 1, soon.getDate());
  await agent.submit(t('services-form-continue'));
  await agent.upload('经营场所平面布局图', paper('平面布局图.png'));
  await agent.upload('经营场所使用证明', paper('租赁合同.pdf'));
  await agent.upload('食品安全管理制度', paper('食品安全管理制度.pdf'));
  await agent.submit(t('services-form-continue'));
  assert.equal(await agent.value('经办人姓名'), '何安澜');
  await agent.submit(t('services-form-continue'));
  await agent.choose('我已阅读并声明以上内容属实');
  await agent.submit(t('services-form-continue'));
  await agent.sees(t('services-check-title'));
  await agent.sees('平面布局图.png');
  await agent.submit(t('services-check-send'));
  await agent.sees(t('services-receipt-sent'));
  await agent.follow(t('services-timeline-title'));
  return agent.where();
}

async function staff(agent, slip) {
  for (const [row, [name, number, duty]] of STAFF.entries()) {
    if (row) await agent.submit(t('shell-add'));
    const within = `从业人员 ${row + 1}`;
    await agent.fill('姓名', name, within);
    await agent.fill('公民身份号码', slip && !row ? number.replace(/.$/, '5') : number, within);
    await agent.select('岗位', duty, within);
  }
  await agent.submit(t('services-form-continue'));
  if (!slip) return;
  await agent.sees(t('shell-errors-title'));
  assert.equal(await agent.value('姓名', '从业人员 2'), STAFF[1][0], 'what was typed is kept');
  await agent.fill('公民身份号码', STAFF[0][1], '从业人员 1');
  await agent.submit(t('services-form-continue'));
}

/** Applies for the senior card; ends on the certificate's page. */
export async function seniorCard(resident) {
  await resident.open('/items/senior-card/start');
  await resident.submit(t('services-start-send'));
  await resident.submit(t('services-form-continue'));
  await resident.submit(t('services-form-continue'));
  await resident.choose(t('form-no'), '要登记一位紧急联系人吗？');
  await resident.submit(t('services-form-continue'));
  await resident.choose('我已阅读并声明以上内容属实');
  await resident.submit(t('services-form-continue'));
  await resident.submit(t('services-check-send'));
  await resident.until(t('services-see-certificate'));
  await resident.follow(t('services-see-certificate'));
}

/** Applies for a residence permit, with what the registers say left as it is; answers the address of the case. */
export async function applyForPermit(resident) {
  await resident.open('/items/residence-permit/start');
  await resident.submit(t('services-start-send'));
  for (let page = 0; page < 3; page++) await resident.submit(t('services-form-continue'));
  await resident.fill('单位、住所或者学校的名称和情况', '在望川区远帆机械有限公司工作，合同三年。');
  await resident.submit(t('services-form-continue'));
  await resident.fill('预计还要在本市居住多少个月', '36');
  await resident.submit(t('services-form-continue'));
  await resident.fill('联系人姓名', '秦海舟');
  await resident.fill('联系人电话', '15400550005');
  await resident.submit(t('services-form-continue'));
  // The social insurance register proves that they work here: no paper is asked for.
  await resident.sees('您不用上传');
  await resident.submit(t('services-form-continue'));
  await resident.choose('我已阅读并声明以上内容属实');
  await resident.submit(t('services-form-continue'));
  await resident.submit(t('services-check-send'));
  await resident.follow(t('services-timeline-title'));
  return resident.where();
}
