// The pages beside the journeys: lists, the catalogue, the site's own texts, accounts, what went wrong, the desks of others.
import assert from 'node:assert/strict';
import { inspect } from '../audit.mjs';
import { applyForPermit } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '7 the other pages';
const KIND = '死亡';

export async function run({ person, signIns }) {
  const stranger = await person();
  await stranger.open('/items');
  await stranger.sees('食品经营许可证');
  await stranger.open('/');
  await stranger.follow('来本市居住');
  await stranger.sees('居住证');
  await stranger.open('/search?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E6%A0%B7%E7%9A%84%E4%BA%8B');
  await stranger.sees(t('services-search-tips'));
  await stranger.open('/catalogue');
  await stranger.follow('人口基础信息');
  await stranger.open('/events');
  await stranger.sees(t('events-title'));
  await stranger.open('/grants');
  await stranger.sees(t('exchange-who-title'));
  for (const page of ['accessibility', 'privacy', 'source']) {
    await stranger.open(`/${page}`);
    await stranger.sees(t(`site-${page}-title`));
  }
  await stranger.open('/no-such-page');
  await stranger.sees('404');
  await stranger.open('/sign-in');
  await stranger.submit(t('directory-sign-in-send'));
  await stranger.sees(t('directory-sign-in-password-missing'));
  await stranger.open('/my');
  await stranger.fillSignIn({ ...signIns.newcomer, password: 'wrong' });
  await stranger.sees(t('directory-sign-in-refused'));
  await stranger.fillSignIn(signIns.newcomer);
  await languages(stranger);
  await cases(stranger);
  await events(person);
  await exchange(person);
  await corrections(person);
  await desks(person);
  await largeLetters(person);
}

async function languages(resident) {
  for (const [lang, word] of [['zh-Hant', '我的'], ['en', 'My'], ['zh-Hans', '我的']]) {
    await resident.open(`/preferences?lang=${lang}&back=/my`);
    await resident.sees(word);
    await resident.sees(t('services-my-certificates', {}, lang));
  }
}

async function cases(resident) {
  const at = await applyForPermit(resident);
  await resident.unfold(t('services-case-answers'));
  await resident.sees('远帆机械');
  await resident.follow(t('services-case-receipt'));
  await resident.open(at);
  await resident.follow(t('services-case-withdraw'));
  await resident.submit(t('services-withdraw-send'));
  await resident.sees(t('services-state-withdrawn'));
  await resident.open('/my/cases');
  await resident.sees(t('services-state-withdrawn'));
  await resident.open('/my/account');
  await resident.sees('陆远行');
  await resident.open('/my/certificates');
  await resident.sees(t('certificates-mine-title'));
  await resident.open('/inbox');
  await resident.sees('403');
}

/** The two sides of an event: one office subscribes, the other agrees, the first takes a key. */
async function events(person) {
  const [clerk, decider] = [await person('card-clerk'), await person('permit-decider')];
  await clerk.open('/events');
  await clerk.follow(t('events-subscriptions-title'));
  await clerk.follow(t('events-subscribe-title'));
  await clerk.submit(t('events-subscribe-send'));
  await clerk.sees(t('shell-errors-title'));
  await clerk.choose('云岭市民政局', t('events-term-consumer'));
  await clerk.select(t('events-term-type'), KIND);
  await clerk.fill(t('events-term-purpose'), '停发高龄津贴');
  await clerk.fill(t('events-term-basis'), '《云岭市老年人优待办法》（虚构）第九条');
  await clerk.choose(t('events-way-pull'), t('events-term-way'));
  await clerk.submit(t('events-subscribe-send'));
  await clerk.sees(t('events-state-asked'));
  const at = clerk.where();
  await decider.open('/events/subscriptions');
  await decider.follow(KIND);
  await decider.submit(t('events-approve'));
  await decider.sees(t('events-state-active'));
  await clerk.open(at);
  await clerk.submit(t('events-make-key'));
  await clerk.sees(t('events-shown-once'));
  await clerk.open('/events/dead');
  await clerk.sees(t('events-dead-none'));
}

