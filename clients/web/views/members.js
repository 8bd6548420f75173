import { el, reconcile, setText } from '../dom.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';
import { actsOnSecondPress, isSure, makeDialog, nameInput, problemLine } from './dialog.js';

/** A group and its members. The owner renames, adds and removes, everybody may leave; the server has the last word. */
export class MembersDialog {
  #models;
  #id;
  #title = el('input', { id: 'members-title', required: true, maxLength: 100, autocomplete: 'off' });
  #rename = el('form', { className: 'inline' },
    el('label', { className: 'sr-only', for: 'members-title', 'data-text': 'members.titleLabel' }), this.#title,
    el('button', { className: 'secondary', 'data-text': 'members.rename' }));
  #count = el('h3', { id: 'members-count' });
  #list = el('ul', { className: 'members', 'aria-labelledby': 'members-count' });
  #name = nameInput({ id: 'members-name', 'data-placeholder': 'members.addLabel', required: true, maxLength: 32 });
  #add = el('form', { className: 'inline' },
    el('label', { className: 'sr-only', for: 'members-name', 'data-text': 'members.addLabel' }), this.#name,
    el('button', { className: 'secondary', 'data-text': 'members.add' }));
  #problem = problemLine();
  #leave = el('button', { type: 'button', className: 'danger', 'aria-describedby': 'members-leave-hint' });
  #leaveHint = el('p', { id: 'members-leave-hint', className: 'hint', 'data-text': 'members.ownerLeaves' });
  #dialog;

  constructor(models) {
    this.#models = models;
    this.#dialog = makeDialog('members-dialog', 'members.title', this.#rename, this.#count, this.#list, this.#add, this.#problem, this.#leave, this.#leaveHint);
    this.#rename.addEventListener('submit', event => this.#renameTo(event));
    this.#add.addEventListener('submit', event => this.#addMember(event));
    actsOnSecondPress(this.#leave, () => this.render(), () => this.#try(() => models.conversations.leave(this.#id)));
  }

  async open(id) {
    const { conversations, client } = this.#models;
    this.#id = id;
    this.#add.reset();
    this.#title.value = conversations.get(id)?.title ?? '';
    setText(this.#problem, '');
    this.#leave.removeAttribute('data-sure');
    this.#dialog.showModal();
    this.render();
    await conversations.fetch(id);
    client.watch(conversations.get(id)?.members ?? []);
  }

  render() {
    if (!this.#dialog.open) return;
    const { conversations, client } = this.#models;
    const item = conversations.get(this.#id);
    if (!item) {
      this.#dialog.close();
      return;
    }
    const me = client.userId;
    const owns = item.owner === me;
    this.#add.hidden = !owns;
    this.#rename.hidden = !owns;
    this.#leaveHint.hidden = !owns;
    if (document.activeElement !== this.#title && this.#title.value === '') this.#title.value = item.title ?? '';
    setText(this.#count, owns ? t('members.heading', { count: item.members.length })
      : `${item.title || t('group.untitled')} · ${t('members.heading', { count: item.members.length })}`);
    setText(this.#leave, t(isSure(this.#leave) ? 'members.leaveSure' : 'members.leave'));
    const rows = item.members.map(user => ({ key: user, user, owner: user === item.owner, removable: owns && user !== me }));
    reconcile(this.#list, rows, row => this.#createRow(row), (node, row) => this.#updateRow(node, row));
  }

  #createRow({ user }) {
    const remove = el('button', { type: 'button', className: 'link' });
    actsOnSecondPress(remove, () => this.render(), () => this.#try(() => this.#models.client.api.removeMember(this.#id, user)));
    return el('li', {}, avatar(), el('span', { className: 'member-name' }, el('strong', {}), el('small', {})), remove);
  }

  #updateRow(node, { user, owner, removable }) {
    const { people, client } = this.#models;
    const [picture, words, remove] = node.children;
    const name = people.name(user);
    const status = people.presence(user)?.status;
    updateAvatar(picture, { id: user, name, status });
    setText(words.firstChild, user === client.userId ? t('common.you', { name }) : name);
    setText(words.lastChild, [owner && t('members.owner'), status && t(`presence.${status}`)].filter(Boolean).join(' · '));
    remove.hidden = !removable;
    setText(remove, isSure(remove) ? t('members.removeSure') : t('common.remove'));
    remove.setAttribute('aria-label', t(isSure(remove) ? 'members.removeSureOf' : 'members.removeOf', { name }));
  }

  async #renameTo(event) {
    event.preventDefault();
    await this.#try(() => this.#models.client.api.rename(this.#id, this.#title.value.trim()));
  }

  async #addMember(event) {
    event.preventDefault();
    const { people, client } = this.#models;
    const name = this.#name.value.trim();
    await this.#try(async () => {
      const { userId } = await people.find(name);
      await client.api.addMember(this.#id, userId);
      client.watch([userId]);
      this.#add.reset();
    }, name);
  }

  async #try(change, name) {
    setText(this.#problem, '');
    try {
      await change();
    } catch (error) {
      setText(this.#problem, name && error.code === 'not_found' ? explain(error, 'user', { name }) : explain(error, 'group'));
    }
    // Nobody may ask for a group that he has left.
    if (this.#models.conversations.get(this.#id)) await this.#models.conversations.fetch(this.#id);
  }
}
