/**
 * What is open stands in the address behind `#`: `#/c/<conversation>`, or `#/u/<user>` as long as nothing has been said. So back,
 * forward and reload do what they do elsewhere.
 * @typedef {{id?: string, user?: string}} Address neither: nothing is open
 */

/** @returns {Address} */
export function address() {
  const [, kind, id] = location.hash.split('/');
  const value = id && decode(id);
  return kind === 'c' ? { id: value } : kind === 'u' ? { user: value } : {};
}

/** @param {Address} to */
export function hashOf({ id, user }) {
  return id ? `#/c/${encodeURIComponent(id)}` : user ? `#/u/${encodeURIComponent(user)}` : '#/';
}

/** @param {Address} to */
export function go(to) {
  location.hash = hashOf(to);
}

/** Anybody can write an address; one that cannot be read leads nowhere. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
