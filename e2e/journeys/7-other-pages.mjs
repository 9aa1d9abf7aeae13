// The pages beside the journeys: lists, the catalogue, the site's own texts, accounts, what went wrong, the desks of others.
import { applyForPermit } from '../givens.mjs';
import { t } from '../texts.mjs';

export const name = '7 the other pages';

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
  await desks(person);
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

async function desks(person) {
  const auditor = await person('auditor');
  await auditor.open('/audit');
  await auditor.sees(t('site-audit-title'));
  await auditor.open('/my/account');
  await auditor.sees('严正');
  const administrator = await person('administrator');
  await administrator.open('/admin/jobs');
  await administrator.sees(t('site-jobs-title'));
}
