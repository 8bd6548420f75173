import { memberChange } from './members.js';

/**
 * @typedef {{id: string, kind: 'direct' | 'group', title?: string, members: string[], owner?: string, lastSeq: number,
 *   readSeq: number, unread: number, last?: import('../im.js').Message, peer: {delivered: number, read: number},
 *   log?: import('./log.js').Log}} Conversation `peer`: what the other of a pair has got;
 *   `members` of a group: empty until it was opened; `log`: only while it is open
 */

/**
 * What the server answered about a conversation, together with what is known already: an event may overtake the answer that was
 * read before it. @param {Conversation} [old] @returns {Conversation}
 */
export function fromAnswer(answer, old) {
  const { conversationId: id, lastMessage, lastSeq, readSeq = 0, unread = 0, peer, ...rest } = answer;
  const item = {
    ...rest, id, lastSeq, readSeq, unread, log: old?.log, last: lastMessage && { ...lastMessage, c: id },
    // The list names the members of pairs only.
    members: answer.members ?? old?.members ?? [],
    peer: furthest(old?.peer, { delivered: peer?.deliveredSeq, read: peer?.readSeq }),
  };
  if (old?.lastSeq > lastSeq) Object.assign(item, { lastSeq: old.lastSeq, last: old.last, unread: old.unread });
  if (old?.readSeq > readSeq) Object.assign(item, { readSeq: old.readSeq, unread: old.unread });
  return item;
}

/** @param {Conversation} item @param {import('../im.js').Message} message behind everything that it has */
export function takeNewest(item, message, own) {
  item.lastSeq = message.seq;
  item.last = message;
  if (!own) item.unread++;
  const change = memberChange(message);
  if (!change || item.members.length === 0) return;
  item.members = [...new Set([...item.members, ...change.joined])].filter(user => !change.left.includes(user));
}

/** Receipts may overtake one another; what was read was delivered. */
export function furthest(old = { delivered: 0, read: 0 }, { delivered = 0, read = 0 }) {
  return { delivered: Math.max(old.delivered, delivered, read), read: Math.max(old.read, read) };
}
