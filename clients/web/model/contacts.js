/**
 * @typedef {'requested' | 'pending' | 'accepted'} ContactState `requested`: the user asked; `pending`: the other one asked
 */

/**
 * The user's contacts, requests and blocks. Rule: loaded on every `synced` and after every change of the user's own, carried on
 * by `contact` frames in between. Event: `change`.
 */
export class Contacts extends EventTarget {
  loaded = false;
  /** Whether the last load failed; `load` tries again. */
  failed = false;
  #client;
  #people;
  /** @type {Map<string, ContactState>} */
  #states = new Map();
  #blocked = new Set();
  #changes = 0;
  #loading;

  /** @param {import('../im.js').ImClient} client @param {import('./people.js').People} people learns the names */
  constructor(client, people) {
    super();
    this.#client = client;
    this.#people = people;
    client.addEventListener('synced', () => this.load());
    client.addEventListener('contact', ({ detail }) => this.#told(detail));
  }

  /** @param {ContactState} state @returns {string[]} users, by name */
  list(state) {
    return this.#sorted([...this.#states].filter(([, one]) => one === state).map(([user]) => user));
  }

  /** @returns {string[]} users whom this one has blocked, by name */
  blocked() {
    return this.#sorted([...this.#blocked]);
  }

  /** @returns {ContactState | undefined} */
  state(userId) {
    return this.#states.get(userId);
  }

  isBlocked(userId) {
    return this.#blocked.has(userId);
  }

  /** What is told or asked while a load is under way is newer than its answer: it is loaded once more then. */
  load() {
    this.#changes++;
    this.#loading ??= this.#reload().finally(() => { this.#loading = undefined; });
    return this.#loading;
  }

  /** Asks to be contacts; when the other one had asked, both are at once. @throws {import('../im.js').ImError} */
  request(userId) { return this.#change(this.#client.api.requestContact(userId)); }

  accept(userId) { return this.#change(this.#client.api.acceptContact(userId)); }

  /** Removes a contact, declines a request or takes one back. */
  remove(userId) { return this.#change(this.#client.api.removeContact(userId)); }

  block(userId) { return this.#change(this.#client.api.block(userId)); }

  unblock(userId) { return this.#change(this.#client.api.unblock(userId)); }

  /** The user has logged out. */
  clear() {
    this.#changes++;
    this.#states.clear();
    this.#blocked.clear();
    this.loaded = false;
    this.failed = false;
  }

  async #change(call) {
    try {
      await call;
    } finally {
      // Also after a refusal: it may say that what is shown here is out of date.
      await this.load();
    }
  }

  async #reload() {
    let changes;
    do {
      changes = this.#changes;
      try {
        const [contacts, blocks] = await Promise.all([this.#client.api.contacts(), this.#client.api.blocks()]);
        if (changes === this.#changes) this.#take(contacts, blocks);
        this.failed = false;
      } catch (error) {
        if (typeof error.code !== 'string') throw error;
        this.failed = true;
      }
    } while (changes !== this.#changes && this.#client.userId);
    this.#emit();
  }

  #take(contacts, blocks) {
    for (const { userId, username, displayName } of [...contacts, ...blocks]) this.#people.learn({ userId, username, displayName });
    this.#states = new Map(contacts.map(({ userId, state }) => [userId, state]));
    this.#blocked = new Set(blocks.map(({ userId }) => userId));
    this.loaded = true;
  }

  #told({ user, state }) {
    this.#changes++;
    if (state === 'removed') this.#states.delete(user);
    else this.#states.set(user, state);
    this.#emit();
  }

  #sorted(users) {
    return users.sort((a, b) => this.#people.name(a).localeCompare(this.#people.name(b)));
  }

  #emit() {
    this.dispatchEvent(new Event('change'));
  }
}
