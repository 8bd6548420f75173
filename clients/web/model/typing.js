const SHOWN_MS = 5000;
/** Notices travel beside the messages and may come just after the one that they announced. */
const STALE_MS = 1500;
const MAX_REMEMBERED = 200;

/** Who is writing where, by what the server told. Each notice holds for 5 s, or until the message of that user is there. */
export class Typing extends EventTarget {
  #timers = new Map();
  /** conversation and user → when he last said something */
  #spoke = new Map();
  #now;

  /** @param {import('../im.js').ImClient} client */
  constructor(client, now = Date.now) {
    super();
    this.#now = now;
    client.addEventListener('typing', ({ detail: { c, user } }) => user !== client.userId && this.#began(c, user));
    client.addEventListener('message', ({ detail: { c, from } }) => this.#said(c, from));
  }

  /** @returns {string[]} users who write in this conversation, the one who began first at first */
  in(c) {
    return [...this.#timers.get(c)?.keys() ?? []];
  }

  /** The user has logged out. */
  clear() {
    for (const users of this.#timers.values()) for (const timer of users.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#spoke.clear();
  }

  #said(c, user) {
    if (this.#spoke.size >= MAX_REMEMBERED) this.#spoke.clear();
    this.#spoke.set(`${c} ${user}`, this.#now());
    this.#ended(c, user);
  }

  #began(c, user) {
    if (this.#now() - (this.#spoke.get(`${c} ${user}`) ?? -Infinity) < STALE_MS) return;
    const users = this.#timers.get(c) ?? new Map();
    this.#timers.set(c, users);
    const isNew = !users.has(user);
    clearTimeout(users.get(user));
    users.set(user, setTimeout(() => this.#ended(c, user), SHOWN_MS));
    if (isNew) this.dispatchEvent(new Event('change'));
  }

  #ended(c, user) {
    const users = this.#timers.get(c);
    if (!users?.has(user)) return;
    clearTimeout(users.get(user));
    users.delete(user);
    if (users.size === 0) this.#timers.delete(c);
    this.dispatchEvent(new Event('change'));
  }
}
