import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, test } from 'node:test';
import { ago, dayName, shortTime } from '../../../clients/web/format.js';
import { all, language, setLanguage, t } from '../../../clients/web/language.js';
import { explain, faultyField, sentence } from '../../../clients/web/problems.js';
import en from '../../../clients/web/strings/en.js';
import zh from '../../../clients/web/strings/zh.js';

const web = fileURLToPath(new URL('../../../clients/web/', import.meta.url));
const page = readFileSync(`${web}index.html`, 'utf8');
const sources = ['chat.js', 'dom.js', 'format.js', 'problems.js', ...['views', 'model'].flatMap(folder =>
  readdirSync(`${web}${folder}`).map(name => `${folder}/${name}`))].map(name => [name, readFileSync(web + name, 'utf8')]);

afterEach(() => setLanguage('en', []));

const forms = text => (typeof text === 'string' ? [text] : Object.values(text));
const placeholders = text => [...new Set(forms(text).flatMap(form => form.match(/\{\w+\}/g) ?? []))].sort();

test('both languages have the same texts with the same blanks', () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const key of Object.keys(en)) assert.deepEqual(placeholders(zh[key]), placeholders(en[key]), key);
});

test('no text is empty, and each has the plural forms that its language needs', () => {
  for (const [tag, strings] of [['en', en], ['zh', zh]]) {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(strings)) {
      assert.ok(forms(text).every(form => form.trim() !== ''), key);
      if (typeof text !== 'string') assert.deepEqual(Object.keys(text).sort(), [...needed].sort(), key);
    }
  }
});

test('every text that is asked for exists, and every one that exists is asked for', () => {
  const code = [page, ...sources.map(([, source]) => source)].join('\n');
  const asked = new Set([...code.matchAll(/data-(?:text|label|placeholder)(?:="|': ')([\w.]+)/g), ...code.matchAll(/\bt\('([\w.]+)'/g)].map(match => match[1]));
  const patterns = [...code.matchAll(/`([\w.]+\.)\$\{[^}]+\}(\w*)`/g)].map(([, head, tail]) => new RegExp(`^${head.replaceAll('.', '\\.')}[\\w.]+${tail}$`));
  assert.deepEqual([...asked].filter(key => !(key in en)), []);
  const used = key => asked.has(key) || code.includes(`'${key}'`) || patterns.some(pattern => pattern.test(key));
  assert.deepEqual(Object.keys(en).filter(key => !used(key)), []);
});

test('no words stand in the page itself', () => {
  const body = page.slice(page.indexOf('<body>')).replace(/<noscript>.*<\/noscript>/, '');
  assert.deepEqual(body.match(/>[^<]*\p{L}[^<]*</gu) ?? [], []);
  assert.deepEqual(body.match(/\s(?:aria-label|title|placeholder|alt)="[^"]+"/g) ?? [], []);
});

test('no words stand in the views', () => {
  // Names of keys and events, and what the browser calls its things.
  const allowed = /^(Enter|Escape|Home|End|Arrow\w+|BUTTON|INPUT|Im|QuotaExceededError|SecurityError|Error|Event|CustomEvent)$/;
  for (const [name, source] of sources) {
    const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/^import .*$/gm, '');
    const literals = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(match => match[1]);
    assert.deepEqual(literals.filter(text => (/^[A-Z]\w/.test(text) || /\p{Script=Han}/u.test(text)) && !allowed.test(text)), [], name);
  }
});

test('the language is the chosen one, or the first of the browser that the page speaks', () => {
  const cases = [['zh', ['en'], 'zh-Hans'], ['en', ['zh-CN'], 'en'], ['system', ['de', 'en-GB', 'zh'], 'en-GB'], ['system', ['fr-FR', 'zh-TW', 'en'], 'zh-Hans'], ['system', ['fr'], 'en'], ['system', [], 'en']];
  for (const [wanted, offered, expected] of cases) {
    setLanguage(wanted, offered);
    assert.equal(language(), expected);
  }
});

test('values are filled in as they are, and never looked into again', () => {
  assert.equal(t('sidebar.by', { name: '{text}', text: '$& <b>' }), '{text}: $& <b>');
  assert.equal(t('banner.waiting', { count: 1 }), '1 message waiting');
  assert.equal(t('banner.waiting', { count: 0 }), '0 messages waiting');
  assert.throws(() => t('there.is.no.such.text'));
});

test('problems become sentences by their code, the more exact one first', () => {
  assert.equal(sentence('forbidden', 'group'), en['problem.forbidden.group']);
  assert.equal(sentence('forbidden', 'anything else'), en['problem.forbidden']);
  assert.match(sentence('http_502'), /http_502/);
  assert.match(explain({ code: 'too_many', retryAfter: 7 }), /7 s/);
  assert.equal(explain({ name: 'QuotaExceededError' }), en['problem.storage']);
  setLanguage('zh', []);
  assert.equal(explain({ code: 'network' }), zh['problem.network']);
});

test('what the server refused of a new account is laid to its field', () => {
  const field = (code, detail) => faultyField({ code, detail });
  assert.equal(field('username_taken'), 'username');
  for (const detail of ['a user name has 3 to 32 characters', 'this user name is reserved']) assert.equal(field('invalid', detail), 'username');
  for (const detail of ['a password has 8 to 1024 characters', 'a password is not the user\'s name', 'this password is among the first that anybody tries']) {
    assert.equal(field('invalid', detail), 'password');
  }
  assert.equal(field('invalid', 'displayName has 1 to 64 characters, not all blank'), 'displayName');
  assert.deepEqual([field('invalid', 'the body is application/json'), field('invalid'), field('network', 'password')], [undefined, undefined, undefined]);
  for (const name of ['username', 'password', 'displayName']) assert.notEqual(sentence('invalid', name), en['problem.invalid']);
});

test('an error without a code is a fault of the page and is not hidden', () => {
  assert.throws(() => explain(new TypeError('x is not a function')), TypeError);
});

test('times are told in the language in use', () => {
  const now = new Date(2026, 2, 12, 15, 30).getTime();
  const [minute, day] = [60_000, 86_400_000];
  assert.deepEqual([now, now - day, now - 3 * day].map(time => dayName(time, now)), ['Today', 'Yesterday', 'Monday']);
  assert.match(dayName(now - 30 * day, now), /February.*2026|2026.*February/);
  assert.deepEqual([5 * minute, 3 * 60 * minute, day].map(past => ago(now - past, now)), ['5 minutes ago', '3 hours ago', 'yesterday']);
  setLanguage('zh', []);
  assert.deepEqual([dayName(now, now), ago(now - 5 * minute, now), shortTime(now - 3 * day, now)], ['今天', '5分钟前', '周一']);
  assert.equal(all(['甲', '乙']), '甲和乙');
});
