// One door to data: a department publishes a resource, another asks for it, the provider gives less than was asked, the hall
// uses it for a resident, who sees the look, questions it and reads the answer. Before the grant, the hall gets nothing.
import assert from 'node:assert/strict';
import { seniorCard } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '8 one door to data';
const REGISTER = '人口基础信息', CARD = '老年人优待证', ASKING = '云岭市民政局', GIVING = '云岭市公安局';
/** What the card needs, and what is asked beyond it. */
const NEEDED = ['姓名', '公民身份号码', '性别', '出生日期', '户籍所在地区划代码', '户籍地址', '现居住地区划代码', '现居住地址', '人口状态', '联系手机'];
const ADDED = '手机核验日期', TOO_MUCH = ['婚姻状况', ADDED];
const YEAR = new Date().getFullYear() + 1;

const field = type => `- key: mobile_checked_on
  name:
    zh-Hans: ${ADDED}
    zh-Hant: 手機核驗日期
    en: Mobile number checked on
  type: ${type}
  length: 10
  required: false
  sensitivity: personal
`;

/** The department's new version: refused at its line first, published by the data office. */
async function publish(clerk, office) {
  await clerk.follow(t('nav-catalogue'));
  await clerk.follow(REGISTER);
  await clerk.follow(t('registry-resource-revise'));
  const document = await clerk.value(t('registry-submit-document'));
  const at = document.indexOf('\nsharing:') + 1;
  assert.ok(at > 0, document);
  const changed = type => document.slice(0, at) + field(type) + document.slice(at);
  await clerk.fill(t('registry-submit-document'), changed('day'));
  await clerk.submit(t('registry-submit-send'));
  await clerk.sees(t('shell-errors-title'));
  assert.equal(await clerk.page.locator('.lined li.err').count(), 1, 'the error stands at its line');
  await clerk.fill(t('registry-submit-document'), changed('date'));
  await clerk.submit(t('registry-submit-send'));
  await clerk.sees('mobile_checked_on');

  await office.follow(t('nav-desk-catalogue'));
  await office.follow(REGISTER);
  await office.sees('mobile_checked_on');
  await office.submit(t('registry-submission-publish'));
  await office.sees(ADDED);
}

/** The grant with which the city began is taken back, so that the hall stands before a closed door. */
async function revoke(decider) {
  await decider.open('/exchange/grants?view=given');
  const link = () => decider.page.getByRole('link', { name: `${REGISTER} ${ASKING} ${CARD}`, exact: true });
  while (!(await link().count())) await decider.follow(t('shell-page-next'));
  await decider.go(link().first());
  await decider.sees(t('exchange-grant-active'));
  const signed = JSON.parse(await decider.download(t('exchange-document-version', { number: 1 })));
  assert.deepEqual([signed.document.type, signed.document.purpose], ['tongban-grant/1', 'senior-card'], 'what a pack gives is signed too');
  await decider.unfold(t('exchange-revoke-title'));
  await decider.fill(t('exchange-refuse-basis'), '《政务数据共享条例》第二十条');
  await decider.fill(t('exchange-revoke-words'), '信息项有变动，请重新申请。');
  await decider.submit(t('exchange-revoke-send'));
  await decider.sees(t('exchange-grant-revoked'));
}

async function ask(clerk) {
  await clerk.follow(t('nav-requests'));
  await clerk.follow(t('exchange-requests-new'));
  await clerk.fill(t('exchange-request-choose-label'), '人口');
  await clerk.submit(t('exchange-search'));
  await clerk.follow(REGISTER);
  await clerk.sees(t('exchange-sharing-conditional'));
  for (const one of [...NEEDED, ...TOO_MUCH]) await clerk.choose(one, t('exchange-term-fields'));
  await clerk.fill(t('exchange-term-purpose'), 'senior-card');
  await clerk.submit(t('exchange-request-send'));
  await clerk.sees(t('shell-errors-title'));
  await clerk.fill(t('exchange-term-basis'), '《云岭市老年人优待办法》（虚构）第六条');
  await clerk.fillDate(t('exchange-request-to'), YEAR, 12, 31);
  await clerk.fill(t('exchange-request-words'), '核验申领人的年龄、户籍和居住登记。');
  await clerk.submit(t('exchange-request-send'));
  await clerk.sees(t('exchange-request-asked'));
  await clerk.shot('data-request');
}

