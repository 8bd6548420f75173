const TIMEOUT_MS = 15_000;

/**
 * A call that did not succeed. `code` is the stable code of the answer's problem document, or `network` when there was no
 * answer, or `http_<status>` when the answer carried none.
 */
export class ImError extends Error {
  /** @param {{code: string, status?: number, detail?: string, retryAfter?: number}} problem `retryAfter` in seconds */
  constructor({ code, status = 0, detail = '', retryAfter }) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'ImError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/**
 * The HTTP part of the contract, one method per call. Every failure is an `ImError`. Rule: what may be asked twice is asked at
 * the next gateway when one does not answer; what may not (POST) fails, and only the next call goes elsewhere.
 */
export class ImApi {
  #home;
  #origins;
  #turn = 0;
  #fetch;
  #onSessionEnded;
  /** @type {string | undefined} the session id, sent as bearer token where it is set */
  session;

  constructor(origin, fetch, onSessionEnded) {
    this.#home = origin;
    this.#origins = [origin];
    this.#fetch = fetch;
    this.#onSessionEnded = onSessionEnded;
  }

  /** Other gateways, by their WebSocket URLs. A page that came over TLS talks to nobody without it. */
  alternatives(urls) {
    const current = this.#origins[this.#turn];
    const others = urls.map(url => new URL(url).origin.replace(/^ws/, 'http'));
    const usable = others.filter(origin => origin !== this.#home && (!this.#home.startsWith('https:') || origin.startsWith('https:')));
    this.#origins = [this.#home, ...new Set(usable)];
    this.#turn = Math.max(0, this.#origins.indexOf(current));
  }

  register(account) { return this.#call('POST', '/v1/users', account); }
  login(credentials) { return this.#call('POST', '/v1/sessions', credentials); }
  logout() { return this.#call('DELETE', '/v1/sessions/current'); }
  gateways() { return this.#call('GET', '/v1/gateways').then(answer => answer.items); }
  sessions() { return this.#call('GET', '/v1/sessions').then(answer => answer.items); }
  endSession(sessionKey) { return this.#call('DELETE', `/v1/sessions/${encodeURIComponent(sessionKey)}`); }
  changePassword(old, next) { return this.#call('POST', '/v1/me/password', { old, new: next }); }
  contacts() { return this.#call('GET', '/v1/contacts').then(answer => answer.items); }
  requestContact(userId) { return this.#call('POST', '/v1/contacts', { userId }); }
  acceptContact(userId) { return this.#call('PUT', `/v1/contacts/${encodeURIComponent(userId)}`, { state: 'accepted' }); }
  removeContact(userId) { return this.#call('DELETE', `/v1/contacts/${encodeURIComponent(userId)}`); }
  blocks() { return this.#call('GET', '/v1/blocks').then(answer => answer.items); }
  block(userId) { return this.#call('PUT', `/v1/blocks/${encodeURIComponent(userId)}`); }
  unblock(userId) { return this.#call('DELETE', `/v1/blocks/${encodeURIComponent(userId)}`); }
  me() { return this.#call('GET', '/v1/me'); }
  updateMe(profile) { return this.#call('PATCH', '/v1/me', profile); }
  user(userId) { return this.#call('GET', `/v1/users/${encodeURIComponent(userId)}`); }
  userByName(username) { return this.#call('GET', `/v1/users?${query({ username })}`); }
  conversations({ limit, after } = {}) { return this.#call('GET', `/v1/conversations?${query({ limit, after })}`); }
  conversation(id) { return this.#call('GET', conversationPath(id)); }
  createGroup(title, members) { return this.#call('POST', '/v1/conversations', { kind: 'group', title, members }); }
  rename(id, title) { return this.#call('PATCH', conversationPath(id), { title }); }
  addMember(id, userId) { return this.#call('PUT', memberPath(id, userId)); }
  removeMember(id, userId) { return this.#call('DELETE', memberPath(id, userId)); }

  /** Messages of a conversation, ascending by seq; with neither bound the newest. `limit` 1–200. */
  history(id, { afterSeq, beforeSeq, limit } = {}) {
    return this.#call('GET', `${conversationPath(id)}/messages?${query({ afterSeq, beforeSeq, limit })}`)
      .then(answer => answer.items.map(message => ({ ...message, c: id })));
  }

  async #call(method, path, body) {
    const session = this.session;
    const headers = {};
    if (session) headers.Authorization = `Bearer ${session}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await this.#exchange(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' });
    if (response.ok) return response.status === 204 ? undefined : parse(response);
    const error = await problem(response);
    if (response.status === 401 && session && session === this.session && error.code !== 'bad_credentials') this.#onSessionEnded();
    throw error;
  }

  async #exchange(path, request) {
    for (let tries = 1; ; tries++) {
      const turn = this.#turn;
      try {
        return await this.#fetch(this.#origins[turn] + path, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
      } catch (cause) {
        if (turn === this.#turn) this.#turn = (turn + 1) % this.#origins.length;
        if (request.method !== 'POST' && tries < this.#origins.length) continue;
        // Where nobody answers the page's own gateway is the one to ask first again.
        if (tries >= this.#origins.length) this.#turn = 0;
        throw new ImError({ code: 'network', detail: cause.message });
      }
    }
  }
}

async function parse(response) {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

async function problem(response) {
  const isProblem = response.headers.get('Content-Type')?.includes('json');
  const document = isProblem ? await parse(response) : undefined;
  const retryAfter = Number(response.headers.get('Retry-After')) || undefined;
  return new ImError({
    code: document?.code ?? `http_${response.status}`, status: response.status, detail: document?.detail ?? document?.title, retryAfter,
  });
}

function query(values) {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined));
}

function conversationPath(id) {
  return `/v1/conversations/${encodeURIComponent(id)}`;
}

function memberPath(id, userId) {
  return `${conversationPath(id)}/members/${encodeURIComponent(userId)}`;
}
