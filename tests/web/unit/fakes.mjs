/** A storage as the browser has it. */
export class FakeStorage {
  #items = new Map();

  get length() { return this.#items.size; }
  key(index) { return [...this.#items.keys()][index] ?? null; }
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, value) { this.#items.set(key, String(value)); }
  removeItem(key) { this.#items.delete(key); }
}

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  /** @type {FakeSocket[]} */
  static opened = [];
  readyState = 0;
  sent = [];

  constructor(url, protocol) {
    Object.assign(this, { url, protocol });
    FakeSocket.opened.push(this);
  }

  static get last() { return FakeSocket.opened.at(-1); }

  send(text) {
    const message = JSON.parse(text);
    this.sent.push(...(Array.isArray(message) ? message : [message]));
  }

  close() { this.readyState = 3; }

  /** The server takes the connection. */
  open() {
    this.readyState = 1;
    this.onopen();
  }

  /** The server sends these frames in one message. */
  receive(...frames) {
    this.onmessage({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }

  welcome({ log = 'log-1', ...more } = {}) {
    this.open();
    this.receive({ t: 'welcome', user: 'me', device: 'd', connection: 'c', heartbeat: 20, time: 0, log, ...more });
  }

  sync(more) {
    this.welcome(more);
    this.receive({ t: 'synced' });
  }

  /** The server or the network closes it. */
  drop(code) {
    this.readyState = 3;
    this.onclose({ code });
  }

  sentOf(type) { return this.sent.filter(frame => frame.t === type); }
}

/** An HTTP server of prepared answers: `method path` → body, or a function of the URL that gives one. */
export function fakeFetch(answers) {
  return async (address, { method }) => {
    const url = new URL(address);
    const answer = answers[`${method} ${url.pathname}`];
    const body = typeof answer === 'function' ? answer(url) : answer;
    if (body === undefined) return Response.json({ code: 'not_found' }, { status: 404, headers: { 'Content-Type': 'application/problem+json' } });
    return body instanceof Response ? body : Response.json(body);
  };
}

export function message(c, seq, more = {}) {
  return { t: 'message', c, seq, mid: `m${seq}`, from: 'you', body: `text ${seq}`, type: 'text/plain', time: seq, ...more };
}

/** Lets everything run that waits for promises only. */
export async function settle() {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
}
