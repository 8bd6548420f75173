import { el, setText } from '../dom.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { field, makeDialog, nameInput, problemLine } from './dialog.js';

/** A new group: a title, contacts by a tick, others by their user names. */
export class GroupDialog {
  #models;
  #go;
  #title = el('input', { id: 'group-title', required: true, maxLength: 100, autocomplete: 'off', autofocus: true });
  #names = nameInput({ id: 'group-names' });
  #contacts = el('fieldset', { className: 'ticks' });
  #problem = problemLine();
  #submit = el('button', { className: 'primary', 'data-text': 'group.create' });
  #form;
  #dialog;

  /** @param {(address: {id: string}) => void} go opens what was created */
  constructor(models, go) {
    this.#models = models;
    this.#go = go;
    this.#form = el('form', { className: 'stack' }, field('group.title', this.#title), this.#contacts,
      field('group.names', this.#names, 'group.namesHint'), this.#problem, this.#submit);
    this.#dialog = makeDialog('group-dialog', 'group.dialogTitle', this.#form);
    this.#form.addEventListener('submit', event => this.#create(event));
  }

  open() {
    const { contacts, people } = this.#models;
    this.#form.reset();
    setText(this.#problem, '');
    const users = contacts.list('accepted');
    this.#contacts.hidden = users.length === 0;
    this.#contacts.replaceChildren(el('legend', { 'data-text': 'group.contacts' }),
      ...users.map(user => el('label', { className: 'tick' }, el('input', { type: 'checkbox', value: user }), el('span', {}, people.name(user)))));
    this.#dialog.showModal();
  }

  async #create(event) {
    event.preventDefault();
    setText(this.#problem, '');
    this.#submit.disabled = true;
    try {
      const members = await this.#members();
      if (members.length === 0) {
        setText(this.#problem, t('group.nobody'));
        return;
      }
      const { conversationId } = await this.#models.client.api.createGroup(this.#title.value.trim(), members);
      this.#dialog.close();
      this.#go({ id: conversationId });
    } catch (error) {
      setText(this.#problem, error.missing ? explain(error, 'user', { name: error.missing }) : explain(error, 'group'));
    } finally {
      this.#submit.disabled = false;
    }
  }

  /** @returns {Promise<string[]>} everybody ticked or named, each once */
  async #members() {
    const members = [...this.#contacts.querySelectorAll('input:checked')].map(input => input.value);
    for (const name of this.#names.value.split(/[\s,;，；、]+/).filter(Boolean)) {
      try {
        members.push((await this.#models.people.find(name)).userId);
      } catch (error) {
        if (error.code === 'not_found') error.missing = name;
        throw error;
      }
    }
    return [...new Set(members)];
  }
}