/** What offices ask of each other, and what they keep: each list with one of its entries. */
async function exchange(person) {
  const clerk = await person('permit-clerk');
  await clerk.open('/desk/catalogue');
  await clerk.follow(t('registry-late-title'));
  await clerk.open('/desk/catalogue/new');
  await clerk.sees(t('registry-submit-document'));
  await clerk.open('/inbox/questions');
  await clerk.sees(t('exchange-questions-title'));
  await clerk.open('/exchange/grants');
  await clerk.go(clerk.page.locator('main tbody a').first());
  await clerk.sees(t('exchange-steps-title'));
  await clerk.open('/exchange/requests');
  await clerk.follow(t('exchange-requests-new'));
  await clerk.follow('社会保险参保缴费信息');
  await clerk.submit(t('exchange-request-send'));
  await clerk.sees(t('shell-errors-title'));
}

/** A resident says that a fact is wrong, the office that keeps it answers, an office asks another. */
async function corrections(person) {
  const [resident, clerk] = [await person('agent'), await person('permit-clerk')];
  await resident.open('/my/drafts');
  await resident.sees(t('services-my-drafts'));
  await resident.open('/my/corrections');
  await resident.follow(t('registry-ask-title'));
  await resident.submit(t('registry-ask-send'));
  await resident.sees(t('shell-errors-title'));
  await resident.select(t('registry-ask-fact'), '联系手机');
  await resident.fill(t('registry-ask-right'), '15400551234');
  await resident.fill(t('registry-ask-words'), '去年已换号，附运营商回执。');
  await resident.submit(t('registry-ask-send'));
  await resident.sees(t('registry-correction-state-open'));
  await clerk.open('/inbox/corrections');
  await clerk.follow('联系手机');
  await clerk.sees(t('registry-correction-now'));
  await clerk.choose(t('registry-correction-decision-corrected'), t('registry-correction-decision'));
  await clerk.fill(t('registry-correction-new'), '15400551234');
  await clerk.fill(t('registry-correction-words'), '经核实已更正。');
  await clerk.submit(t('registry-correction-send'));
  await clerk.sees(t('registry-correction-state-corrected'));
  await clerk.open('/inbox/corrections');
  await clerk.follow(t('registry-corrections-answered'));
  await clerk.sees('联系手机');
  await clerk.sees(t('registry-correction-state-corrected'));
  await clerk.open('/inbox/corrections/new');
  await clerk.sees(t('registry-ask-title'));
  await resident.open('/my/notices');
  await resident.follow('人口基础信息');
  await resident.sees('经核实已更正。');
}

async function desks(person) {
  const auditor = await person('auditor');
  await auditor.open('/audit');
  await auditor.sees(t('site-audit-title'));
  await auditor.open('/audit/hidden');
  await auditor.sees(t('exchange-hidden-title'));
  await auditor.open('/my/account');
  await auditor.sees('严正');
  const administrator = await person('administrator');
  await administrator.open('/admin/jobs');
  await administrator.sees(t('site-jobs-title'));
  await administrator.open('/admin/exchange');
  await administrator.sees(t('site-operations-title'));
  await administrator.follow(t('site-archives-title'));
  await administrator.sees(t('site-archives-none'));
  for (const [path, title] of [['/exchange/requests', 'exchange-requests-title'], ['/exchange/grants', 'exchange-grants-title'], ['/events/subscriptions', 'events-subscriptions-title'], ['/desk/catalogue', 'registry-desk-title']]) {
    await administrator.open(path);
    await administrator.sees(t(title));
  }
}

/** An official's many entries, in large letters on a phone: the page begins on the first screen, the menu has the rest. */
async function largeLetters(person) {
  const clerk = await person('permit-clerk', { viewport: 'mobile', look: 'elder' });
  // Axe needs scripts, which the keyboard's hand does without.
  const passes = async () => { if (clerk.hand === 'mouse') assert.deepEqual(await inspect(clerk.page, 'elder'), []); };
  await clerk.open('/inbox/questions');
  const top = await clerk.page.locator('h1').evaluate(h1 => h1.getBoundingClientRect().bottom);
  assert.ok(top < clerk.page.viewportSize().height, `the heading ends ${top} px below the top`);
  await passes();
  await clerk.unfold(t('shell-nav-more'));
  await passes();
  await clerk.follow(t('nav-corrections'));
  await clerk.sees(t('registry-corrections-title'));
}
