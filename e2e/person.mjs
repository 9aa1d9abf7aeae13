// A person at a browser, behind one small interface, so that a journey is written once and done twice:
// Mouse clicks with JavaScript on a desktop; Keyboard presses keys without JavaScript at 360 px.
import fs from 'node:fs';
import { inspectInLooks } from './audit.mjs';
import * as inpage from './inpage.mjs';
import { profile } from './lib.mjs';
import { rawKeys, t } from './texts.mjs';
import { otherTongues } from './tongues.mjs';

const PATIENCE = 10_000;
/** Parts that make another page of the same address: errors, notices, verdicts, what is due, lists and tables. */
const TELLING = ['.sum', '.note--ok', '.note--warn', '.note--err', '.verdict--ok', '.verdict--err', '.verdict--none', '.panel', '.due', '.branches', '.cert--void', '.files', 'main table', '.act'];
const tidy = text => text.replace(/\s+/g, ' ').trim();

class Person {
  /** `watch`: {problems: [text], bodies: Map(url → html), visited: Set(url)}, shared by a journey.
   *  `first`: addresses at which this person was the first of all to see such a page. */
  constructor(context, base, watch) {
    Object.assign(this, { context, base, watch, first: [] });
  }

  async start() {
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(PATIENCE);
    this.page.on('console', m => { if (m.type() === 'error' && !/status of [45]\d\d/.test(m.text())) this.watch.problems.push(`${this.page.url()} console: ${m.text()}`); });
    this.page.on('request', r => { if (/^https?:/.test(r.url()) && !r.url().startsWith(`${this.base}/`)) this.watch.problems.push(`${this.page.url()} asks another host: ${r.url()}`); });
    this.page.on('pageerror', e => this.watch.problems.push(`${this.page.url()} script: ${e}`));
    this.page.on('response', r => {
      if (r.request().resourceType() === 'document' && /html/.test(r.headers()['content-type'] || ''))
        r.text().then(t => this.watch.bodies.set(`${r.request().method()} ${r.url()} ${r.status()}`, t), () => {});
    });
    return this;
  }

  /** Goes to an address by typing it. */
  async open(path) {
    await this.page.goto(new URL(path, this.base).href, { waitUntil: 'load' });
    await this.arrived();
  }
  async follow(text) { await this.leave(async () => this.press(await this.find(['link'], text), 'Enter')); }
  async submit(text) { await this.leave(async () => this.press(await this.find(['button'], text), 'Enter')); }
  /** Follows a link that was found already. */
  async go(link) { await this.leave(async () => this.press(link, 'Enter')); }
  /** Opens a folded part. */
  async unfold(text) {
    const summary = this.page.locator('summary').filter({ hasText: text }).first();
    if (!(await summary.evaluate(e => e.parentElement.open))) await this.press(summary, 'Enter');
  }
  /** Follows a link that downloads; answers the file's text. */
  async download(text) {
    const coming = this.page.waitForEvent('download');
    await this.press(await this.find(['link'], text), 'Enter');
    return fs.readFileSync(await (await coming).path(), 'utf8');
  }
  /** A field of the group `within` (its legend), or of the whole page. */
  async field(label, within) {
    const root = within ? this.page.getByRole('group', { name: within }).first() : this.page;
    for (const exact of [true, false]) {
      const found = root.getByLabel(label, { exact }).and(this.page.locator('input,textarea,select'));
      if (await found.count()) return found.first();
    }
    throw new Error(`no field «${label}»${within ? ` in «${within}»` : ''} at ${this.page.url()}`);
  }
  async fillDate(legend, year, month, day) {
    const parts = this.page.getByRole('group', { name: legend }).first().locator('input');
    for (const [i, value] of [year, month, day].entries()) if (value !== undefined) await this.type(parts.nth(i), String(value));
  }
  async fill(label, value, within) { await this.type(await this.field(label, within), value); }
  async upload(label, file, within) {
    const field = await this.field(label, within);
    const coming = this.page.waitForEvent('filechooser');
    await this.press(field, 'Enter');
    await (await coming).setFiles(file);
  }

