import { $, setText } from '../dom.js';
import { lastSeen } from '../format.js';
import { t } from '../language.js';
import { avatar, updateAvatar } from './avatar.js';

/** Over the open conversation: who it is with, and how they are. */
export class ConversationHeader {
  #models;
  #avatar = avatar();

  constructor(models, { onMembers, onPerson, onBack }) {
    this.#models = models;
    $('open-avatar').append(this.#avatar);
    $('open-back').addEventListener('click', onBack);
    $('open-members').addEventListener('click', onMembers);
    $('open-person').addEventListener('click', onPerson);
  }

  /** @param {{item?: import('../model/conversations.js').Conversation, other?: string, name: string}} subject */
  render({ item, other, name }) {
    const { people, client } = this.#models;
    const presence = other && people.presence(other);
    setText($('open-title'), name);
    setText($('open-subtitle'), other ? this.#presenceText(other, presence) : countText(item));
    updateAvatar(this.#avatar, other ? { id: other, name: people.name(other), status: presence?.status } : { id: item.id, name, group: true });
    $('open-members').hidden = item?.kind !== 'group';
    $('open-person').hidden = !other || other === client.userId;
  }

  #presenceText(other, presence) {
    const username = this.#models.people.username(other);
    const seen = presence?.status === 'offline' && presence.lastSeen ? lastSeen(presence.lastSeen) : presence && t(`presence.${presence.status}`);
    return [username && `@${username}`, seen].filter(Boolean).join(' · ');
  }
}

function countText({ members }) {
  return members.length > 0 ? t('conversation.count', { count: members.length }) : '';
}
