// The program's own words, so that a journey follows what people read and survives a better wording.
import fs from 'node:fs';

const folder = lang => new URL(`../locales/${lang}/`, import.meta.url);
const read = lang => new Map(fs.readdirSync(folder(lang)).filter(f => f.endsWith('.ftl')).flatMap(file =>
  [...fs.readFileSync(new URL(file, folder(lang)), 'utf8').matchAll(/^([a-z][\w-]*) = ?(.*(?:\n[ ]+\S.*)*)/gm)].map(m => [m[1], m[2].replace(/\n\s+/g, '\n').trim()])));
const all = new Map();

/** Keys that stand in `shown` as they are: texts that are missing in the reader's language. */
export function rawKeys(shown, lang = 'zh-Hans') {
  if (!all.has(lang)) all.set(lang, read(lang));
  const families = new Set([...all.get(lang).keys()].map(key => key.split('-')[0]));
  return [...new Set(shown.match(/(?<![\w./@-])[a-z]+(?:-[a-z0-9]+)+(?![\w./@-])/g))].filter(word => families.has(word.split('-')[0]) && word.split('-').length > 2);
}

/** A text by its key, `{ $name }` filled from `args`. An unknown key is an error: a journey must not look for what is not there. */
export function t(key, args = {}, lang = 'zh-Hans') {
  if (!all.has(lang)) all.set(lang, read(lang));
  const text = all.get(lang).get(key);
  if (text === undefined) throw new Error(`no text ${key} in locales/${lang}`);
  return text.replace(/\{ *\$(\w+) *\}/g, (_, name) => args[name] ?? '');
}
