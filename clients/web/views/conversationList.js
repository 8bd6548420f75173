import { hashOf } from '../address.js';
import { $, el, reconcile, setText } from '../dom.js';
import { shortTime } from '../format.js';
import { icon, setIcon } from '../icons.js';
import { t } from '../language.js';
import { memberChange, memberSentence } from '../model/members.js';
import { avatar, updateAvatar } from './avatar.js';
import { arrowKeys, oneTabStop } from './keys.js';
import { typingText } from './typing.js';

/** The conversations, newest first, each with what was said last, what was begun, or who is writing. */
export class ConversationList {
  #models;
  #current;

  constructor(models) {
    this.#models = models;
    arrowKeys($('conversations'), '.row');
  }

  select(id) {
    this.#current = id;
  }

  focusOn(id) {
    const rows = [...$('conversations').children];
    (rows.find(node => node.dataset.key === id) ?? rows[0])?.firstChild.focus();
  }

  clear() {
    $('conversations').replaceChildren();
  }

  render() {
    const { conversations } = this.#models;
    const items = conversations.list();
    $('conversations-loading').hidden = conversations.loaded || items.length > 0;
    $('conversations-empty').hidden = !conversations.loaded || items.length > 0;
    $('conversations').hidden = items.length === 0;
    reconcile($('conversations'), items.map(item => ({ ...item, key: item.id })), createRow, (node, row) => this.#updateRow(node, row));
    oneTabStop($('conversations'), '.row');
  }

  #updateRow(node, item) {
    const { people, conversations, client } = this.#models;
    const link = node.firstChild;
    const { picture, title, presence, time, preview, mark, badge } = link.parts;
    const other = item.kind === 'direct' ? conversations.other(item) : undefined;
    const name = other ? people.name(other) : item.title || t('group.untitled');
    const titleText = other === client.userId ? t('conversation.notes') : name;
    const status = other && people.presence(other)?.status;
    link.href = hashOf({ id: item.id });
    if (item.id === this.#current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    updateAvatar(picture, { id: other ?? item.id, name, group: !other, status });
    setText(title, titleText);
    setText(time, item.last ? shortTime(item.last.time) : '');
    this.#preview(preview, item);
    this.#mark(mark, item, other);
    setText(badge.firstChild, item.unread > 99 ? '99+' : item.unread > 0 ? String(item.unread) : '');
    setText(badge.lastChild, item.unread > 0 ? t('sidebar.unread', { count: item.unread }) : '');
    badge.hidden = item.unread === 0;
    setText(presence, status ? t(`presence.${status}`) : '');
    link.classList.toggle('has-unread', item.unread > 0);
  }

  /** What is not sent must not hide in its conversation. While there is a connection a message waits too short to be told. */
  #mark(node, item, other) {
    const { client } = this.#models;
    const entries = client.outbox.filter(({ to }) => to.conversation === item.id || (other && to.user === other));
    const failed = entries.some(entry => entry.failed);
    const cutOff = client.state.state !== 'online' || !navigator.onLine;
    const state = failed ? 'failed' : cutOff && entries.length > 0 ? 'waiting' : '';
    node.hidden = state === '';
    if (node.dataset.mark === state) return;
    node.dataset.mark = state;
    if (state === '') return;
    setIcon(node.firstChild, failed ? 'failed' : 'sending');
    setText(node.lastChild, failed ? t('sidebar.failed') : t('sidebar.waiting'));
    node.title = node.lastChild.textContent;
  }

  #preview(node, item) {
    const { typing, drafts } = this.#models;
    const typists = typing.in(item.id);
    const draft = item.id !== this.#current && drafts.get(item.id);
    node.dataset.kind = typists.length > 0 ? 'typing' : draft ? 'draft' : '';
    if (typists.length > 0) setText(node, this.#typing(typists, item));
    else setText(node, draft ? t('sidebar.draft', { text: draft }) : this.#last(item));
  }

  #typing(typists, item) {
    return typingText(typists.map(user => this.#models.people.name(user)), item.kind === 'direct');
  }

  #last({ last, kind }) {
    if (!last) return '';
    const me = this.#models.client.userId;
    const name = id => this.#models.people.name(id);
    const change = memberChange(last);
    if (change) return memberSentence(last, change, me, name);
    if (last.from === me) return t('sidebar.own', { text: last.body });
    return kind === 'group' ? t('sidebar.by', { name: name(last.from), text: last.body }) : last.body;
  }
}

/** What is drawn besides the words is said in words of its own, which are not seen. */
function createRow() {
  const said = () => el('span', { className: 'sr-only' });
  const parts = {
    picture: avatar(), title: el('span', { className: 'row-title' }), presence: said(), time: el('time', { className: 'row-time' }),
    preview: el('span', { className: 'row-preview' }),
    mark: el('span', { className: 'row-mark', hidden: true }, icon('sending'), said()),
    badge: el('span', { className: 'badge' }, el('span', { 'aria-hidden': 'true' }), said()),
  };
  const link = el('a', { className: 'row' }, ...Object.values(parts));
  link.parts = parts;
  return el('li', {}, link);
}
