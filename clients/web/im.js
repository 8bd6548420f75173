import { ImApi, ImError } from './im/api.js';
import { Connection } from './im/connection.js';
import { deviceName } from './im/device.js';
import { Holes } from './im/holes.js';
import { Inbox } from './im/inbox.js';
import { Marks } from './im/marks.js';
import { Outbox } from './im/outbox.js';
import { PresenceWishes } from './im/presence.js';
import { Sender } from './im/sender.js';
import { Sessions } from './im/sessions.js';
import { TypingNotices } from './im/typing.js';

export { ImError };


/**
 * The browser SDK of Im. It keeps the connection, the order and the outbox; what it hands out of a conversation is complete,
 * ascending and without repeats, own messages included. It stores no messages: an application loads the conversations and
 * their history over HTTP on every `synced` and lets the events carry on from there. It talks to the origin that the page
 * came from, and to other gateways only while that one does not answer: they refuse foreign origins unless told otherwise.
 *
 * Events (the `detail` is the frame of docs/protocol.md where nothing else is said):
 * `state` {state, retryAt?} · `synced` · `message` · `outbox` (an entry was added, answered or failed) · `receipt` ·
 * `conversation` · `contact` · `presence` · `typing` · `error` · `reset` (the server's log is another one, load everything
 * again) · `ended` {username, superseded} (the session is over, log in again; `superseded`: it was logged in again in this browser).
 *
 * @typedef {import('./im/inbox.js').Message} Message
 * @typedef {import('./im/outbox.js').Entry} Entry
 * @typedef {import('./im/outbox.js').Target} Target
 */
