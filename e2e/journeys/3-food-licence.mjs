// An agent applies for the restaurant: two departments review side by side, the slower one is visible; a refusal says why,
// on which basis and how to appeal; a second application is granted and the licence issued.
import assert from 'node:assert/strict';
import { openTask, say } from '../desk.mjs';
import { paper } from '../papers.mjs';
import { t } from '../texts.mjs';

export const name = '3 food licence, reviewed side by side';
const LICENCE = '食品经营许可证';
const OWNER = '云岭市青溪区春溪餐饮有限公司';
const [PAPERS, SITE] = ['书面审查', '现场核查'];
const STAFF = [['何安澜', '990102199206150046', '食品安全管理员'], ['顾春溪', '990102198104090068', '服务、销售人员']];

/** The whole form; answers the address of the case. */
async function apply(agent, sign) {
  await agent.open('/items/food-licence');
  await agent.follow(t('services-guide-start'));
  await agent.sees(OWNER);
  await agent.submit(t('services-start-send'));
  await agent.sees('91990102MA990001X4');
  await agent.submit(t('services-form-continue'));
  await agent.fill('门店招牌名称', sign);
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
  await staff(agent);
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

async function staff(agent) {
  for (const [row, [person, number, duty]] of STAFF.entries()) {
    if (row) await agent.submit(t('shell-add'));
    const within = `从业人员 ${row + 1}`;
    await agent.fill('姓名', person, within);
    await agent.fill('公民身份号码', row ? number : number.replace(/.$/, '5'), within);
    await agent.select('岗位', duty, within);
  }
  await agent.submit(t('services-form-continue'));
  await agent.sees(t('shell-errors-title'));
  await agent.fill('公民身份号码', STAFF[0][1], '从业人员 1');
  await agent.submit(t('services-form-continue'));
}

export async function run({ person }) {
  const agent = await person('agent');
  await agent.open('/my/act-for');
  await agent.choose(OWNER);
  await agent.submit(t('directory-act-for-send'));
  const refused = await apply(agent, '春溪小馆');

  const reviewer = await person('licence-reviewer');
  await openTask(reviewer, { item: LICENCE, owner: OWNER, step: t('services-task-accept') });
  await reviewer.submit(t('services-act-accept'));
  await openTask(reviewer, { item: LICENCE, owner: OWNER, step: PAPERS });
  await reviewer.sees('春溪小馆');
  await say(reviewer, t('services-act-pass'), '材料齐全，符合要求。');
  await agent.open(refused);
  await agent.sees(t('services-now-reviews', { count: 2 }));
  await agent.sees(t('services-timeline-slow'));
  assert.match(await agent.page.locator('.branches .slow').innerText(), new RegExp(SITE));
  await agent.shot('reviews');

  const health = await person('health-reviewer');
  await openTask(health, { item: LICENCE, owner: OWNER, step: SITE });
  await say(health, t('services-act-fail'), '');
  await health.sees(t('services-error-reason'));
  await say(health, t('services-act-fail'), '热食加工间没有独立的洗手和消毒设施。', '《餐饮服务食品安全操作规范》第三章');
  const decider = await person('licence-decider');
  await openTask(decider, { item: LICENCE, owner: OWNER, step: t('services-task-decide') });
  await decider.sees('没有独立的洗手和消毒设施');
  await decider.select(t('services-act-basis'), await second(decider));
  await say(decider, t('services-act-refuse'), '现场核查不合格：热食加工间没有独立的洗手和消毒设施。');
  await agent.open(refused);
  await agent.sees(t('services-state-refused'));
  await agent.sees('热食加工间没有独立的洗手和消毒设施');
  await agent.sees(t('services-outcome-basis'));
  await agent.sees(t('services-outcome-appeal'));
  await agent.sees('行政复议');
  await agent.shot('refusal');

  await granted({ agent, reviewer, health, decider, person });
}

/** The first basis that the list of the task offers. */
async function second(decider) {
  return (await decider.page.locator('#basis option').nth(1).innerText()).trim();
}

async function granted({ agent, reviewer, health, decider, person }) {
  const at = await apply(agent, '春溪小馆（听泉路店）');
  await openTask(reviewer, { item: LICENCE, owner: OWNER, step: t('services-task-accept') });
  await reviewer.submit(t('services-act-accept'));
  await openTask(health, { item: LICENCE, owner: OWNER, step: SITE });
  await say(health, t('services-act-pass'), '现场核查合格。');
  const inspector = await person('licence-inspector');
  await openTask(inspector, { item: LICENCE, owner: OWNER, step: PAPERS });
  await say(inspector, t('services-act-pass'), '材料齐全，符合要求。');
  await openTask(decider, { item: LICENCE, owner: OWNER, step: t('services-task-decide') });
  await say(decider, t('services-act-grant'), '准予许可。');
  await agent.open(at);
  await agent.sees(t('services-state-granted'));
  await agent.follow(t('services-see-certificate'));
  await agent.sees(LICENCE);
  await agent.sees(OWNER);
  await agent.sees('热食类制售');
}
