// Anyone who scans the code on a certificate learns whether it holds, at the least disclosure, with a proof.
import assert from 'node:assert/strict';
import { t } from '../texts.mjs';

export const name = '5 anyone verifies a certificate';

export async function run({ person }) {
  const resident = await person('resident');
  await resident.open('/my/certificates');
  await resident.follow('老年人优待证');
  const address = await resident.page.getByRole('link', { name: t('certificates-verify-page') }).getAttribute('href');
  const holder = await resident.page.locator('.cert dd').first().innerText();
  const file = await resident.download(t('certificates-file'));
  assert.ok(file.length > 100, 'the signed file is there');

  const stranger = await person();
  await stranger.open(address);
  await stranger.sees('老年人优待证');
  assert.equal(await stranger.page.locator('.verdict--ok').count(), 1);
  await stranger.seesNot(holder);
  await stranger.open('/verify');
  await stranger.fill(t('certificates-verify-field'), '1.2.156.3005.2.11990100MB0000000X001.11990100MB0000000X.NONE.001.A');
  await stranger.submit(t('certificates-verify-button'));
  assert.equal(await stranger.page.locator('.verdict--ok').count(), 0, 'an invented one is not valid');
}
