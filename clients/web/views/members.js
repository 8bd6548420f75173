import { $, el, reconcile, setText } from '../dom.js';
import { explain } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';

const CONFIRM = 'Leave for good? Click again';

/**
 * The members of a group. The owner adds and removes, everybody may leave; where the owner is not known the server decides,
 * and its refusal is shown.
 */
export class MembersDialog {
  #client;
  #conversations;
  #people;
  #id;

  constructor(client, conversations, people) {
    this.#client = client;
    this.#conversations = conversations;
    this.#people = people;
    $('members-add').addEventListener('submit', event => this.#add(event));
    $('members-leave').addEventListener('click', () => this.#leave());
    $('members-leave').addEventListener('blur', () => this.#calm());
  }

  async open(id) {
    this.#id = id;
    $('members-add').reset();
    $('members-problem').textContent = '';
    this.#calm();
    this.render();
    $('members-dialog').showModal();
    await this.#conversations.fetch(id);
    this.#client.watch(this.#conversations.get(id)?.members ?? []);
  }

  render() {
    const item = this.#id && this.#conversations.get(this.#id);
    if (!item) return $('members-dialog').close();
    const me = this.#client.userId;
    const mayManage = item.owner === undefined || item.owner === me;
    setText($('members-title'), item.title || 'Group');
    $('members-add').hidden = !mayManage;
    const rows = item.members.map(user => ({ key: user, user, owner: user === item.owner, removable: mayManage && user !== me }));
    return reconcile($('members'), rows, row => this.#createRow(row), (node, row) => this.#updateRow(node, row));
  }

  #createRow({ user }) {
    const remove = el('button', { type: 'button', className: 'link' }, 'Remove');
    remove.addEventListener('click', () => this.#try(() => this.#client.api.removeMember(this.#id, user)));
    const words = el('span', { className: 'member-name' }, el('strong', {}), el('small', {}));
    return el('li', {}, avatar(), words, remove);
  }

  #updateRow(node, { user, owner, removable }) {
    const [picture, words, remove] = node.children;
    const name = this.#people.name(user);
    const status = this.#people.presence(user)?.status;
    updateAvatar(picture, { id: user, name, status });
    setText(words.children[0], user === this.#client.userId ? `${name} (you)` : name);
    setText(words.children[1], [owner && 'Owner', status].filter(Boolean).join(' · '));
    remove.hidden = !removable;
    remove.ariaLabel = `Remove ${name}`;
  }

  async #add(event) {
    event.preventDefault();
    await this.#try(async () => {
      const { userId } = await this.#people.find($('members-name').value.trim());
      await this.#client.api.addMember(this.#id, userId);
      this.#client.watch([userId]);
      $('members-add').reset();
    });
  }

  async #leave() {
    if ($('members-leave').textContent !== CONFIRM) {
      $('members-leave').textContent = CONFIRM;
      return;
    }
    await this.#try(() => this.#client.api.removeMember(this.#id, this.#client.userId));
  }

  #calm() {
    $('members-leave').textContent = 'Leave group';
  }

  async #try(change) {
    $('members-problem').textContent = '';
    try {
      await change();
    } catch (error) {
      $('members-problem').textContent = error.code === 'not_found' ? 'There is no user of this name.' : explain(error);
    }
    await this.#conversations.fetch(this.#id);
  }
}
