import en from './strings/en.js';
import zh from './strings/zh.js';

/** Every language of the page, by its own name, as its speakers look for it. */
export const LANGUAGES = { en: { name: 'English', strings: en }, zh: { name: '中文', strings: zh } };

let current = 'en';
let tag = 'en';
let plural = new Intl.PluralRules(current);
let list = new Intl.ListFormat(current);

/** @returns {string} the language in use, as BCP 47 has it */
export function language() {
  return tag;
}

/**
 * @param {string} wanted `en`, `zh`, or `system` for the first of the browser's that the page speaks
 * @param {readonly string[]} offered what the browser prefers, best first
 */
export function setLanguage(wanted, offered) {
  const spoken = offered.map(one => one.split('-')[0].toLowerCase()).find(one => one in LANGUAGES);
  current = wanted in LANGUAGES ? wanted : spoken ?? 'en';
  // The reader's own English knows how he writes a date; the Chinese here is the simplified one.
  tag = current === 'zh' ? 'zh-Hans' : offered.find(one => one.split('-')[0].toLowerCase() === current) ?? current;
  plural = new Intl.PluralRules(language());
  list = new Intl.ListFormat(language());
}

/**
 * The text of `key` in the language in use. Values are filled in as they are: the result is text and never markup.
 * @param {string} key @param {Record<string, string | number>} [values] @throws {Error} when there is no such text
 */
export function t(key, values = {}) {
  const text = LANGUAGES[current].strings[key];
  if (text === undefined) throw new Error(`no text for ${key}`);
  const form = typeof text === 'string' ? text : text[plural.select(values.count)] ?? text.other;
  return fill(form, values);
}

/** Chinese keeps a space around what is written in Latin letters or digits; what is filled in stays as it is. */
function fill(form, values) {
  return form.replace(/(?<=(\p{Script=Han})?)\{(\w+)\}(?=(\p{Script=Han})?)/gu, (_, before, name, after) => {
    const value = String(values[name]);
    const left = before && /^[\p{Script=Latin}\p{Nd}]/u.test(value) ? ' ' : '';
    const right = after && /[\p{Script=Latin}\p{Nd}]$/u.test(value) ? ' ' : '';
    return left + value + right;
  });
}

export function hasText(key) {
  return key in LANGUAGES[current].strings;
}

/** `Ann, Bob and Cleo` @param {string[]} words */
export function all(words) {
  return fill(list.format(words.map((_, index) => `{${index}}`)), words);
}