async function give(decider) {
  await decider.open('/my/notices');
  await decider.follow(t('exchange-notice-grant-asked', { consumer: ASKING, resource: REGISTER }));
  for (const one of TOO_MUCH) await decider.unchoose(one, t('exchange-term-fields'));
  await decider.fillDate(t('exchange-request-to'), YEAR, 6, 30);
  await decider.fill(t('exchange-give-words'), '婚姻状况和核验日期不是办理优待证所必需。');
  await decider.submit(t('exchange-give-send'));
  await decider.sees(t('exchange-request-granted'));
  await decider.follow(t('exchange-request-to-grant'));
  await decider.sees(`${YEAR}年6月30日`);
  const { document } = JSON.parse(await decider.download(t('exchange-document-version', { number: 1 })));
  assert.equal(document.fields.length, NEEDED.length, 'less than was asked');
  assert.ok(!document.fields.includes('marital_status') && !document.fields.includes('mobile_checked_on'));
}

/** The resident reads the look, asks why, and reads the answer. */
async function question(resident, clerk) {
  await resident.follow(t('nav-trail'));
  const newest = resident.page.locator('.looks > li').filter({ hasNotText: t('exchange-look-own') }).first();
  for (const text of [ASKING, CARD, '出生日期', GIVING, '《云岭市老年人优待办法》']) assert.ok((await newest.innerText()).includes(text), text);
  assert.ok(!(await newest.innerText()).includes('婚姻状况'), 'what was not granted was not looked at');
  await resident.go(newest.getByRole('link', { name: t('exchange-question-ask') }));
  await resident.fill(t('exchange-question-label'), '办优待证为什么要看我的户籍地址？');
  await resident.submit(t('exchange-question-send'));
  await resident.sees('办优待证为什么要看我的户籍地址？');

  await clerk.follow(t('nav-questions'));
  await clerk.follow('办优待证为什么要看我的户籍地址？');
  await clerk.fill(t('exchange-answer-label'), '优待证分本市户籍和居住登记两类，办法第六条要求核对。');
  await clerk.submit(t('exchange-answer-send'));
  await resident.open('/my/notices');
  await resident.follow(t('exchange-notice-answered', { office: ASKING }));
  await resident.sees('优待证分本市户籍和居住登记两类');
}

export async function run({ person }) {
  const [police, data, decider, civil, resident] = [await person('permit-clerk'), await person('administrator'), await person('permit-decider'), await person('card-clerk'), await person('resident')];
  await publish(police, data);
  await revoke(decider);
  await resident.open('/items/senior-card/start');
  await resident.submit(t('services-start-send'));
  await resident.sees(t('exchange-denied-over').split('。')[0]);
  await ask(civil);
  await give(decider);
  await civil.open('/my/notices');
  await civil.sees(t('exchange-notice-grant-granted', { consumer: ASKING, resource: REGISTER }));
  await seniorCard(resident);
  await question(resident, civil);

  // Everybody may read what stands now, and what was corrected is a step away from where people look.
  const stranger = await person();
  await stranger.open('/');
  await stranger.follow(t('nav-who-may'));
  await stranger.fill(t('exchange-who-label'), `${ASKING} ${CARD}`);
  await stranger.submit(t('exchange-search'));
  await stranger.sees(`${YEAR}年6月30日`);
  await resident.follow(t('nav-my-corrections'));
  await resident.sees(t('registry-my-corrections-title'));
  await civil.follow(t('nav-corrections'));
  await civil.sees(t('registry-corrections-title'));
}
