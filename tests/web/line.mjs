import net from 'node:net';

/**
 * A line to a gateway that can be cut. The browser's own "offline" leaves open WebSockets alone; this closes them as a lost
 * network does, and refuses new ones until it is mended.
 */
export class Line {
  #server;
  #sockets = new Set();
  #isCut = false;

  /** @param {string} target base URL of the gateway */
  static async to(target) {
    const line = new Line();
    const { hostname, port } = new URL(target);
    line.#server = net.createServer(socket => line.#join(socket, hostname, Number(port)));
    await new Promise(resolve => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#isCut = false;
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #join(near, hostname, port) {
    if (this.#isCut) return near.destroy();
    const far = net.connect(port, hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      this.#sockets.add(one);
      one.pipe(other);
      // A reset of one side ends the other; `close` follows every error.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    return undefined;
  }
}
