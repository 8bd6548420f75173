import { $, setText } from '../dom.js';
import { t } from '../language.js';
import { avatar, updateAvatar } from './avatar.js';
import { ContactList } from './contacts.js';
import { ConversationList } from './conversationList.js';
import { Tabs } from './tabs.js';

/** The own name and status, and beside each other the conversations and the contacts. */
export class Sidebar {
  #models;
  #ownAvatar = avatar();
  #tabs = new Tabs($('sidebar-tabs'));
  #conversations;
  #contacts;

  constructor(models, { onNewChat, onNewGroup, onSettings, onPerson }) {
    this.#models = models;
    this.#conversations = new ConversationList(models);
    this.#contacts = new ContactList(models, onPerson);
    $('own-avatar').append(this.#ownAvatar);
    $('new-chat').addEventListener('click', onNewChat);
    $('first-chat').addEventListener('click', onNewChat);
    $('new-group').addEventListener('click', onNewGroup);
    $('open-settings').addEventListener('click', onSettings);
    $('own-status').addEventListener('change', event => {
      models.status.choose(event.target.value);
      this.#renderOwn();
    });
  }

  /** A user has logged in. */
  begin() {
    $('own-status').value = this.#models.status.current;
    this.#tabs.select($('tab-chats'));
  }

  /** @param {string | undefined} id the conversation that is open */
  select(id) {
    this.#conversations.select(id);
    this.render();
  }

  /** The conversations are not there yet; one step behind the tab is where they come. */
  focus() {
    $('tab-chats').focus();
  }

  /** Back from the conversation: the keyboard goes on where it was. */
  focusOn(id) {
    this.#tabs.select($('tab-chats'));
    this.#conversations.focusOn(id);
  }

  /** The user has logged out, or the language changed: everything is made anew. */
  clear() {
    this.#conversations.clear();
    this.#contacts.clear();
  }

  render() {
    const { client, conversations, contacts } = this.#models;
    if (!client.userId) return;
    this.#renderOwn();
    this.#conversations.render();
    this.#contacts.render();
    const { unread } = conversations;
    document.title = unread > 0 ? `(${unread}) Im` : 'Im';
    badge($('chats-badge'), unread, 'sidebar.unread');
    badge($('contacts-badge'), contacts.list('pending').length, 'sidebar.requests');
  }

  #renderOwn() {
    const { client, people } = this.#models;
    const id = client.userId;
    const name = people.name(id);
    setText($('own-name'), name);
    updateAvatar(this.#ownAvatar, { id, name, status: client.state.state === 'online' ? $('own-status').value : 'offline' });
  }
}

function badge(node, count, label) {
  setText(node, count > 99 ? '99+' : count > 0 ? String(count) : '');
  if (count > 0) node.setAttribute('aria-label', t(label, { count }));
  else node.removeAttribute('aria-label');
  node.role = count > 0 ? 'img' : null;
}
