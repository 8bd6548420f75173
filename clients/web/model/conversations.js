import { fromAnswer, furthest, takeNewest } from './conversation.js';
import { History } from './history.js';

const MAX_PAGES = 10;
const RELOAD_MS = 3000;

/** @typedef {import('./conversation.js').Conversation} Conversation */

/**
 * The user's conversations. Rule: on every `synced` the list is loaded anew and events carry on from it; an event that the
 * list contains already (its seq is not above `lastSeq`) changes nothing.
 * Events: `change`, `arrived` {item, message} (somebody else wrote), `gone` {id, item?, left} (`item`: what it was,
 * `left`: the user left it in this window), `problem` {error}.
 */
export class Conversations extends EventTarget {
  loaded = false;
  #client;
  #history;
  /** @type {Map<string, Conversation>} */
  #items = new Map();
  #sinceLoad;
  #fetching = new Map();
  /** conversation → messages that came while it was being fetched for the first time */
  #early = new Map();
  #leaving = new Set();

  /** @param {import('../im.js').ImClient} client */
  constructor(client) {
    super();
    this.#client = client;
    this.#history = new History(client, () => this.#emit('change'));
    client.addEventListener('synced', () => this.load());
    client.addEventListener('message', ({ detail }) => this.#message(detail));
    client.addEventListener('receipt', ({ detail }) => this.#receipt(detail));
    client.addEventListener('conversation', ({ detail }) => this.#changed(detail));
    client.addEventListener('reset', () => this.#items.clear());
  }

  /** @returns {Conversation[]} newest message first */
  list() {
    return [...this.#items.values()].sort((a, b) => (b.last?.time ?? 0) - (a.last?.time ?? 0));
  }

  get(id) {
    return this.#items.get(id);
  }

  /** The conversation of two with this user, once there is one. */
  direct(userId) {
    return [...this.#items.values()].find(item => item.kind === 'direct' && this.other(item) === userId);
  }

  /** The other one of a pair; in notes to oneself that is oneself. */
  other({ members }) {
    return members.find(user => user !== this.#client.userId) ?? this.#client.userId;
  }

  get unread() {
    return [...this.#items.values()].reduce((sum, item) => sum + item.unread, 0);
  }

  async load() {
    if (this.#sinceLoad) return;
    this.#sinceLoad = [];
    try {
      const { answers, complete } = await this.#pages();
      const missed = this.#sinceLoad;
      if (complete) this.#keepOnly([...answers.map(answer => answer.conversationId), ...missed.map(message => message.c)]);
      for (const answer of answers) this.#put(answer);
      this.loaded = true;
      this.#sinceLoad = undefined;
      for (const message of missed) this.#message(message);
      // What was opened while the server was away.
      for (const item of this.#items.values()) if (item.log) this.open(item.id);
    } catch (error) {
      this.#sinceLoad = undefined;
      this.#emit('problem', { error });
      if (error.code === 'network' || error.status >= 500) setTimeout(() => this.#client.state.state === 'online' && this.load(), RELOAD_MS);
    }
    this.#emit('change');
  }

  /** Loads the newest part of a conversation and keeps it up to date until `close`. */
  async open(id) {
    const item = this.#items.get(id);
    if (item.kind === 'group') this.fetch(id);
    await this.#history.open(item);
  }

  close(id) {
    const item = this.#items.get(id);
    if (item) item.log = undefined;
  }

  /** Loads what lies before, or behind, the loaded part, or the newest part in place of it. @param {'older' | 'newer' | 'newest'} part */
  async more(id, part) {
    const item = this.#items.get(id);
    if (item?.log) await this.#history[part](item);
  }

  /** The user has logged out. */
  clear() {
    this.#items.clear();
    this.#early.clear();
    this.loaded = false;
  }

  /** The user has seen everything that is loaded. */
  markRead(id) {
    const item = this.#items.get(id);
    const seq = item?.log?.last?.seq;
    if (seq === undefined || seq <= item.readSeq || item.unread === 0) return;
    item.readSeq = seq;
    item.unread = 0;
    this.#client.read(id, seq);
    this.#emit('change');
  }

  /** Fetches a conversation that the list does not have, or has out of date. */
  fetch(id) {
    if (!this.#fetching.has(id)) {
      this.#fetching.set(id, this.#client.api.conversation(id)
        .then(answer => this.#put(answer), error => (error.status === 404 ? this.#remove(id) : this.#emit('problem', { error })))
        .finally(() => {
          this.#fetching.delete(id);
          this.#takeEarly(id);
          this.#emit('change');
        }));
    }
    return this.#fetching.get(id);
  }

  /** Leaves a group for good. @throws {import('../im.js').ImError} */
  async leave(id) {
    this.#leaving.add(id);
    try {
      await this.#client.api.removeMember(id, this.#client.userId);
      // The news of it may have come before the answer.
      if (this.#items.has(id)) this.#remove(id);
    } finally {
      this.#leaving.delete(id);
    }
    this.#emit('change');
  }

  /** The newest thousand conversations; an older one joins the list when something happens in it. */
  async #pages() {
    const answers = [];
    let after;
    for (let i = 0; i < MAX_PAGES; i++) {
      const page = await this.#client.conversations(after);
      answers.push(...page.items);
      after = page.next;
      if (!after) break;
    }
    return { answers, complete: !after };
  }

  #keepOnly(ids) {
    const kept = new Set(ids);
    for (const id of this.#items.keys()) if (!kept.has(id)) this.#remove(id);
  }

  #put(answer) {
    this.#items.set(answer.conversationId, fromAnswer(answer, this.#items.get(answer.conversationId)));
  }

  #message(message) {
    this.#sinceLoad?.push(message);
    const item = this.#items.get(message.c);
    if (!item) {
      if (this.loaded) this.#meet(message);
      return;
    }
    if (message.seq > item.lastSeq) this.#append(item, message);
    item.log?.append(message);
    this.#emit('change');
  }

  /** A message of a conversation that the list does not have: the answer may be older than what comes right behind it. */
  #meet(message) {
    this.#early.set(message.c, [...this.#early.get(message.c) ?? [], message]);
    this.fetch(message.c);
  }

  #takeEarly(id) {
    const messages = this.#early.get(id) ?? [];
    this.#early.delete(id);
    const item = this.#items.get(id);
    if (!item) return;
    const newest = messages.at(-1);
    // The answer holds it already, so it will not be news below.
    if (newest && newest.seq <= item.lastSeq && newest.from !== this.#client.userId) this.#emit('arrived', { item, message: newest });
    for (const message of messages) this.#message(message);
  }

  #append(item, message) {
    const own = message.from === this.#client.userId;
    takeNewest(item, message, own);
    if (!own) this.#emit('arrived', { item, message });
  }

  #receipt({ c, user, delivered, read }) {
    const item = this.#items.get(c);
    if (!item) return;
    if (user !== this.#client.userId) {
      item.peer = furthest(item.peer, { delivered, read });
    } else if (read >= item.lastSeq && item.unread > 0) {
      Object.assign(item, { readSeq: read, unread: 0 });
    } else if (read > item.readSeq) {
      this.fetch(c);
    }
    this.#emit('change');
  }

  #changed({ c, title, members }) {
    const item = this.#items.get(c);
    const gone = members && !members.includes(this.#client.userId);
    if (gone && !item) return;
    if (gone) this.#remove(c);
    else if (!item || !members) this.fetch(c);
    else Object.assign(item, { title: title ?? item.title, members });
    this.#emit('change');
  }

  #remove(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    this.#emit('gone', { id, item, left: this.#leaving.has(id) });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
