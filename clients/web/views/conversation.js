import { $, setText } from '../dom.js';
import { count, lastSeen } from '../format.js';
import { icon } from '../icons.js';
import { NOTES } from '../model/conversations.js';
import { avatar, updateAvatar } from './avatar.js';
import { Composer } from './composer.js';
import { Timeline } from './timeline.js';

const PRESENCE_WORDS = { online: 'online', away: 'away', busy: 'busy' };

/**
 * The open conversation: header, messages, composer. It is addressed by its id, or by the other user as long as nothing has
 * been said; with the first message the page moves on to the id.
 */
export class ConversationView {
  #client;
  #conversations;
  #people;
  #avatar = avatar();
  #timeline;
  #composer;
  #id;
  #user;
  #readSeq;
  #sought;

  constructor(client, conversations, people, { onMembers, onBack }) {
    this.#client = client;
    this.#conversations = conversations;
    this.#people = people;
    this.#timeline = new Timeline({
      onOlder: () => conversations.older(this.#id),
      onSeen: () => conversations.markRead(this.#id),
    });
    this.#composer = new Composer(text => this.#send(text));
    $('open-avatar').append(this.#avatar);
    $('open-back').append(icon('back'));
    $('open-back').addEventListener('click', onBack);
    $('open-members').append(icon('group'));
    $('open-members').addEventListener('click', () => onMembers(this.#id));
  }

  /** @returns {string | undefined} the user of a chat that has no message yet */
  get draftUser() {
    return this.#id ? undefined : this.#user;
  }

  /** The user has logged out. */
  clear() {
    this.show({});
    this.#composer.clear();
  }

  /** @param {{id?: string, user?: string}} address neither: nothing is open */
  show({ id, user }) {
    const moved = user === undefined && this.#id === undefined && this.#user !== undefined && this.#isDraftOf(id);
    if (this.#id && this.#id !== id) this.#conversations.close(this.#id);
    this.#id = id;
    this.#user = user ?? (moved ? this.#user : undefined);
    this.#readSeq = undefined;
    this.#sought = false;
    if (user) this.#client.watch([user]);
    if (!moved) this.#timeline.clear();
    this.render();
    if (moved) this.#composer.rename(id);
    else if (id || user) this.#composer.open(id ?? `user ${user}`, this.#name());
  }

  render() {
    const item = this.#item;
    $('open').hidden = !item && !this.#user;
    $('nothing-open').hidden = !$('open').hidden;
    if (this.#id && !item) this.#seek();
    if ($('open').hidden) return;
    if (item && !item.log) this.#open(item);
    this.#renderHeader(item);
    this.#timeline.render({
      log: item?.log, pending: this.#pending(item), me: this.#client.userId, readSeq: this.#readSeq,
      people: this.#people, group: item?.kind === 'group', peer: item?.peer ?? { delivered: 0, read: 0 },
      onRetry: id => this.#client.retry(id), onDiscard: id => this.#client.discard(id),
    });
  }

  get #item() {
    return this.#id && this.#conversations.get(this.#id);
  }

  get #other() {
    const item = this.#item;
    return item?.kind === 'direct' ? this.#conversations.other(item) : item ? undefined : this.#user;
  }

  #isDraftOf(id) {
    const item = id && this.#conversations.get(id);
    return item?.kind === 'direct' && this.#conversations.other(item) === this.#user;
  }

  /** The address names a conversation that the list does not have: it is new, or it is none of this user's. */
  #seek() {
    if (this.#sought || !this.#conversations.loaded) return;
    this.#sought = true;
    this.#conversations.fetch(this.#id);
  }

  #open(item) {
    if (item.unread > 0) this.#readSeq = item.readSeq;
    this.#conversations.open(item.id);
  }

  #renderHeader(item) {
    const other = this.#other;
    const name = this.#name();
    const presence = other && this.#people.presence(other);
    setText($('open-title'), name);
    setText($('open-subtitle'), other ? this.#presenceText(other, presence) : item.members.length > 0 ? count(item.members.length, 'member') : '');
    const subject = other ? { id: other, name: this.#people.name(other) } : { id: item.id, name, group: true };
    updateAvatar(this.#avatar, { ...subject, status: presence?.status });
    $('open-members').hidden = item?.kind !== 'group';
    this.#composer.name(name);
  }

  #presenceText(other, presence) {
    const username = this.#people.username(other);
    const seen = presence?.status === 'offline' ? (presence.lastSeen ? lastSeen(presence.lastSeen) : 'offline') : PRESENCE_WORDS[presence?.status];
    return [username && `@${username}`, seen].filter(Boolean).join(' · ');
  }

  #name() {
    const other = this.#other;
    if (!other) return this.#item?.title || 'Group';
    return other === this.#client.userId ? NOTES : this.#people.name(other);
  }

  #pending(item) {
    const other = this.#other;
    return this.#client.outbox.filter(({ to }) => (item && to.conversation === item.id) || (other && to.user === other));
  }

  #send(text) {
    const other = this.#other;
    this.#timeline.follow();
    this.#client.send(other ? { user: other } : { conversation: this.#id }, text);
  }
}
