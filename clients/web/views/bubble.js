import { el, setText } from '../dom.js';
import { dayName, timeOfDay } from '../format.js';
import { icon, setIcon } from '../icons.js';
import { t } from '../language.js';
import { memberSentence } from '../model/members.js';
import { sentence } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';
import { showText } from './text.js';

/** Makes one line of a conversation: a day, a membership change, the unread mark, or a message. */
export function createLine(row) {
  if (row.kind === 'day') return el('li', { className: 'line' }, el('span', {}));
  if (row.kind === 'unread') return el('li', { className: 'line unread-line' }, el('span', { 'data-text': 'conversation.newMessages' }));
  if (row.kind === 'member') return el('li', { className: 'line member-line' }, el('span', {}));
  const mark = icon('sending');
  mark.classList.add('mark');
  const parts = {
    avatar: avatar(), author: el('span', { className: 'author' }), text: el('span', { className: 'text' }),
    time: el('time', {}), mark, word: el('span', { className: 'sr-only' }), failure: el('div', { className: 'failure' }),
  };
  const meta = el('span', { className: 'meta' }, parts.time, mark, parts.word);
  const node = el('li', { className: 'message' }, parts.avatar,
    el('div', { className: 'bubble' }, parts.author, parts.text, meta), parts.failure);
  node.parts = parts;
  return node;
}

/**
 * @param {{people: import('../model/people.js').People, group: boolean, me: string,
 *   peer: {delivered: number, read: number}, onRetry: (id: string) => void, onDiscard: (id: string) => void}} context
 */
export function updateLine(node, row, context) {
  if (row.kind === 'day') setText(node.firstChild, dayName(row.time));
  if (row.kind === 'member') {
    setText(node.firstChild, memberSentence(row.message, row.change, context.me, id => context.people.name(id)));
  }
  if (row.kind === 'message') updateMessage(node, row, context);
}

function updateMessage(node, { message, own, first, last }, context) {
  const { parts } = node;
  const named = context.group && !own;
  node.classList.toggle('own', own);
  node.classList.toggle('first', first);
  node.classList.toggle('last', last);
  node.classList.toggle('with-avatar', named);
  const author = own ? t('message.you') : context.people.name(message.from);
  setText(parts.author, author);
  parts.author.classList.toggle('sr-only', !(named && first));
  if (named) updateAvatar(parts.avatar, { id: message.from, name: author });
  parts.author.style.setProperty('--hue', parts.avatar.style.getPropertyValue('--hue'));
  showText(parts.text, message.body);
  setText(parts.time, timeOfDay(message.time));
  const mark = own ? markOf(message, context.peer) : '';
  node.dataset.mark = mark;
  if (own) setIcon(parts.mark, mark === 'read' ? 'delivered' : mark);
  setText(parts.word, own ? t(`message.${mark}`) : '');
  updateFailure(parts.failure, message, context);
}

function markOf(message, peer) {
  if (message.failed) return 'failed';
  if (message.pending) return 'sending';
  if (message.seq <= peer.read) return 'read';
  return message.seq <= peer.delivered ? 'delivered' : 'sent';
}

function updateFailure(node, { id, failed }, { onRetry, onDiscard }) {
  if (node.dataset.code === (failed ?? '')) return undefined;
  node.dataset.code = failed ?? '';
  if (!failed) return node.replaceChildren();
  const again = el('button', { type: 'button', className: 'link', 'data-text': 'common.retry' });
  const discard = el('button', { type: 'button', className: 'link', 'data-text': 'message.discard' });
  again.addEventListener('click', () => onRetry(id));
  discard.addEventListener('click', () => onDiscard(id));
  return node.replaceChildren(el('span', { role: 'alert' }, `${t('message.why', { problem: sentence(failed) })} `),
    el('span', { className: 'failure-actions' }, again, discard));
}
