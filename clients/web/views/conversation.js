import { $, setText } from '../dom.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { Composer } from './composer.js';
import { ConversationHeader } from './header.js';
import { Timeline } from './timeline.js';
import { typingText } from './typing.js';

/**
 * The open conversation: header, messages, composer. It is addressed by its id, or by the other user as long as nothing has
 * been said; with the first message the page moves on to the id.
 */
export class ConversationView {
  #models;
  #header;
  #timeline;
  #composer;
  #id;
  #user;
  #readSeq;
  #sought;

  constructor(models, { onMembers, onPerson, onBack }) {
    this.#models = models;
    const { conversations, drafts, contacts } = models;
    this.#timeline = new Timeline({
      onMore: part => conversations.more(this.#id, part),
      onSeen: () => conversations.markRead(this.#id),
    });
    this.#composer = new Composer(drafts, { onSend: text => this.#send(text), onTyping: () => models.client.typing(this.#target), onLeave: onBack });
    this.#header = new ConversationHeader(models, { onMembers: () => onMembers(this.#id), onPerson: () => onPerson(this.#other), onBack });
    $('composer-unblock').addEventListener('click', () =>
      contacts.unblock(this.#other).catch(error => setText($('composer-blocked-text'), explain(error))));
    $('skip').addEventListener('click', event => {
      event.preventDefault();
      $($('open').hidden ? 'conversation' : $('composer').hidden ? 'open-title' : 'composer-text').focus();
    });
  }

  /** @returns {string | undefined} the conversation that is open */
  get id() {
    return this.#id;
  }

  /** @returns {string | undefined} the user of a chat that has no message yet */
  get draftUser() {
    return this.#id ? undefined : this.#user;
  }

  /** @param {{id?: string, user?: string}} address neither: nothing is open */
  show({ id, user }) {
    const moved = user === undefined && this.#id === undefined && this.#user !== undefined && this.#isDraftOf(id);
    if (id === this.#id && user === this.#user && (id || user)) return this.render();
    if (this.#id && this.#id !== id) this.#models.conversations.close(this.#id);
    this.#id = id;
    this.#user = user ?? (moved ? this.#user : undefined);
    this.#readSeq = undefined;
    this.#sought = false;
    if (user) this.#models.client.watch([user]);
    if (!moved) this.#timeline.clear();
    this.render();
    if (moved) this.#composer.rename(id);
    else if (id || user) this.#composer.open(id ?? `user ${user}`);
    else this.#composer.close();
    return undefined;
  }

  render() {
    const item = this.#item;
    $('open').hidden = !item && !this.#user;
    $('nothing-open').hidden = !$('open').hidden;
    if (this.#id && !item) this.#seek();
    if ($('open').hidden) return;
    if (item && !item.log) this.#models.conversations.open(item.id);
    if (item?.unread > 0 && !this.#timeline.isFollowed) this.#readSeq ??= item.readSeq;
    const name = this.#name();
    this.#header.render({ item, other: this.#other, name });
    this.#composer.name(name);
    this.#timeline.render(this.#source(item));
    this.#renderTyping(item);
    this.#renderBlocked(name);
  }

  /** The language has changed: every line is made anew. */
  redraw() {
    $('messages').replaceChildren();
    this.render();
  }

  get #item() {
    return this.#id && this.#models.conversations.get(this.#id);
  }

  get #other() {
    const item = this.#item;
    return item?.kind === 'direct' ? this.#models.conversations.other(item) : item ? undefined : this.#user;
  }

  get #target() {
    const other = this.#other;
    return other ? { user: other } : { conversation: this.#id };
  }

  #source(item) {
    const { client, people } = this.#models;
    return {
      log: item?.log, pending: this.#pending(item), me: client.userId, readSeq: this.#readSeq, unread: item?.unread ?? 0,
      people, group: item?.kind === 'group', peer: item?.peer ?? { delivered: 0, read: 0 },
      onRetry: id => client.retry(id), onDiscard: id => client.discard(id),
    };
  }

  #isDraftOf(id) {
    const { conversations } = this.#models;
    const item = id && conversations.get(id);
    return item?.kind === 'direct' && conversations.other(item) === this.#user;
  }

  /** The address names a conversation that the list does not have: it is new, or it is none of this user's. */
  #seek() {
    if (this.#sought || !this.#models.conversations.loaded) return;
    this.#sought = true;
    this.#models.conversations.fetch(this.#id);
  }

  #name() {
    const other = this.#other;
    if (!other) return this.#item?.title || t('group.untitled');
    return other === this.#models.client.userId ? t('conversation.notes') : this.#models.people.name(other);
  }

  #pending(item) {
    const other = this.#other;
    return this.#models.client.outbox.filter(({ to }) => (item && to.conversation === item.id) || (other && to.user === other));
  }

  #renderTyping(item) {
    const { typing, people } = this.#models;
    setText($('typing'), typingText(item ? typing.in(item.id).map(user => people.name(user)) : []));
  }

  #renderBlocked(name) {
    const other = this.#other;
    const blocked = Boolean(other) && this.#models.contacts.isBlocked(other);
    $('composer').hidden = blocked;
    $('composer-blocked').hidden = !blocked;
    setText($('composer-blocked-text'), t('conversation.blocked', { name }));
  }

  #send(text) {
    this.#models.client.send(this.#target, text);
    this.#readSeq = undefined;
    this.#timeline.follow();
  }
}
