import { el, setText } from '../dom.js';
import { lastSeen } from '../format.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { avatar, updateAvatar } from './avatar.js';
import { actsOnSecondPress, isSure, makeDialog, problemLine } from './dialog.js';

/** What each way of standing to one another lets the user do, in the order of the buttons. */
const ACTIONS = {
  none: ['add'], requested: ['takeBack'], pending: ['accept', 'decline'], accepted: ['remove'],
};

/** Somebody: name, a word about himself, presence, and how the two stand to each other. */
export class PersonDialog {
  #models;
  #go;
  #user;
  #avatar = avatar();
  #name = el('strong', { className: 'person-name' });
  #about = el('p', { className: 'hint' });
  #bio = el('p', { className: 'person-bio' });
  #standing = el('p', { className: 'notice' });
  #buttons = el('div', { className: 'buttons' });
  #problem = problemLine();
  #shown = '';
  #dialog;

  /** @param {(address: {user: string}) => void} go opens the conversation with somebody */
  constructor(models, go) {
    this.#models = models;
    this.#go = go;
    const head = el('div', { className: 'person-head' }, this.#avatar, el('div', {}, this.#name, this.#about));
    this.#dialog = makeDialog('person-dialog', 'person.title', head, this.#bio, this.#standing, this.#buttons, this.#problem);
  }

  open(user) {
    const { people, client } = this.#models;
    this.#user = user;
    this.#shown = '';
    setText(this.#problem, '');
    client.watch([user]);
    this.#dialog.showModal();
    this.render();
    return this.#try(() => people.refresh(user));
  }

  render() {
    if (!this.#dialog.open) return;
    const { people, contacts } = this.#models;
    const user = this.#user;
    const name = people.name(user);
    const presence = people.presence(user);
    const seen = presence?.status === 'offline' && presence.lastSeen ? lastSeen(presence.lastSeen) : presence && t(`presence.${presence.status}`);
    updateAvatar(this.#avatar, { id: user, name, status: presence?.status });
    setText(this.#name, name);
    setText(this.#about, [people.username(user) && `@${people.username(user)}`, seen].filter(Boolean).join(' · '));
    setText(this.#bio, people.bio(user) || t('person.noBio'));
    const state = contacts.isBlocked(user) ? 'blocked' : contacts.state(user);
    this.#standing.hidden = !state;
    setText(this.#standing, state ? t(`person.${state}`, { name }) : '');
    this.#renderButtons();
  }

  #renderButtons() {
    const { contacts, client } = this.#models;
    const user = this.#user;
    const blocked = contacts.isBlocked(user);
    const standing = blocked ? [] : ACTIONS[contacts.state(user) ?? 'none'];
    const actions = user === client.userId ? ['message'] : blocked ? ['unblock', 'message'] : ['message', ...standing, 'block'];
    // A button that stays keeps the focus that it has.
    if (this.#shown === actions.join()) return;
    this.#shown = actions.join();
    const had = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(...actions.map(action => this.#button(action, blocked)));
    if (had) this.#buttons.firstChild.focus();
  }

  #button(action, blocked) {
    // To whom is blocked nothing can be sent.
    const isMain = action === 'accept' || action === (blocked ? 'unblock' : 'message');
    const className = isMain ? 'primary' : action === 'block' || action === 'remove' ? 'danger' : 'secondary';
    const button = el('button', { type: 'button', className, 'data-text': `person.${action}` });
    const act = () => (action === 'message' ? this.#message() : this.#try(() => this.#act(action)));
    if (action === 'block') actsOnSecondPress(button, () => setText(button, isSure(button) ? t('person.blockSure') : t('person.block')), act);
    else button.addEventListener('click', act);
    return button;
  }

  #message() {
    this.#dialog.close();
    this.#go({ user: this.#user });
  }

  #act(action) {
    const { contacts } = this.#models;
    const user = this.#user;
    switch (action) {
      case 'add': return contacts.request(user);
      case 'accept': return contacts.accept(user);
      case 'block': return contacts.block(user);
      case 'unblock': return contacts.unblock(user);
      default: return contacts.remove(user);
    }
  }

  async #try(change) {
    setText(this.#problem, '');
    try {
      await change();
    } catch (error) {
      setText(this.#problem, explain(error));
    }
    this.render();
  }
}