  async text() { return tidy(await this.page.evaluate(() => document.body.innerText)); }
  /** Waits until the page shows `text`, which may run over several elements. */
  async sees(text) {
    let shown = '';
    for (const stop = Date.now() + PATIENCE; Date.now() < stop; await new Promise(r => setTimeout(r, 100))) {
      shown = await this.text().catch(() => '');
      if (shown.includes(tidy(text))) return;
    }
    throw new Error(`does not see «${text}» at ${this.page.url()}; sees: ${shown.slice(0, 1200)}`);
  }
  async seesNot(text) {
    if ((await this.text()).includes(tidy(text))) throw new Error(`sees «${text}» at ${this.page.url()}`);
  }
  /** What stands in a field. */
  async value(label, within) { return (await this.field(label, within)).inputValue(); }
  /** The path and query where one is. */
  where() { return this.page.url().slice(this.base.length); }

  /** Reloads until the page shows `text`: for what happens in the background, seconds later. */
  async until(text, seconds = 30) {
    for (const stop = Date.now() + seconds * 1000; Date.now() < stop; await new Promise(r => setTimeout(r, 500))) {
      if ((await this.text()).includes(tidy(text))) return;
      await this.page.reload({ waitUntil: 'load' });
    }
    await this.sees(text);
  }
  /** Signs in with an entry of demo.json. */
  async signIn(entry) {
    await this.open('/sign-in');
    await this.fillSignIn(entry);
  }
  /** The same on the sign-in page where one was sent. */
  async fillSignIn(entry) {
    await this.fill(t('directory-sign-in-login'), entry.login);
    await this.fill(t('directory-sign-in-password'), entry.password);
    await this.submit(t('directory-sign-in-send'));
  }
  /** A picture for the README, when SHOTS names a folder; by mouse only. `from`: what stands at its top. */
  async shot(name, { from, height = 900 } = {}) {
    if (process.env.SHOTS && this.hand === 'mouse') {
      fs.mkdirSync(process.env.SHOTS, { recursive: true });
      const { width } = this.page.viewportSize();
      const y = from ? (await this.page.locator(from).first().boundingBox()).y - 16 : 0;
      await this.page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true, clip: { x: 0, y, width, height } });
    }
  }
  /** The cookies, also of somebody who has left. */
  async cookies() { return this.left || this.context.cookies(); }
  async close() {
    this.left = await this.context.cookies().catch(() => this.left);
    await this.context.close();
  }

  async find(roles, text) {
    for (const exact of [true, false]) for (const role of roles) {
      const found = this.page.getByRole(role, { name: text, exact });
      if (await found.count()) return found.first();
    }
    throw new Error(`no ${roles.join(' or ')} «${text}» at ${this.page.url()}; sees: ${(await this.text()).slice(0, 800)}`);
  }
  async leave(act) {
    const moved = this.page.waitForEvent('framenavigated', { predicate: f => f === this.page.mainFrame() });
    moved.catch(() => {});
    await act();
    await moved;
    await this.page.waitForLoadState('load');
    await this.arrived();
  }
  /** Every page that is reached, also the answer to a refused form, is held against the rules as it stands then. */
  async arrived() {
    const url = this.page.url();
    if (url.startsWith('chrome-error:')) throw new Error(`the browser cannot show the page: ${(await this.text()).slice(0, 200)}`);
    this.watch.visited.add(url);
    if (this.hand === 'mouse') await this.inspect(url); // axe waits for timers, which do not run where scripts are off
    for (const key of rawKeys(await this.text())) this.watch.problems.push(`${url} shows the key ${key} instead of a text`);
    for (const p of await this.page.evaluate(inpage.overflow)) this.watch.problems.push(`${url} sticks out: ${p}`);
    if (this.hand === 'keyboard') await this.trace(url);
  }
  /** Each kind of page once (an address without its identifiers, and what it tells), in all looks, wide and narrow. */
  async inspect(url) {
    const { looks, seen } = this.watch;
    if (!looks) return;
    const tells = await this.page.evaluate(telling => telling.filter(part => document.querySelector(part)), TELLING);
    const path = new URL(url).pathname.replace(/_[0-9a-z]{26}/g, '_'), kind = [path, ...tells].join(' ');
    if (!seen.has(`first ${path}`)) {
      seen.add(`first ${path}`);
      // A draft is gone when it is sent: its pages are heard now, the others when the journey is over, as some looks are counted.
      if (path.startsWith('/my/drafts/_/')) this.watch.problems.push(...await otherTongues(this.context.browser(), this.base, this, [url]));
      else this.first.push(url);
    }
    if (seen.has(kind)) return;
    seen.add(kind);
    for (const width of [1280, 360]) {
      const problems = await inspectInLooks(this.page, looks, width, look => this.trace(url, `-${width}-${look}`));
      this.watch.problems.push(...problems.map(problem => `${url} ${problem}`));
    }
  }
  /** With TRACE=DIR every page leaves a whole picture there, for people's eyes: by mouse each kind in each look, by keyboard each step. */
  async trace(url, look = '') {
    if (!process.env.TRACE) return;
    fs.mkdirSync(process.env.TRACE, { recursive: true });
    const number = String((this.watch.pictures = (this.watch.pictures || 0) + 1)).padStart(3, '0');
    const slug = new URL(url).pathname.replace(/_[0-9a-z]{26}/g, '').replace(/\W+/g, '-').slice(0, 60) + look;
    await this.page.screenshot({ path: `${process.env.TRACE}/${this.watch.name || 'page'}-${this.hand}-${number}${slug}.png`, fullPage: true });
  }
}

