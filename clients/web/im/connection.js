import { Backoff } from './backoff.js';

const WELCOME_MS = 15_000;
const PROBE_MS = 5000;
const STEADY_MS = 10_000;
const SESSION_ENDED = 4401;
const REPLACED = 4409;
// For so long a system goes on sending what a closed socket had left, and something more.
const LATE_HELLO_MS = 180_000;
// More attempts than fit into that time.
const MAX_LATE_HELLOS = 64;
// Gateways that were listed before and are no more; more of them would only delay the next round where addresses change with every start.
const MAX_FORMER = 2;

/**
 * Keeps one WebSocket open. Rule: as long as it is wanted it comes back by itself, except after 4401 (log in again) and 4409
 * (a newer connection of this device took over): coming back by itself would then only throw the other one out. But a hello of its own that was never answered may
 * reach its gateway late and take over: so many times it does come back.
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
  #url;
  #former = [];
  #turn = 0;
  #wanted = false;
  #socket = null;
  #timers = {};
  #heard = 0;
  #welcomed = 0;
  #hint = {};
  #helloAt = 0;
  #unanswered = [];

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

  /**
   * Other gateways, best first: tried in turn after the home gateway did not answer. A list lacks a gateway that restarts just then; so what was listed before is tried
   * as well, behind the others and once.
   */
  alternatives(urls) {
    const secure = this.#home.startsWith('wss:');
    const listed = [this.#home, ...urls.filter(url => url !== this.#home && (!secure || url.startsWith('wss:')))];
    this.#former = this.#urls.filter(url => !listed.includes(url)).slice(0, MAX_FORMER);
    this.#urls = [...listed, ...this.#former];
  }

  #connect() {
    this.#url = this.#hint.gateway ?? this.#urls[this.#turn % this.#urls.length];
    const socket = this.#open(this.#url);
    this.#hint = {};
    this.#socket = socket;
    this.#onState('connecting');
    this.#timers.welcome = setTimeout(() => this.#lost(socket, 1006), WELCOME_MS);
    socket.onopen = () => {
      socket.send(JSON.stringify(this.#hello()));
      this.#helloAt = Date.now();
    };
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
    this.#helloAt = 0;
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
    if (!this.#welcomed) this.#next();
    // A gateway that takes us and at once throws us out again must not be asked in a tight loop.
    else if (Date.now() - this.#welcomed > STEADY_MS) this.#backoff.reset();
    this.#welcomed = 0;
    if (this.#helloAt && code === 1006) this.#unanswered = [...this.#unanswered.slice(-MAX_LATE_HELLOS), this.#helloAt];
    this.#helloAt = 0;
    if (code === SESSION_ENDED || (code === REPLACED && !this.#byLateHello())) this.#wanted = false;
    if (this.#wanted) this.#retryLater();
    else this.#onState(code === SESSION_ENDED ? 'ended' : code === REPLACED ? 'replaced' : 'off');
  }

  #next() {
    if (this.#former.includes(this.#url)) {
      this.#turn = this.#urls.indexOf(this.#url);
      this.#urls.splice(this.#turn, 1);
      this.#former = this.#former.filter(url => url !== this.#url);
    } else {
      this.#turn++;
    }
  }

  /** Whether the newer connection was perhaps made by a hello of ours that had been on its way all the time. */
  #byLateHello() {
    while (this.#unanswered.length) if (Date.now() - this.#unanswered.shift() <= LATE_HELLO_MS) return true;
    return false;
  }

  #retryLater() {
    const delay = this.#hint.afterMs ?? this.#backoff.next();
    this.#timers.retry = setTimeout(() => this.#connect(), delay);
    this.#onState('waiting', Date.now() + delay);
  }
}
