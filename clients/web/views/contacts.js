import { hashOf } from '../address.js';
import { $, el, reconcile, setText } from '../dom.js';
import { lastSeen } from '../format.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';
import { arrowKeys, oneTabStop } from './keys.js';

/** The contacts: requests to answer first, then the contacts themselves, then requests that wait, then who is blocked. */
export class ContactList {
  #models;
  #onPerson;
  #sections;
  /** Whom the notice is about, and how the two stood then. */
  #told;

  /** @param {(userId: string) => void} onPerson shows the details of somebody */
  constructor(models, onPerson) {
    this.#models = models;
    this.#onPerson = onPerson;
    const { contacts } = models;
    this.#sections = [
      this.#section('incoming', () => contacts.list('pending'), [['accept', user => contacts.accept(user)], ['decline', user => contacts.remove(user)]]),
      this.#section('accepted', () => contacts.list('accepted'), []),
      this.#section('outgoing', () => contacts.list('requested'), [['takeBack', user => contacts.remove(user)]]),
      this.#section('blocked', () => contacts.blocked(), [['unblock', user => contacts.unblock(user)]]),
    ];
    $('contacts-sections').append(...this.#sections.map(section => section.node));
    $('contacts-add').addEventListener('submit', event => this.#add(event));
    $('contacts-retry').addEventListener('click', () => contacts.load());
    arrowKeys($('contacts-sections'), '.row');
  }

  clear() {
    for (const { list } of this.#sections) list.replaceChildren();
    $('contacts-add').reset();
    this.#tell('');
    setText($('contacts-problem'), '');
  }

  render() {
    const { contacts } = this.#models;
    if (this.#told && contacts.state(this.#told.user) !== this.#told.state) this.#tell('');
    let shown = 0;
    for (const section of this.#sections) {
      const users = section.users();
      shown += users.length;
      section.node.hidden = users.length === 0;
      const rows = users.map(user => ({ key: user, user }));
      reconcile(section.list, rows, row => this.#createRow(section, row), (node, row) => this.#updateRow(section, node, row));
    }
    oneTabStop($('contacts-sections'), '.row');
    $('contacts-empty').hidden = !contacts.loaded || contacts.failed || shown > 0;
    $('contacts-failed').hidden = !contacts.failed;
  }

  #section(name, users, actions) {
    const heading = el('h3', { id: `contacts-${name}`, 'data-text': `contacts.${name}` });
    const list = el('ul', { className: 'rows', 'aria-labelledby': heading.id });
    return { name, users, actions, list, node: el('section', { className: 'contacts-section' }, heading, list) };
  }

  #createRow({ actions }, { user }) {
    const words = el('span', { className: 'row-words' }, el('span', { className: 'row-title' }), el('span', { className: 'row-preview' }));
    const main = el('a', { className: 'row contact', href: hashOf({ user }) }, avatar(), words);
    const buttons = actions.map(([action, run]) => {
      const button = el('button', { type: 'button', className: action === 'accept' ? 'small primary' : 'small secondary', 'data-text': `contacts.${action}` });
      button.addEventListener('click', () => this.#try(() => run(user)));
      return button;
    });
    const details = el('button', { type: 'button', className: 'icon-button', 'data-icon': 'person' });
    details.addEventListener('click', () => this.#onPerson(user));
    return el('li', { className: 'contact-row' }, main, el('span', { className: 'contact-actions' }, ...buttons, details));
  }

  #updateRow({ name: section, actions }, node, { user }) {
    const { people } = this.#models;
    const [picture, words] = node.firstChild.children;
    const [...buttons] = node.lastChild.children;
    const name = people.name(user);
    const presence = section === 'accepted' ? people.presence(user) : undefined;
    const seen = presence?.status === 'offline' && presence.lastSeen ? lastSeen(presence.lastSeen) : presence && t(`presence.${presence.status}`);
    updateAvatar(picture, { id: user, name, status: presence?.status });
    setText(words.firstChild, name);
    setText(words.lastChild, seen ?? (people.username(user) ? `@${people.username(user)}` : ''));
    for (const [index, [action]] of actions.entries()) buttons[index].setAttribute('aria-label', t(`contacts.${action}Of`, { name }));
    const details = buttons.at(-1);
    details.title = t('contacts.details', { name });
    details.setAttribute('aria-label', details.title);
  }

  async #add(event) {
    event.preventDefault();
    const { people, contacts, client } = this.#models;
    const name = $('contacts-name').value.trim();
    await this.#try(async () => {
      const { userId } = await people.find(name);
      if (userId === client.userId) {
        this.#tell(t('contacts.self'));
        return;
      }
      await contacts.request(userId);
      $('contacts-add').reset();
      const state = contacts.state(userId);
      this.#tell(t(state === 'accepted' ? 'contacts.both' : 'contacts.asked', { name: people.name(userId) }), { user: userId, state });
    }, name);
  }

  /** Says what was done; `told` makes it go when it is true no more. */
  #tell(text, told) {
    this.#told = told;
    setText($('contacts-notice'), text);
  }

  async #try(change, name) {
    this.#tell('');
    setText($('contacts-problem'), '');
    try {
      await change();
    } catch (error) {
      setText($('contacts-problem'), explain(error, name && 'user', { name }));
    }
  }
}
