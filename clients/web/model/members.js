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

/** The sentence of a membership change: "Alice added you and Bob". `name` gives the name of every user but `me`. */
export function memberSentence({ from }, { joined, left }, me, nameOf) {
  const name = user => (user === me ? 'you' : nameOf(user));
  const parts = [];
  const added = joined.filter(user => user !== from);
  const removed = left.filter(user => user !== from);
  if (added.length > 0) parts.push(`added ${all(added, name)}`);
  else if (joined.length > 0) parts.push('joined');
  if (removed.length > 0) parts.push(`removed ${all(removed, name)}`);
  if (left.includes(from)) parts.push('left');
  return `${from === me ? 'You' : nameOf(from)} ${parts.join(' and ')}`;
}

function all(users, name) {
  const names = users.map(name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
