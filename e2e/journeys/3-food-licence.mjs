// An agent applies for the restaurant: two departments review side by side, the slower one is visible; a refusal says why,
// on which basis and how to appeal; a second application is granted and the licence issued.
import assert from 'node:assert/strict';
import { openTask, say } from '../desk.mjs';
import { LICENCE, RESTAURANT as OWNER, agentOf, applyForLicence } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '3 food licence, reviewed side by side';
const [PAPERS, SITE] = ['书面审查', '现场核查'];

export async function run({ person }) {
  const agent = await agentOf(person);
  const refused = await applyForLicence(agent, { sign: '春溪小馆', slip: true });

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
  await agent.shot('timeline', { from: '.meta' });

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

  await granted({ agent, reviewer, health, decider, person });
}

/** The first basis that the list of the task offers. */
async function second(decider) {
  return (await decider.page.locator('#basis option').nth(1).innerText()).trim();
}

async function granted({ agent, reviewer, health, decider, person }) {
  const at = await applyForLicence(agent, { sign: '春溪小馆（听泉路店）' });
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
