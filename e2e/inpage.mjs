// Functions that run inside the page: they see only what they are given.

/** Targets under `min` px (WCAG 2.5.5/2.5.8; links inside a sentence are exempt) and text under `font` px. */
export function sizes({ min, font }) {
  const seen = e => {
    const s = getComputedStyle(e), b = e.getBoundingClientRect();
    return s.visibility !== 'hidden' && s.display !== 'none' && b.width > 1 && b.height > 1 && b.right > 0 && b.bottom > 0 && !e.closest('[hidden],[inert],.vh') && !(e.checkVisibility && !e.checkVisibility());
  };
  const name = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.getAttribute('class') ? '.' + e.getAttribute('class').trim().replace(/\s+/g, '.') : ''} "${(e.textContent || e.value || '').trim().slice(0, 18)}"`;
  const inSentence = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim().length > e.textContent.trim().length + 2;
  const small = [], tiny = new Set();
  for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')) {
    if (!seen(e) || inSentence(e)) continue;
    let { width, height } = e.getBoundingClientRect();
    if (/^(radio|checkbox)$/.test(e.type) && e.labels[0]) { const l = e.labels[0].getBoundingClientRect(); width = Math.max(width, l.width); height = Math.max(height, l.height); }
    if (width < min - 0.5 || height < min - 0.5) small.push(`${name(e)} ${Math.round(width)}x${Math.round(height)}`);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    const e = n.parentElement;
    if (!n.nodeValue.trim() || /^(SCRIPT|STYLE|NOSCRIPT|TITLE|OPTION)$/.test(e.tagName) || !seen(e)) continue;
    const px = parseFloat(getComputedStyle(e).fontSize);
    if (px < font - 0.1) tiny.add(`${name(e)} ${px.toFixed(1)}px`);
  }
  return { small, tiny: [...tiny] };
}

/** What sticks out of the page sideways (boxes that scroll by themselves may hold wide things). */
export function overflow() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width + 1) return [];
  const out = new Set();
  for (const e of document.body.querySelectorAll('*')) {
    const b = e.getBoundingClientRect();
    if (b.right <= width + 1 || !b.width) continue;
    let box = e.parentElement;
    while (box && box !== document.body && !/auto|scroll|hidden/.test(getComputedStyle(box).overflowX)) box = box.parentElement;
    if (box === document.body) out.add(`${e.tagName.toLowerCase()}.${e.getAttribute('class') || ''}`);
  }
  return [...out].slice(0, 5).concat(`scrollWidth ${document.documentElement.scrollWidth} > ${width}`);
}

/** WCAG 1.4.12, by an adopted sheet so that the page's CSP is not in the way. */
export function spaceText() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Takes the sheet of `spaceText` away again. */
export function spaceNormally() {
  document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1);
}

/** Shows the page as its reader's choices would: the two attributes are all that a look changes. */
export function wear({ theme, mode }) {
  for (const [name, value] of [['theme', theme], ['mode', mode]]) {
    if (value) document.documentElement.dataset[name] = value; else delete document.documentElement.dataset[name];
  }
}

export async function axe(level) {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const result = await window.axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
    rules: level === 'AAA' ? { 'color-contrast-enhanced': { enabled: true } } : {},
  });
  return result.violations.map(v => `${v.impact} ${v.id} x${v.nodes.length}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')} (${(v.nodes[0].failureSummary || '').split('\n')[1]?.trim() || v.help})`);
}

/** Chinese in the own words of a page that is not in Chinese: [part, text]. What people and registers say stands in values
 *  (`dd`, `td`, what was typed) and keeps its language; `given` are such words that stand elsewhere; titles of laws,
 *  masked names, names of enterprises and of files are known by their shape. */
export function han(given) {
  const reader = document.querySelector('a[href="/my/account"]')?.textContent.trim();
  const out = [], values = 'dd, td, pre, code, textarea, .time__who, .lines';
  const note = (e, text) => {
    for (const word of [...given, ...(reader ? [reader] : [])]) text = text.replaceAll(word, '');
    text = text.replace(/《[^》]*》(（[^）]*）)?(第[^ ,;.]*)?|\p{Script=Han}\*+|云岭市..[区县市]\p{Script=Han}+|\S+\.(pdf|png)/gu, '').trim();
    if (/\p{Script=Han}/u.test(text)) out.push([`${e.tagName.toLowerCase()}.${e.getAttribute('class') || ''}`, text]);
  };
  const own = e => !/^(SCRIPT|STYLE)$/.test(e.tagName) && !e.closest('[lang^="zh"]') && (e.closest('.tag, button, label, summary') || !e.closest(values));
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) if (own(n.parentElement)) note(n.parentElement, n.nodeValue);
  for (const name of ['aria-label', 'placeholder', 'alt', 'title', 'data-label'])
    for (const e of document.querySelectorAll(`[${name}]:not([lang^="zh"])`)) note(e, e.getAttribute(name));
  return out;
}
