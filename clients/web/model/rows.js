import { dayName, sameDay } from '../format.js';
import { memberChange } from './members.js';

/** What one person writes within a minute of himself stands together. */
const GROUP_MS = 60_000;

/**
 * The lines of a conversation, from its messages and from what waits in the outbox: day lines, membership lines, one line
 * where the unread messages begin, and messages with `first`/`last` telling where the bubbles of one writer begin and end.
 * @param {{messages: import('../im.js').Message[], pending: import('../im.js').Entry[], me: string, readSeq?: number, complete?: boolean}} source
 *   `readSeq`: what had been read when the conversation was opened; `complete`: nothing lies before the messages
 * @returns {{key: string, kind: 'day' | 'unread' | 'member' | 'message'}[]}
 */
export function rowsOf({ messages, pending, me, readSeq, complete = true }) {
  const known = new Set(messages.map(message => message.id));
  const waiting = pending.filter(entry => !known.has(entry.id)).map(entry => ({ ...entry, from: me, pending: true }));
  const rows = [];
  // Where the unread begin before the loaded part, the line has no place yet.
  let divided = readSeq === undefined || !(complete || messages[0]?.seq <= readSeq);
  let before;
  for (const message of [...messages, ...waiting]) {
    const newDay = !before || !sameDay(before.time, message.time);
    if (newDay) rows.push({ key: `day ${dayName(message.time)} ${message.seq ?? message.id}`, kind: 'day', time: message.time });
    const begins = !divided && message.seq > readSeq && message.from !== me;
    if (begins) {
      rows.push({ key: 'unread', kind: 'unread' });
      divided = true;
    }
    const row = rowOf(message, me);
    row.first = newDay || begins || !continues(before, message);
    const above = rows.at(-1);
    if (above?.kind === 'message') above.last = row.first || row.kind !== 'message';
    rows.push(row);
    before = message;
  }
  if (rows.at(-1)?.kind === 'message') rows.at(-1).last = true;
  return rows;
}

function rowOf(message, me) {
  const change = memberChange(message);
  if (change) return { key: `seq ${message.seq}`, kind: 'member', message, change };
  const own = message.from === me;
  // An own message keeps its key, and with it its place on the screen, from being typed to being accepted.
  const key = own && message.id ? `id ${message.id}` : `seq ${message.seq}`;
  return { key, kind: 'message', message, own, first: true, last: true };
}

function continues(before, message) {
  return before.from === message.from && before.type === message.type && message.time - before.time < GROUP_MS;
}
