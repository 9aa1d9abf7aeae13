// The resident reads who looked at their data, why and on which basis, and questions one look by an office.
import { t } from '../texts.mjs';

export const name = '6 who looked at my data';

export async function run({ person }) {
  const resident = await person('resident');
  await resident.open('/my/trail');
  await resident.sees(t('exchange-trail-title'));
  await resident.sees('老年人优待');
  await resident.shot('trail');
  await resident.follow(t('exchange-question-ask'));
  await resident.fill(t('exchange-question-label'), '我没有申请这件事，请说明为什么查看。');
  await resident.submit(t('exchange-question-send'));
  await resident.sees('我没有申请这件事');
}
