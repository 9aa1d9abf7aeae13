// What officers do at their desk, as the journeys need it.
import { t } from './texts.mjs';

/** As a list shows a person: the surname and stars (`platform::mask::name`). Enterprises stand in full. */
const masked = (owner) => (owner.length > 4 ? owner : owner[0] + '*'.repeat(Math.min(Math.max(owner.length - 1, 1), 2)));

/** Opens the task of `owner` for `item` from a view of the inbox, page by page. `step`: the task's kind or the review's name. */
export async function openTask(officer, { item, owner, step, view = 'office' }) {
  await officer.open(`/inbox?view=${view}`);
  for (let page = 0; page < 60; page++) {
    const row = officer.page.locator('table.inbox tbody tr').filter({ has: officer.page.getByRole('link', { name: `${item} ${masked(owner)}`, exact: true }) });
    const mine = step ? row.filter({ has: officer.page.locator('td', { hasText: new RegExp(`^${step}$`) }) }) : row;
    // Several people may stand there under one masked name; the page of a task says whose it is.
    for (let at = 0, count = await mine.count(); at < count; at++) {
      await officer.go(mine.nth(at).getByRole('link'));
      if ((await officer.page.locator('h1').first().innerText()).includes(owner)) return;
      await officer.page.goBack();
    }
    if (!(await officer.page.getByRole('link', { name: t('shell-page-next'), exact: true }).count())) break;
    await officer.follow(t('shell-page-next'));
  }
  throw new Error(`no task «${item} ${owner}» (${step || 'any step'}) in ${view}: the last page shows ${(await officer.text()).slice(0, 600)}`);
}

/** Says yes or no with a reason, and with a basis when one is given. */
export async function say(officer, button, reason, basis) {
  if (reason) await officer.fill(t('services-act-reason'), reason);
  if (basis) await officer.fill(t('services-act-basis-other'), basis);
  await officer.submit(button);
}

/** Asks once for a supplement of `fields`. */
export async function ask(officer, fields, message) {
  await officer.unfold(t('services-act-ask-open'));
  for (const field of fields) await officer.choose(field, t('services-act-ask-fields'));
  await officer.fill(t('services-act-ask-message'), message);
  await officer.submit(t('services-act-ask'));
}
