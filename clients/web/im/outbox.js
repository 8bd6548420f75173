import { ImError } from './api.js';
import { uuidv7 } from './ids.js';

const MAX_ENTRIES = 500;

/**
 * Messages that the server has not answered for good. Rule: an entry stays in the storage until it was accepted or the user
 * discards it, so that neither a reload nor a crash loses what was typed. One storage key per entry: two windows of one
 * user never overwrite each other's entries.
 * @typedef {{user: string} | {conversation: string}} Target
 * @typedef {{id: string, to: Target, body: string, type: string, time: number, failed?: string}} Entry `failed`: the code of
 * a final rejection
 */
export class Outbox {
  #storage;
  #prefix;
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** @param {Storage} storage @param {string} userId */
  constructor(storage, userId) {
    this.#storage = storage;
    this.#prefix = `im.outbox.${userId}.`;
    this.#load();
  }

  /** @returns {Entry[]} oldest first */
  entries() {
    return [...this.#entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** How many wait for an answer. */
  get waiting() {
    return this.entries().filter(entry => !entry.failed).length;
  }

  get(id) {
    return this.#entries.get(id);
  }

  /** @param {Target} to @throws {ImError} `outbox_full` when 500 entries are unanswered */
  add(to, body, type) {
    if (this.#entries.size >= MAX_ENTRIES) throw new ImError({ code: 'outbox_full' });
    return this.#put({ id: uuidv7(), to, body, type, time: Date.now() });
  }

  remove(id) {
    this.#entries.delete(id);
    this.#storage.removeItem(this.#prefix + id);
  }

  /** The server refused it for good, for the reason `code`. */
  fail(id, code) {
    return this.#put({ ...this.#entries.get(id), failed: code });
  }

  /** Queues a failed entry again, under a new id and behind what was written since: the old id may be taken (`id_reuse`). */
  retry(id) {
    const { to, body, type } = this.#entries.get(id);
    this.remove(id);
    return this.add(to, body, type);
  }

  #put(entry) {
    this.#storage.setItem(this.#prefix + entry.id, JSON.stringify(entry));
    this.#entries.set(entry.id, entry);
    return entry;
  }

  #load() {
    for (let i = 0; i < this.#storage.length; i++) {
      const key = this.#storage.key(i);
      if (!key.startsWith(this.#prefix)) continue;
      const entry = JSON.parse(this.#storage.getItem(key));
      this.#entries.set(entry.id, entry);
    }
  }
}

/** One word for a target: what goes to it keeps its order. @param {Target} to */
export function targetKey(to) {
  return to.user !== undefined ? `user ${to.user}` : `conversation ${to.conversation}`;
}
