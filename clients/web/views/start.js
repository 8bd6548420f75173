import { el, reconcile, setText } from '../dom.js';
import { explain } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';
import { field, makeDialog, nameInput, problemLine } from './dialog.js';
import { arrowKeys, oneTabStop } from './keys.js';

/** A chat with one person: a contact, or anybody by the exact user name. */
export class ChatDialog {
  #models;
  #go;
  #name = nameInput({ id: 'chat-username', required: true, maxLength: 32, autofocus: true });
  #problem = problemLine();
  #submit = el('button', { className: 'primary', 'data-text': 'chat.start' });
  #choose = el('h3', { id: 'chat-choose', 'data-text': 'chat.choose' });
  #contacts = el('ul', { className: 'rows', 'aria-labelledby': 'chat-choose' });
  #form;
  #dialog;

  /** @param {(address: {id?: string, user?: string}) => void} go opens what was started */
  constructor(models, go) {
    this.#models = models;
    this.#go = go;
    this.#form = el('form', { className: 'stack' }, field('chat.username', this.#name, 'chat.hint'), this.#problem, this.#submit);
    this.#dialog = makeDialog('chat-dialog', 'chat.dialogTitle', this.#form, this.#choose, this.#contacts);
    this.#form.addEventListener('submit', event => this.#start(event));
    arrowKeys(this.#contacts, '.row');
  }

  open() {
    this.#form.reset();
    setText(this.#problem, '');
    this.#render();
    this.#dialog.showModal();
  }

  #render() {
    const { contacts, people } = this.#models;
    const rows = contacts.list('accepted').map(user => ({ key: user, user }));
    this.#choose.hidden = rows.length === 0;
    reconcile(this.#contacts, rows, ({ user }) => this.#createRow(user), (node, { user }) => {
      const name = people.name(user);
      updateAvatar(node.firstChild.firstChild, { id: user, name, status: people.presence(user)?.status });
      setText(node.firstChild.lastChild, name);
    });
    oneTabStop(this.#contacts, '.row');
  }

  #createRow(user) {
    const row = el('button', { type: 'button', className: 'row contact' }, avatar(), el('span', { className: 'row-title' }));
    row.addEventListener('click', () => this.#open(user));
    return el('li', {}, row);
  }

  async #start(event) {
    event.preventDefault();
    const name = this.#name.value.trim();
    setText(this.#problem, '');
    this.#submit.disabled = true;
    try {
      this.#open((await this.#models.people.find(name)).userId);
    } catch (error) {
      setText(this.#problem, explain(error, 'user', { name }));
    } finally {
      this.#submit.disabled = false;
    }
  }

  #open(user) {
    this.#dialog.close();
    this.#go({ user });
  }
}
