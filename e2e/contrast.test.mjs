// Every pair of colours that static/tongban.css lets meet, in every theme, against WCAG 2.2.
// Text asks for 7:1 everywhere (1.4.6, the elder mode's level), lines and marks for 3:1 (1.4.11).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';

const css = fs.readFileSync(new URL('../static/tongban.css', import.meta.url), 'utf8').replace(/\/\*[^]*?\*\//g, '');
const tokens = body => Object.fromEntries([...body.matchAll(/--([\w-]+):([^;]+)/g)].map(m => [m[1], m[2].trim()]));
const block = selector => {
  const at = css.indexOf(selector + '{');
  assert.ok(at >= 0, `no block ${selector}`);
  return tokens(css.slice(at + selector.length + 1, css.indexOf('}', at)));
};
const light = block(':root');
const dark = block(':root[data-theme=dark]');
const wished = block(':root:not([data-theme])');
const contrast = block(':root[data-theme=contrast]');
const elder = block(':root[data-mode=elder]');
const themes = { light, dark: { ...light, ...dark }, contrast: { ...light, ...contrast } };

const channels = hex => {
  const h = hex.slice(1);
  const full = h.length === 3 ? [...h].map(c => c + c).join('') : h;
  return [0, 2, 4].map(i => parseInt(full.slice(i, i + 2), 16) / 255);
};
const luminance = hex => {
  const [r, g, b] = channels(hex).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
export const ratio = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};

const cross = (fgs, bgs) => fgs.flatMap(f => bgs.map(b => [f, b]));
const grounds = ['ground', 'paper', 'surface'];
const tints = ['info-bg', 'ok-bg', 'warn-bg', 'err-bg'];
const TEXT = [
  ...cross(['ink', 'ink-2', 'link', 'visited', 'ok', 'warn', 'err', 'accent', 'link-hover'], grounds),
  ...cross(['ink', 'ink-2', 'link', 'link-hover'], tints),
  ...cross(['visited'], ['info-bg', 'ok-bg', 'warn-bg']),
  ['ok', 'ok-bg'], ['warn', 'warn-bg'], ['err', 'err-bg'],
  ['brand-ink', 'brand'], ['brand-ink', 'brand-2'], ['brand', 'brand-ink'], ['accent-ink', 'accent-bg'],
  ['paper', 'ok'], ['paper', 'err'], ['focus-ink', 'focus'],
  ...cross(['cert-ink', 'cert-ink-2', 'cert-line'], ['cert-bg']),
];
const MARKS = [...cross(['line', 'link', 'ok', 'warn', 'err', 'accent'], grounds), ['cert-line', 'cert-bg']];

for (const [name, t] of Object.entries(themes)) {
  test(`${name}: text 7:1`, () => {
    for (const [f, b] of TEXT) assert.ok(ratio(t[f], t[b]) >= 7, `${f} ${t[f]} on ${b} ${t[b]}: ${ratio(t[f], t[b]).toFixed(2)}`);
  });
  test(`${name}: lines and marks 3:1`, () => {
    for (const [f, b] of MARKS) assert.ok(ratio(t[f], t[b]) >= 3, `${f} ${t[f]} on ${b} ${t[b]}: ${ratio(t[f], t[b]).toFixed(2)}`);
  });
  test(`${name}: focus ring shows on every ground`, () => {
    for (const b of [...grounds, ...tints, 'brand', 'brand-2', 'accent-bg', 'cert-bg']) {
      const best = Math.max(ratio(t.focus, t[b]), ratio(t['focus-ink'], t[b]));
      assert.ok(best >= 3, `focus on ${b}: ${best.toFixed(2)}`);
    }
  });
}
test('every colour of a certificate 7:1', () => {
  const lines = [...css.matchAll(/\.cert--\w+\{--cert-line:(#\w+)\}/g)].map(m => m[1]);
  assert.ok(lines.length >= 3);
  for (const line of lines) assert.ok(ratio(line, light['cert-bg']) >= 7, `${line}: ${ratio(line, light['cert-bg']).toFixed(2)}`);
});
test('the wished-for dark and the chosen dark are equal', () => assert.deepEqual(wished, dark));
test('the contrast theme sets every colour anew', () => {
  const colours = Object.keys(light).filter(k => light[k].startsWith('#') && !k.startsWith('focus'));
  assert.deepEqual(colours.filter(k => !(k in contrast)), []);
});
test('the elder mode sets no colour', () => assert.deepEqual(Object.values(elder).filter(v => v.startsWith('#')), []));
test('nothing that the floor of browsers cannot parse', () => {
  for (const bad of [/:has\(/, /@layer/, /light-dark\(/, /[;{]inset:/, /margin-block|padding-block/, /margin-inline:|padding-inline:/, /inset-inline/])
    assert.ok(!bad.test(css), String(bad));
});
test('no colour outside the tokens, but white and black for contrast, QR and print', () => {
  const rules = css.replace(/url\("data:[^"]*"\)/g, '').replace(/--[\w-]+:[^;}]+/g, '');
  const stray = [...rules.matchAll(/#[0-9a-f]{3,6}\b/gi)].map(m => m[0]).filter(c => !['#fff', '#000'].includes(c));
  assert.deepEqual(stray, []);
});
test('the ratio itself: known values', () => {
  assert.equal(ratio('#fff', '#000').toFixed(2), '21.00');
  assert.equal(ratio('#767676', '#fff').toFixed(2), '4.54');
});
