const DAY_MS = 86_400_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en', { weekday: 'long' });
const date = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });

export function timeOfDay(time) {
  return clock.format(time);
}

/** A day as its line in the conversation says it: Today, Yesterday, Monday, 3 March 2026. */
export function dayName(time, now = Date.now()) {
  const days = Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days > 1 && days < 7 ? weekday.format(time) : fullDate.format(time);
}

/** As short as a list needs it: the time today, then the day, then the date. */
export function shortTime(time, now = Date.now()) {
  const day = dayName(time, now);
  if (day === 'Today') return timeOfDay(time);
  if (day === 'Yesterday') return day;
  return now - time < 7 * DAY_MS ? day.slice(0, 3) : date.format(time);
}

export function lastSeen(time, now = Date.now()) {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'last seen just now';
  if (minutes < 60) return `last seen ${minutes} min ago`;
  const day = dayName(time, now);
  return day === 'Today' ? `last seen at ${timeOfDay(time)}` : `last seen ${day === 'Yesterday' ? 'yesterday' : day}`;
}

export function sameDay(a, b) {
  return startOfDay(a) === startOfDay(b);
}

function startOfDay(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** `1 message`, `3 messages` */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
