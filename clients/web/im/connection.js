import { Backoff } from './backoff.js';

const WELCOME_MS = 15_000;
const PROBE_MS = 5000;
const STEADY_MS = 10_000;
const SESSION_ENDED = 4401;
const REPLACED = 4409;

/**
 * Keeps one WebSocket open. Rule: as long as it is wanted it comes back by itself, except after 4401 (log in again) and 4409
 * (a newer connection of this device took over): coming back by itself would then only throw the other one out.
 * @typedef {'off' | 'connecting' | 'online' | 'waiting' | 'replaced' | 'ended'} State
 */
export class Connection {
  #open;
  #hello;
  #onFrame;
  #onState;
  #backoff;
  #home;
  #urls;
  #turn = 0;
  #wanted = false;
  #socket = null;
  #timers = {};
  #heard = 0;
  #welcomed = 0;
  #hint = {};

  /**
   * @param {{home: string, open: (url: string) => WebSocket, hello: () => object, onFrame: (frame: object) => void,
   *   onState: (state: State, retryAt?: number) => void, backoff?: Backoff}} options `home`: the URL to try first
   */
  constructor({ home, open, hello, onFrame, onState, backoff = new Backoff() }) {
    this.#home = home;
    this.#urls = [home];
    this.#open = open;
    this.#hello = hello;
    this.#onFrame = onFrame;
    this.#onState = onState;
    this.#backoff = backoff;
  }

  /** Connects, or tries at once when it is waiting for its next attempt. */
  start() {
    this.#wanted = true;
    if (this.#socket) return;
    clearTimeout(this.#timers.retry);
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timers.retry);
    this.send([{ t: 'bye' }]);
    if (this.#socket) this.#lost(this.#socket, 1000);
    else this.#onState('off');
  }

  /** Drops the socket and comes back: the server then sends everything from the cursors on. */
  restart() {
    if (this.#socket) this.#lost(this.#socket, 1006);
  }

  /** The network or the page came back from a pause: tries at once, or asks whether the socket survived it. */
  wake() {
    if (!this.#wanted) return;
    if (this.#socket) this.probe();
    else this.start();
  }

  /** Asks whether the other end is still there; a socket may look open long after the network went away. */
  probe() {
    const socket = this.#socket;
    if (!this.send([{ t: 'ping' }])) return;
    clearTimeout(this.#timers.probe);
    this.#timers.probe = setTimeout(() => this.#lost(socket, 1006), PROBE_MS);
  }

  /** @returns {boolean} whether there was a connection to write to */
  send(frames) {
    if (!this.#welcomed || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frames.length === 1 ? frames[0] : frames));
    return true;
  }

  /** Other gateways, best first: tried in turn after the home gateway did not answer. */
  alternatives(urls) {
    const secure = this.#home.startsWith('wss:');
    this.#urls = [this.#home, ...urls.filter(url => url !== this.#home && (!secure || url.startsWith('wss:')))];
  }

  #connect() {
    const socket = this.#open(this.#hint.gateway ?? this.#urls[this.#turn % this.#urls.length]);
    this.#hint = {};
    this.#socket = socket;
    this.#onState('connecting');
    this.#timers.welcome = setTimeout(() => this.#lost(socket, 1006), WELCOME_MS);
    socket.onopen = () => socket.send(JSON.stringify(this.#hello()));
    socket.onmessage = event => this.#received(socket, JSON.parse(event.data));
    socket.onclose = event => this.#lost(socket, event.code);
  }

  #received(socket, message) {
    this.#heard = Date.now();
    clearTimeout(this.#timers.probe);
    for (const frame of Array.isArray(message) ? message : [message]) {
      if (socket !== this.#socket) return;
      if (frame.t === 'welcome') this.#begin(frame);
      if (frame.t === 'bye') this.#hint = { afterMs: frame.reconnectAfterMs, gateway: frame.gateway };
      this.#onFrame(frame);
    }
  }

  #begin({ heartbeat, gateways }) {
    clearTimeout(this.#timers.welcome);
    this.#welcomed = Date.now();
    if (gateways) this.alternatives(gateways);
    this.#timers.beat = setInterval(() => this.#beat(heartbeat * 1000), heartbeat * 800);
    this.#onState('online');
  }

  #beat(heartbeatMs) {
    if (Date.now() - this.#heard > 2 * heartbeatMs) this.restart();
    else this.send([{ t: 'ping' }]);
  }

  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    socket.close();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    if (!this.#welcomed) this.#turn++;
    // A gateway that takes us and at once throws us out again must not be asked in a tight loop.
    else if (Date.now() - this.#welcomed > STEADY_MS) this.#backoff.reset();
    this.#welcomed = 0;
    if (code === SESSION_ENDED || code === REPLACED) this.#wanted = false;
    if (this.#wanted) this.#retryLater();
    else this.#onState(code === SESSION_ENDED ? 'ended' : code === REPLACED ? 'replaced' : 'off');
  }

  #retryLater() {
    const delay = this.#hint.afterMs ?? this.#backoff.next();
    this.#timers.retry = setTimeout(() => this.#connect(), delay);
    this.#onState('waiting', Date.now() + delay);
  }
}