class Mouse extends Person {
  hand = 'mouse';
  async press(target) { await target.click(); }
  async type(target, value) { await target.fill(value); }
  async choose(label, within) { await (await this.field(label, within)).check({ force: true }); }
  async unchoose(label, within) { await (await this.field(label, within)).uncheck({ force: true }); }
  async select(label, option, within) { await (await this.field(label, within)).selectOption({ label: option }); }
}

class Keyboard extends Person {
  hand = 'keyboard';
  /** Tab until `target` has the focus: what cannot be reached by keyboard fails. Within a group of radios, any of them. */
  async tabTo(target, max = 250) {
    const has = () => target.evaluate(e => e === document.activeElement || (e.type === 'radio' && document.activeElement.type === 'radio' && document.activeElement.name === e.name && document.activeElement.form === e.form));
    for (let i = 0; i < max; i++) {
      if (await has()) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`cannot reach ${target} by Tab at ${this.page.url()}`);
  }
  async press(target, key) {
    await this.tabTo(target);
    await this.page.keyboard.press(key);
  }
  async type(target, value) {
    await this.tabTo(target);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(value);
  }
  async choose(label, within) {
    const target = await this.field(label, within);
    await this.tabTo(target);
    if (await target.isChecked()) return;
    if ((await target.getAttribute('type')) === 'checkbox') return this.page.keyboard.press('Space');
    await this.page.keyboard.press('Space');
    for (let i = 0; i < 60 && !(await target.isChecked()); i++) await this.page.keyboard.press('ArrowDown');
    if (!(await target.isChecked())) throw new Error(`cannot choose «${label}» by keyboard`);
  }
  async unchoose(label, within) {
    const target = await this.field(label, within);
    if (await target.isChecked()) await this.press(target, 'Space');
  }
  async select(label, option, within) {
    const target = await this.field(label, within);
    await this.tabTo(target);
    await this.page.keyboard.press('Home');
    const chosen = () => target.evaluate(e => e.selectedOptions[0]?.label.trim());
    for (let i = 0; i < 500 && (await chosen()) !== option; i++) await this.page.keyboard.press('ArrowDown');
    if ((await chosen()) !== option) throw new Error(`cannot select «${option}» in «${label}» by keyboard`);
  }
}

/** `hand`: "mouse" or "keyboard". */
export async function person(browser, base, hand, watch, options = {}) {
  const byMouse = hand === 'mouse';
  const context = await profile(browser, base, { viewport: byMouse ? 'desktop' : 'mobile', script: byMouse, cookies: { lang: 'zh-Hans' }, ...options });
  return new (byMouse ? Mouse : Keyboard)(context, base, watch).start();
}
