import { $, el, reconcile, setText } from '../dom.js';
import { count, shortTime } from '../format.js';
import { icon } from '../icons.js';
import { NOTES } from '../model/conversations.js';
import { memberChange, memberSentence } from '../model/members.js';
import { avatar, updateAvatar } from './avatar.js';

const STATUS_WORDS = { online: 'online', away: 'away', busy: 'busy' };

/** The own name and status, and the conversations, newest first. */
export class Sidebar {
  #client;
  #conversations;
  #people;
  #ownAvatar = avatar();
  #current;

  constructor(client, conversations, people, { onNewChat, onNewGroup, onLogOut }) {
    this.#client = client;
    this.#conversations = conversations;
    this.#people = people;
    $('own-avatar').append(this.#ownAvatar);
    this.#button('new-chat', 'compose', onNewChat);
    this.#button('new-group', 'group', onNewGroup);
    this.#button('log-out', 'leave', onLogOut);
    $('first-chat').addEventListener('click', onNewChat);
    $('own-status').addEventListener('change', event => {
      client.status(event.target.value);
      this.render();
    });
  }

  /** @param {string | undefined} id the conversation that is open */
  select(id) {
    this.#current = id;
    this.render();
  }

  /** Back from the conversation: the keyboard goes on where it was. */
  focusOn(id) {
    const row = [...$('conversations').children].find(node => node.dataset.key === id);
    row?.firstChild.focus();
  }

  /** The user has logged out. */
  clear() {
    $('own-status').value = 'online';
    $('conversations').replaceChildren();
  }

  render() {
    if (!this.#client.userId) return;
    this.#renderOwn();
    const items = this.#conversations.list();
    $('conversations-loading').hidden = this.#conversations.loaded || items.length > 0;
    $('conversations-empty').hidden = !this.#conversations.loaded || items.length > 0;
    const rows = items.map(item => ({ ...item, key: item.id }));
    reconcile($('conversations'), rows, createRow, (node, row) => this.#updateRow(node, row));
    const { unread } = this.#conversations;
    document.title = unread > 0 ? `(${unread}) Im` : 'Im';
  }

  #renderOwn() {
    const id = this.#client.userId;
    const name = this.#people.name(id);
    const status = this.#client.state.state === 'online' ? $('own-status').value : 'offline';
    setText($('own-name'), name);
    updateAvatar(this.#ownAvatar, { id, name, status });
  }

  #updateRow(node, item) {
    const link = node.firstChild;
    const [picture, title, time, preview, badge] = link.partsOfRow;
    const direct = item.kind === 'direct';
    const other = direct ? this.#conversations.other(item) : undefined;
    const name = direct ? this.#people.name(other) : item.title || 'Group';
    const titleText = other === this.#client.userId ? NOTES : name;
    const status = direct ? this.#people.presence(other)?.status : undefined;
    link.href = `#/c/${encodeURIComponent(item.id)}`;
    if (item.id === this.#current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    updateAvatar(picture, { id: other ?? item.id, name, group: !direct, status });
    setText(title, titleText);
    setText(time, item.last ? shortTime(item.last.time) : '');
    setText(preview, this.#preview(item));
    setText(badge, item.unread > 99 ? '99+' : item.unread > 0 ? String(item.unread) : '');
    link.classList.toggle('has-unread', item.unread > 0);
    const said = [titleText, STATUS_WORDS[status], item.unread > 0 && count(item.unread, 'unread message'), preview.textContent, time.textContent];
    link.setAttribute('aria-label', said.filter(Boolean).join(', '));
  }

  #preview({ last, kind }) {
    if (!last) return '';
    const me = this.#client.userId;
    const name = id => this.#people.name(id);
    const change = memberChange(last);
    if (change) return memberSentence(last, change, me, name);
    if (last.from === me) return `You: ${last.body}`;
    return kind === 'group' ? `${name(last.from)}: ${last.body}` : last.body;
  }

  #button(id, picture, act) {
    $(id).append(icon(picture));
    $(id).addEventListener('click', act);
  }
}

function createRow() {
  const parts = [
    avatar(), el('span', { className: 'row-title' }), el('time', { className: 'row-time' }),
    el('span', { className: 'row-preview' }), el('span', { className: 'badge' }),
  ];
  const link = el('a', { className: 'row' }, ...parts);
  link.partsOfRow = parts;
  return el('li', {}, link);
}
