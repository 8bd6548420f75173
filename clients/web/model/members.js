import { all, t } from '../language.js';

export const MEMBER_TYPE = 'application/vnd.im.member+json';

/**
 * The change of membership that a message stands for.
 * @param {import('../im.js').Message} message
 * @returns {{joined: string[], left: string[]} | undefined} undefined for every other message
 */
export function memberChange(message) {
  if (message.type !== MEMBER_TYPE) return undefined;
  try {
    const { joined = [], left = [] } = JSON.parse(message.body);
    return { joined, left };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The sentence of a membership change: "Alice added you and Bob". `nameOf` gives the name of every user but `me`. */
export function memberSentence({ from }, { joined, left }, me, nameOf) {
  const who = from === me ? t('member.subject.you') : nameOf(from);
  const whom = users => all(users.map(user => (user === me ? t('member.object.you') : nameOf(user))));
  const others = users => users.filter(user => user !== from);
  const parts = [];
  if (others(joined).length > 0) parts.push(t('member.added', { who, whom: whom(others(joined)) }));
  else if (joined.length > 0) parts.push(t('member.joined', { who }));
  if (others(left).length > 0) parts.push(t('member.removed', { who, whom: whom(others(left)) }));
  if (left.includes(from)) parts.push(t('member.left', { who }));
  return all(parts);
}