export class ImClient extends EventTarget {
  #sessions;
  #session;
  #connection;
  #inbox = new Inbox();
  #outbox;
  #sender;
  #state = { state: 'off' };
  #log;
  #marks = new Marks(this.#inbox, frames => this.#connection.send(frames));
  #typing = new TypingNotices(frame => this.#connection.send([frame]));
  #presence = new PresenceWishes(frames => this.#connection.send(frames));
  #holes = new Holes(this.#inbox, {
    history: (c, range) => this.api.history(c, range), handOut: messages => this.#handOut(messages), restart: () => this.#connection.restart(),
  });

  /**
   * @param {{origin?: string, WebSocket?: typeof WebSocket, fetch?: typeof fetch, windowStorage?: Storage,
   *   browserStorage?: Storage}} [options] all default to the page's own
   */
  constructor({ origin = location.origin, WebSocket = globalThis.WebSocket, fetch = globalThis.fetch.bind(globalThis),
    windowStorage = sessionStorage, browserStorage = localStorage } = {}) {
    super();
    this.browserStorage = browserStorage;
    this.#sessions = new Sessions(windowStorage, browserStorage);
    /** The HTTP calls of the contract. */
    this.api = new ImApi(origin, fetch, () => this.#end());
    this.#connection = new Connection({
      home: `${origin.replace(/^http/, 'ws')}/v1/ws`,
      open: url => new WebSocket(url, 'im.v1.json'),
      hello: () => ({ t: 'hello', session: this.#session.sessionId, cursors: this.#inbox.cursors() }),
      onFrame: frame => this.#received(frame),
      onState: (state, retryAt) => this.#changeState(state, retryAt),
    });
    globalThis.addEventListener?.('online', () => this.#connection.wake());
    globalThis.addEventListener?.('offline', () => this.#connection.probe());
    globalThis.document?.addEventListener('visibilitychange', () => document.hidden || this.#connection.wake());
  }

  /** @returns {string | undefined} the id of the user who is logged in */
  get userId() { return this.#session?.userId; }

  /** @returns {string | undefined} the name that the user logged in with */
  get username() { return this.#session?.username; }

  /** @returns {{state: import('./im/connection.js').State, retryAt?: number}} `retryAt` in Unix milliseconds */
  get state() { return this.#state; }

  /** @returns {Entry[]} what was not accepted yet, oldest first */
  get outbox() { return this.#outbox?.entries() ?? []; }

  /** @returns {number} how many messages wait for the server's answer */
  get waiting() { return this.#outbox?.waiting ?? 0; }

  /** Creates an account; it does not log in. @throws {ImError} `username_taken`, `invalid` */
  register(username, password, displayName) {
    return this.api.register({ username, password, ...(displayName && { displayName }) });
  }

  /** Logs in and keeps the session in this window. @throws {ImError} `bad_credentials`, `too_many` */
  async login(username, password) {
    const device = { id: this.#sessions.deviceOf(username), name: deviceName(), platform: 'web' };
    const { login, undo } = this.#sessions.begin(username);
    try {
      const { sessionId, userId, deviceId } = await this.api.login({ username, password, device });
      const session = { sessionId, userId, deviceId, username, login };
      this.#sessions.keep(session);
      this.#use(session);
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** Takes up the session that this window kept. @returns {boolean} false when there is none */
  resume() {
    const session = this.#sessions.current;
    if (session) this.#use(session);
    return Boolean(session);
  }

  /** Ends the session on the server and here; here also when the server cannot be told, which is thrown. */
  async logout() {
    this.disconnect();
    try {
      await this.api.logout();
    } finally {
      this.#forget();
    }
  }

  /** Connects and stays connected; also takes the connection back after `replaced`. */
  connect() { this.#connection.start(); }

  disconnect() { this.#connection.stop(); }

  /** Queues a message; it goes out as soon as there is a connection. @param {Target} to @returns {Entry} */
  send(to, body, type = 'text/plain') {
    return this.#queued(this.#outbox.add(to, body, type));
  }

  /** Queues a failed message again. */
  retry(id) { return this.#queued(this.#outbox.retry(id)); }

  /** Gives a failed message up. */
  discard(id) {
    const entry = this.#outbox.get(id);
    this.#outbox.remove(id);
    this.#emit('outbox', entry);
  }

  /** The user has read the conversation up to `seq`. */
  read(c, seq) {
    this.#marks.read(c, seq);
  }

  /** The user is writing. May be called on every key: at most one notice in 3 s goes out. @param {Target} to */
  typing(to) {
    this.#typing.notice(to);
  }

  /** Asks for the presence of these users, now and after every reconnect; a thousand at most. @param {Iterable<string>} users */
  watch(users) { this.#presence.watch(users); }

  /** @param {'online' | 'away' | 'busy' | 'invisible'} status own presence, kept over reconnects */
  status(status) { this.#presence.status(status); }

  /** One page of the user's conversations, newest first. Their `lastSeq` counts as held: events go on behind it. */
  async conversations(after) {
    const page = await this.api.conversations({ limit: 100, after });
    for (const { conversationId, lastSeq } of page.items) this.#inbox.base(conversationId, lastSeq);
    return page;
  }

  #use(session) {
    this.#session = session;
    this.api.session = session.sessionId;
    this.#inbox.clear();
    this.#outbox = new Outbox(this.browserStorage, session.userId);
    this.#sender = new Sender(this.#outbox, frame => this.#connection.send([frame]), entry => this.#emit('outbox', entry));
  }

  #received(frame) {
    switch (frame.t) {
      case 'welcome': return this.#welcomed(frame);
      case 'synced': return this.#synced();
      case 'accepted': return this.#accepted(frame);
      case 'rejected': return this.#sender.rejected(frame);
      case 'message': return this.#message(frame);
      case 'pong': case 'bye': return undefined;
      default: return this.#emit(frame.t, frame);
    }
  }

  #welcomed({ log, gateways }) {
    if (gateways) this.api.alternatives(gateways);
    if (this.#log !== undefined && this.#log !== log) {
      this.#inbox.clear();
      this.#emit('reset');
    }
    this.#log = log;
    this.#presence.tell();
  }

  #synced() {
    // Not before: an answer to a repeated send could otherwise come ahead of the replay.
    this.#sender.start();
    this.#marks.tellAgain();
    this.#emit('synced');
  }

  #accepted(frame) {
    const entry = this.#sender.accepted(frame);
    const { id, c, seq, mid, time } = frame;
    if (entry) {
      this.#take({ c, seq, mid, id, time, from: this.userId, body: entry.body, type: entry.type });
      this.#emit('outbox', entry);
    } else if (seq > (this.#inbox.held(c) ?? seq)) {
      this.#holes.fill(c);
    }
  }

  #message({ t: _, ...message }) {
    const entry = message.id && this.#sender.accepted(message);
    this.#take(message);
    if (entry) this.#emit('outbox', entry);
  }

  #take(message) {
    const { ready, gap } = this.#inbox.take(message);
    this.#handOut(ready);
    if (gap) this.#holes.fill(message.c);
  }

  #handOut(messages) {
    for (const message of messages) this.#emit('message', message);
    this.#marks.flushSoon();
  }

  #queued(entry) {
    this.#emit('outbox', entry);
    this.#sender.pump();
    return entry;
  }

  #changeState(state, retryAt) {
    this.#state = { state, retryAt };
    if (state !== 'online') this.#sender?.stop();
    if (state === 'waiting') this.#lookForGateways();
    this.#emit('state', this.#state);
    // The newer login's connection may replace this one before the server has ended the session.
    const superseded = state === 'replaced' && this.#session && this.#sessions.isSuperseded(this.#session);
    if (state === 'ended' || superseded) this.#end();
  }

  #lookForGateways() {
    // Without an answer the list of the last welcome stays in use.
    this.api.gateways().then(urls => {
      this.#connection.alternatives(urls);
      this.api.alternatives(urls);
    }, () => undefined);
  }

  #end() {
    if (!this.#session) return;
    const ended = { username: this.username, superseded: this.#sessions.isSuperseded(this.#session) };
    this.disconnect();
    this.#forget();
    this.#emit('ended', ended);
  }

  #forget() {
    this.#sessions.forget();
    this.#session = undefined;
    this.api.session = undefined;
    this.#presence.clear();
    this.#marks.clear();
    this.#log = undefined;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
