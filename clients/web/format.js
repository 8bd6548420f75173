import { language, t } from './language.js';

const DAY_MS = 86_400_000;
const FORMATS = {
  clock: { hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'long' },
  shortWeekday: { weekday: 'short' },
  date: { day: 'numeric', month: 'short' },
  fullDate: { day: 'numeric', month: 'long', year: 'numeric' },
};
const made = new Map();

export function timeOfDay(time) {
  return format('clock', time);
}

/** A day as its line in the conversation says it: Today, Yesterday, Monday, 3 March 2026. */
export function dayName(time, now = Date.now()) {
  const days = daysSince(time, now);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  return format(days > 1 && days < 7 ? 'weekday' : 'fullDate', time);
}

/** As short as a list needs it: the time today, then the day, then the date. */
export function shortTime(time, now = Date.now()) {
  const days = daysSince(time, now);
  if (days === 0) return timeOfDay(time);
  if (days === 1) return t('time.yesterday');
  return format(days > 1 && days < 7 ? 'shortWeekday' : 'date', time);
}

/** How long ago, in the roughest unit that says something: 5 minutes ago, yesterday, 3 March 2026. */
export function ago(time, now = Date.now()) {
  const relative = formatter('relative', () => new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }));
  const seconds = Math.max(0, Math.floor((now - time) / 1000));
  if (seconds < 60) return relative.format(0, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  const days = daysSince(time, now);
  if (days === 0) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return days < 7 ? relative.format(-days, 'day') : format('fullDate', time);
}

export function lastSeen(time, now = Date.now()) {
  return now - time < 60_000 ? t('presence.justNow') : t('presence.lastSeen', { when: ago(time, now) });
}

export function sameDay(a, b) {
  return startOfDay(a) === startOfDay(b);
}

function daysSince(time, now) {
  return Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
}

function startOfDay(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

function format(name, time) {
  return formatter(name, () => new Intl.DateTimeFormat(language(), FORMATS[name])).format(time);
}

/** Making a formatter takes longer than a hundred uses of it. */
function formatter(name, make) {
  const key = `${language()} ${name}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key);
}

/** `16,384` */
export function whole(number) {
  return new Intl.NumberFormat(language()).format(number);
}
