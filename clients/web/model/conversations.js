import { Log } from './log.js';
import { memberChange } from './members.js';

const PAGE = 50;
const MAX_PAGES = 10;
const RELOAD_MS = 3000;

/** What the conversation with oneself is called. */
export const NOTES = 'Notes to yourself';

/**
 * @typedef {{id: string, kind: 'direct' | 'group', title?: string, members: string[], owner?: string, lastSeq: number,
 *   readSeq: number, unread: number, last?: import('../im.js').Message, peer: {delivered: number, read: number},
 *   log?: Log}} Conversation `peer`: what the other of a pair has got, as far as receipts told;
 *   `members` of a group: empty until it was opened; `log`: only while it is open
 */

/**
 * The user's conversations. Rule: on every `synced` the list is loaded anew and events carry on from it; an event that the
 * list contains already (its seq is not above `lastSeq`) changes nothing.
 * Events: `change`, `gone` {id}, `problem` {error}.
 */
export class Conversations extends EventTarget {
  loaded = false;
  #client;
  /** @type {Map<string, Conversation>} */
  #items = new Map();
  #sinceLoad;
  #fetching = new Map();
  /** conversation → messages that came while it was being fetched for the first time */
  #early = new Map();

  /** @param {import('../im.js').ImClient} client */
  constructor(client) {
    super();
    this.#client = client;
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
    return this.list().find(item => item.kind === 'direct' && this.other(item) === userId);
  }

  /** The other one of a pair; in notes to oneself that is oneself. */
  other({ members }) {
    return members.find(user => user !== this.#client.userId) ?? this.#client.userId;
  }

  get unread() {
    return this.list().reduce((sum, item) => sum + item.unread, 0);
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
      for (const item of this.#items.values()) if (item.log) this.#refresh(item);
    } catch (error) {
      this.#sinceLoad = undefined;
      this.#problem(error);
      if (error.code === 'network' || error.status >= 500) setTimeout(() => this.#client.state.state === 'online' && this.load(), RELOAD_MS);
    }
    this.#emit('change');
  }

  /** Loads the newest part of a conversation and keeps it up to date until `close`. */
  async open(id) {
    const item = this.#items.get(id);
    item.log ??= new Log();
    await this.#refresh(item);
  }

  close(id) {
    const item = this.#items.get(id);
    if (item) item.log = undefined;
  }

  /** Loads what lies before the loaded part. */
  async older(id) {
    const item = this.#items.get(id);
    if (item?.log?.first && !item.log.complete) await this.#history(item, { beforeSeq: item.log.first.seq });
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
        .then(answer => this.#put(answer), error => (error.status === 404 ? this.#remove(id) : this.#problem(error)))
        .finally(() => {
          this.#fetching.delete(id);
          this.#takeEarly(id);
          this.#emit('change');
        }));
    }
    return this.#fetching.get(id);
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

  async #refresh(item) {
    if (item.kind === 'group') this.fetch(item.id);
    if (!item.log.first) await this.#history(item, {});
  }

  async #history(item, range) {
    const { log } = item;
    if (log.loading) return;
    log.loading = true;
    this.#emit('change');
    try {
      const messages = await this.#client.api.history(item.id, { ...range, limit: PAGE });
      log.merge(messages);
      log.complete = messages.length < PAGE;
    } catch (error) {
      this.#problem(error);
    } finally {
      log.loading = false;
      this.#emit('change');
    }
  }

  #put(answer) {
    const { conversationId: id, lastMessage, lastSeq, readSeq = 0, unread = 0, ...rest } = answer;
    const old = this.#items.get(id);
    // The list names the members of pairs only.
    const members = answer.members ?? old?.members ?? [];
    const item = {
      peer: old?.peer ?? { delivered: 0, read: 0 }, log: old?.log, ...rest,
      id, members, lastSeq, readSeq, unread, last: lastMessage && { ...lastMessage, c: id },
    };
    // An event may overtake the answer that was read before it.
    if (old?.lastSeq > lastSeq) Object.assign(item, { lastSeq: old.lastSeq, last: old.last, unread: old.unread });
    this.#items.set(id, item);
  }

  #message(message) {
    this.#sinceLoad?.push(message);
    const item = this.#items.get(message.c);
    if (!item) {
      if (this.loaded) this.#meet(message);
      return;
    }
    item.log?.merge([message]);
    if (message.seq > item.lastSeq) this.#append(item, message);
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
    if (this.#items.has(id)) for (const message of messages) this.#message(message);
  }

  #append(item, message) {
    item.lastSeq = message.seq;
    item.last = message;
    if (message.from !== this.#client.userId) item.unread++;
    const change = memberChange(message);
    if (!change || item.members.length === 0) return;
    item.members = [...new Set([...item.members, ...change.joined])].filter(user => !change.left.includes(user));
  }

  #receipt({ c, user, delivered = 0, read = 0 }) {
    const item = this.#items.get(c);
    if (!item) return;
    if (user !== this.#client.userId) {
      item.peer = { delivered: Math.max(item.peer.delivered, delivered, read), read: Math.max(item.peer.read, read) };
    } else if (read > item.readSeq) {
      this.fetch(c);
    }
    this.#emit('change');
  }

  #changed({ c, title, members }) {
    const item = this.#items.get(c);
    if (members && !members.includes(this.#client.userId)) this.#remove(c);
    else if (!item || !members) this.fetch(c);
    else Object.assign(item, { title: title ?? item.title, members });
    this.#emit('change');
  }

  #remove(id) {
    this.#items.delete(id);
    this.#emit('gone', { id });
  }

  #problem(error) {
    this.#emit('problem', { error });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
