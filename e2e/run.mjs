#!/usr/bin/env node
// node run.mjs [--only=senior-card] [--hands=mouse,keyboard] [--looks=normal,elder,dark,contrast] [--residents=10000] [--seed=1]
// Runs journeys/*.mjs on a fresh demo city (TONGBAN_BIN), each by mouse and by keyboard; audits every kind of page they reach,
// as it stands then, in every look, and the validity of every HTML they were served. A journey exports `name` and
// `run({person, base, signIns, mode, data, browser, visited})`; `await person("resident")` is someone signed in, `person()` a stranger.
import fs from 'node:fs';
import { auditPage, htmlProblems } from './audit.mjs';
import { keywalk } from './keywalk.mjs';
import { args, ending, launch, LOOKS, profile, startProgram } from './lib.mjs';
import { person } from './person.mjs';
import { otherTongues } from './tongues.mjs';

const o = args();
const list = (v, d) => (v ? String(v).split(',') : d);
const looks = list(o.looks, ['normal', 'elder', 'dark', 'contrast']);
const folder = new URL('journeys/', import.meta.url);
const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter(f => /^\d.*\.mjs$/.test(f) && (!o.only || f.includes(o.only))).sort() : [];
if (!files.length) throw new Error(`no journey${o.only ? ` «${o.only}»` : ''} in ${folder.pathname}`);
let passed = 0, failed = 0;
const say = (label, problems) => {
  if (problems.length) { failed++; console.log(`FAIL ${label}`); problems.slice(0, 15).forEach(p => console.log(`  ${p}`)); } else { passed++; console.log(`ok   ${label}`); }
};

/** One journey by one hand. Answers the people's contexts for the audit. */
async function travel(journey, browser, program, mode) {
  const watch = { name: journey.name.split(' ')[0], looks: o['no-audit'] ? null : looks, seen, problems: [], bodies: new Map(), visited: new Set() }, people = [];
  const come = async (key, options) => {
    const someone = await person(browser, program.base, mode, watch, options);
    people.push(someone);
    if (key) {
      if (!program.signIns[key]) throw new Error(`demo.json has no sign-in «${key}», only ${Object.keys(program.signIns).join(', ')}`);
      await someone.signIn(program.signIns[key]);
    }
    return someone;
  };
  const began = Date.now();
  try {
    await journey.run({ person: come, base: program.base, signIns: program.signIns, mode, data: program.data, browser, visited: watch.bodies });
  } catch (e) {
    watch.problems.unshift(e.stack.split('\n').slice(0, 6).join('\n    '));
  }
  const seconds = since => ((Date.now() - since) / 1000).toFixed(1);
  say(`${journey.name} [${mode}] ${seconds(began)} s`, [...new Set(watch.problems)]);
  if (watch.looks && mode === 'mouse') {
    const heard = Date.now(), problems = [];
    for (const someone of people) problems.push(...await otherTongues(browser, program.base, someone, someone.first).catch(e => [e.message]));
    say(`${journey.name} [en, zh-Hant] ${seconds(heard)} s`, [...new Set(problems)]);
  }
  return { watch, people };
}

/** The looks come from cookies: public pages wear what the reader chose; Tab walks through them with the focus in sight. */
async function auditChosen(browser, program) {
  for (const look of looks) {
    const context = await profile(browser, program.base, { look, viewport: 'mobile' });
    for (const path of ['/', '/search?q=zzzz', '/no-such-page']) {
      const problems = await auditPage(context, program.base + path, { look, anyStatus: true });
      say(`${path} [${look} by cookie]`, problems);
    }
    const page = await context.newPage();
    await page.goto(program.base);
    const worn = await page.evaluate(() => ({ ...document.documentElement.dataset }));
    say(`the cookies of ${look}`, JSON.stringify(worn) === JSON.stringify(LOOKS[look]) ? [] : [`the page wears ${JSON.stringify(worn)}`]);
    await context.close();
  }
  const context = await profile(browser, program.base);
  for (const path of ['/', '/items/senior-card', '/sign-in']) say(`${path} by Tab`, (await keywalk(context, program.base + path)).problems);
  await context.close();
}

const browser = await launch();
const bodies = new Map(), seen = new Set();
/** All journeys by one hand, on a city of their own: both hands find the same state. */
async function round(mode) {
  const program = await startProgram({ residents: Number(o.residents || 10000), seed: Number(o.seed || 1) });
  try {
    if (mode === 'mouse' && !o['no-audit']) await auditChosen(browser, program);
    for (const file of files) {
      const trip = await travel(await import(new URL(file, folder)), browser, program, mode);
      trip.watch.bodies.forEach((html, where) => bodies.set(where, html));
      for (const someone of trip.people) await someone.close().catch(() => {});
    }
  } finally {
    await program.stop();
  }
}
try {
  for (const mode of list(o.hands, ['mouse', 'keyboard'])) await round(mode).catch(e => say(`the program for ${mode}`, [e.message]));
  const served = [...bodies];
  htmlProblems(served.map(([, html]) => html)).forEach((problems, i) => { if (problems.length) say(`${served[i][0]} [html]`, problems); else passed++; });
} finally {
  await browser.close();
}
ending(passed, failed);
