/** Users without a screen, for what a scenario only needs to be there: accounts, contacts, many messages. */
export class Robot {
  #url;
  #page;

  /** @param {import('playwright-core').Browser} browser lends the WebSocket */
  static async at(browser, url) {
    const robot = new Robot();
    robot.#url = url;
    const context = await browser.newContext();
    robot.#page = await context.newPage();
    await robot.#page.goto(url);
    return robot;
  }

  /** Makes an account and logs it in. @returns {Promise<{userId: string, username: string, sessionId: string}>} */
  async account(username, displayName) {
    const password = 'correct horse battery';
    const { userId } = await this.call(undefined, 'POST', '/v1/users', { username, password, displayName });
    const { sessionId } = await this.call(undefined, 'POST', '/v1/sessions', { username, password, device: {} });
    return { userId, username, sessionId };
  }

  async call(user, method, path, body) {
    const headers = { 'Content-Type': 'application/json', ...(user && { Authorization: `Bearer ${user.sessionId}` }) };
    const response = await fetch(this.#url + path, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  /**
   * Sends these texts in their order and waits until all are accepted. What a busy machine answers too late for it repeats with its id, as every client does.
   * @param {{user: string} | {conversation: string}} to
   */
  send(user, to, texts) {
    return this.#page.evaluate(({ session, to, texts }) => new Promise((resolve, reject) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/ws`, 'im.v1.json');
      const mark = crypto.randomUUID();
      const frames = texts.map((body, index) => ({ t: 'send', id: `${mark}.${index}`, to, body }));
      const answered = new Set();
      let sent = 0;
      const more = () => {
        // Below what a connection may have unanswered.
        for (; sent < texts.length && sent - answered.size <= 900; sent += 100) send(frames.slice(sent, sent + 100));
      };
      const again = ({ id, code }) => {
        if (code !== 'unavailable') reject(new Error(code));
        else setTimeout(() => send(frames.find(frame => frame.id === id)), 1000);
      };
      const send = message => socket.send(JSON.stringify(message));
      socket.onopen = () => send({ t: 'hello', session });
      socket.onclose = event => reject(new Error(`closed with ${event.code}`));
      socket.onmessage = event => {
        for (const frame of [JSON.parse(event.data)].flat()) {
          if (frame.t === 'rejected') again(frame);
          if (frame.t === 'synced') more();
          if (frame.t !== 'accepted') continue;
          answered.add(frame.id);
          more();
          if (answered.size < texts.length) continue;
          socket.onclose = null;
          socket.close();
          resolve(frame.c);
        }
      };
    }), { session: user.sessionId, to, texts });
  }
}
