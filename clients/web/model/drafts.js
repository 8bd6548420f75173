import { parse } from './settings.js';

const MAX_DRAFTS = 100;

/**
 * What was begun in each conversation, over reloads. Beyond a hundred the oldest goes; a logout forgets them all, since what
 * was never sent is nobody else's to read at this computer.
 */
export class Drafts {
  #storage;
  #key;
  #drafts = {};

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** Takes up what this user left. */
  use(userId) {
    this.#key = `im.drafts.${userId}`;
    this.#drafts = parse(this.#storage.getItem(this.#key));
  }

  /** @param {string} key conversation id, or `user <id>` as long as there is none */
  get(key) {
    return this.#drafts[key] ?? '';
  }

  set(key, text) {
    if (text === this.get(key)) return;
    delete this.#drafts[key];
    if (text.trim() !== '') this.#drafts[key] = text;
    const keys = Object.keys(this.#drafts);
    if (keys.length > MAX_DRAFTS) delete this.#drafts[keys[0]];
    this.#store();
  }

  /** The conversation got its real id. */
  move(from, to) {
    const text = this.get(from);
    this.set(from, '');
    this.set(to, text);
  }

  forget() {
    this.#drafts = {};
    this.#storage.removeItem(this.#key);
  }

  #store() {
    try {
      this.#storage.setItem(this.#key, JSON.stringify(this.#drafts));
    } catch (error) {
      // A draft that cannot be stored lives until the reload; a message that cannot is refused aloud by the outbox.
      if (error.name !== 'QuotaExceededError') throw error;
    }
  }
}
