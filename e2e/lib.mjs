// What every tool here shares: the browser, the looks, the program under test.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-extensions', '--disable-dev-shm-usage',
  '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider'];
export const VIEWPORTS = { mobile: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 }, wide: { width: 1680, height: 1000 } };
/** The looks: the four modes of the style sheet, the device's own dark wish, elder in the dark, and forced colours. */
export const LOOKS = {
  normal: {}, elder: { mode: 'elder' }, dark: { theme: 'dark' }, contrast: { theme: 'contrast' },
  'elder-dark': { mode: 'elder', theme: 'dark' }, 'elder-contrast': { mode: 'elder', theme: 'contrast' },
  wished: { scheme: 'dark' }, forced: { forced: true },
};

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args: FLAGS });

/** A fresh profile. `look`: a key of LOOKS; `cookies`: {name: value}; `script`: false switches JavaScript off. */
export async function profile(browser, base, { viewport = 'desktop', look = 'normal', cookies = {}, script = true, locale = 'zh-CN' } = {}) {
  const { scheme, forced, ...choices } = LOOKS[look];
  const context = await browser.newContext({
    viewport: VIEWPORTS[viewport], isMobile: viewport === 'mobile', hasTouch: viewport === 'mobile', locale, javaScriptEnabled: script,
    colorScheme: scheme || 'light', forcedColors: forced ? 'active' : 'none', reducedMotion: 'reduce', acceptDownloads: true,
  });
  const all = { ...choices, ...cookies };
  await context.addCookies(Object.entries(all).map(([name, value]) => ({ name, value, url: base })));
  return context;
}

/** --name=value and --flag; the rest in `_`. */
export function args(argv = process.argv.slice(2)) {
  const out = { _: [] };
  for (const a of argv) {
    const m = /^--([\w-]+)(?:=(.*))?$/s.exec(a);
    if (m) out[m[1]] = m[2] ?? true; else out._.push(a);
  }
  return out;
}

const exists = async (file, ended, seconds) => {
  for (const stop = Date.now() + seconds * 1000; Date.now() < stop; await new Promise(r => setTimeout(r, 100))) {
    if (ended()) throw new Error('the program ended before it was ready');
    if (fs.existsSync(file)) try { return JSON.parse(fs.readFileSync(file, 'utf8')); } catch { /* half written */ }
  }
  throw new Error(`no ${path.basename(file)} after ${seconds} s`);
};

/** Starts TONGBAN_BIN on a fresh demo city, or uses a running one: TONGBAN_DATA names its data folder.
 *  Answers {base, signIns: {key: {name, login, password, path}}, data, stop()}. */
export async function startProgram({ residents = 10000, seed = 1 } = {}) {
  const running = process.env.TONGBAN_DATA;
  if (running) {
    const demo = JSON.parse(fs.readFileSync(path.join(running, 'demo.json'), 'utf8'));
    return { ...opened(demo), data: running, stop: async () => {} };
  }
  const bin = process.env.TONGBAN_BIN;
  if (!bin) throw new Error('set TONGBAN_BIN to the program, or TONGBAN_DATA to the data folder of a running demo');
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'tongban-e2e-'));
  const child = spawn(bin, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--residents', String(residents), '--seed', String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '', over = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', d => { said = (said + d).slice(-4000); });
  let stopping = false;
  child.on('exit', (code, signal) => { over = true; if (!stopping) console.log(`the program ended by itself (${signal || code}):\n${said}`); });
  const stop = async () => {
    stopping = true;
    if (!over) { child.kill('SIGTERM'); await new Promise(r => { child.once('exit', r); setTimeout(() => child.kill('SIGKILL'), 10_000).unref(); }); }
    if (!process.env.TONGBAN_KEEP) fs.rmSync(data, { recursive: true, force: true });
  };
  try {
    return { ...opened(await exists(path.join(data, 'demo.json'), () => over, 180)), data, stop };
  } catch (e) {
    await stop();
    throw new Error(`${e.message}\n${said}`);
  }
}
const opened = demo => ({ base: demo.address.replace(/\/$/, ''), signIns: Object.fromEntries(demo.sign_ins.map(s => [s.key, s])) });

/** Counts and ends as every tool here does: `N passed, N failed`, exit code 1 on failure. */
export function ending(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
