// Anyone who scans the code on a certificate learns whether it holds, at the least disclosure, with a proof; when the office
// that issued it has revoked it, the same page says so at once.
import assert from 'node:assert/strict';
import { seniorCard } from '../givens.mjs';
import { scan } from '../qr.mjs';
import { t } from '../texts.mjs';

export const name = '5 anyone verifies a certificate';
const CARD = '老年人优待证';

export async function run({ person, base }) {
  const resident = await person('resident');
  await seniorCard(resident);
  await resident.sees(CARD);
  const mine = resident.where();
  const cells = await resident.page.locator('.cert dd').allInnerTexts();
  const number = cells.find(text => /^YLLN\d+$/.test(text));
  const file = await resident.download(t('certificates-file'));
  assert.equal(file.split('.').length, 3, 'the signed file is there');
  const address = await scan(resident.page.locator('.cert__qr svg'));
  assert.ok(address.startsWith(`${base}/`), address);

  const stranger = await person();
  await stranger.open(address);
  await stranger.sees(t('certificates-standing-valid-title'));
  await stranger.sees(CARD);
  for (const secret of ['苏云岭', '990221195903120025', '听泉路']) await stranger.seesNot(secret);
  await stranger.until(t('certificates-log-title'));
  await stranger.unfold(t('certificates-log-title'));
  await stranger.sees(t('certificates-log-root'));
  const proof = await stranger.download(t('certificates-proof-file'));
  assert.match(proof, /^c2sp\.org\/tlog-proof@v1/);
  await offline(stranger, file, proof);
  await stranger.open('/verify');
  await stranger.fill(t('certificates-verify-field'), number);
  await stranger.submit(t('certificates-verify-button'));
  await stranger.sees(t('certificates-standing-valid-title'));
  await stranger.fill(t('certificates-verify-field'), 'YLLN209900000001');
  await stranger.submit(t('certificates-verify-button'));
  await stranger.sees(t('certificates-unknown-title'));

  await revoke(await person('card-clerk'), number);
  await stranger.open(address);
  await stranger.sees(t('certificates-standing-ended-title', { state: '' }));
  assert.equal(await stranger.page.locator('.verdict--ok').count(), 0);
  await stranger.sees(t('certificates-reason-issued-in-error'));
  await stranger.seesNot('重复申领');
  await resident.open('/my/notices');
  await resident.sees(number);
  await resident.open(mine);
  await resident.sees('重复申领');
  await resident.sees(t('certificates-appeal-title'));
}

/** The file alone is checked too, and a changed one is not believed. */
async function offline(stranger, file, proof) {
  for (const [jws, says] of [[file, 'certificates-standing-valid-title'], [file.replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`), 'certificates-offline-false-title']]) {
    await stranger.open('/verify/offline');
    await stranger.fill(t('certificates-offline-jws'), jws);
    await stranger.fill(t('certificates-offline-proof'), proof);
    await stranger.submit(t('certificates-offline-button'));
    await stranger.sees(t(says));
  }
}

async function revoke(officer, number) {
  await officer.open('/desk/certificates');
  await officer.fill(t('certificates-desk-field'), number);
  await officer.submit(t('certificates-desk-button'));
  await officer.follow(number);
  await officer.submit(t('certificates-revoke-button'));
  await officer.sees(t('certificates-error-grounds'));
  await officer.choose(t('certificates-reason-issued-in-error'));
  await officer.fill(t('certificates-revoke-grounds'), '本证是重复申领，前一张仍然有效。');
  await officer.fill(t('certificates-revoke-basis'), '《云岭市老年人优待办法》第九条');
  await officer.submit(t('certificates-revoke-button'));
  await officer.sees(t('certificates-standing-ended-title', { state: '' }));
}
