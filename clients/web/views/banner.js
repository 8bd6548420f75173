import { $, setText } from '../dom.js';
import { t } from '../language.js';

const PATIENCE_MS = 1500;

/**
 * The line above everything that says why messages do not flow, and what to do. While all is well it is not there.
 * The countdown is kept out of the live region, which would read every second aloud.
 */
export class Banner {
  #client;
  #patience = false;
  #note;

  /** @param {import('../im.js').ImClient} client */
  constructor(client) {
    this.#client = client;
    for (const type of ['state', 'outbox', 'synced']) client.addEventListener(type, () => this.render());
    for (const type of ['online', 'offline']) addEventListener(type, () => this.render());
    client.addEventListener('state', ({ detail }) => detail.state === 'online' && this.clear());
    $('banner-action').addEventListener('click', () => this.#act());
    setInterval(() => this.render(), 500);
  }

  /** A fresh page may take a moment to connect without a word about it. */
  begin() {
    this.#patience = true;
    setTimeout(() => {
      this.#patience = false;
      this.render();
    }, PATIENCE_MS);
    this.render();
  }

  /** Shows what went wrong beside the connection, until it is dismissed or the connection comes anew. */
  problem(text) {
    this.#show({ text, level: 'warn' });
  }

  /** Shows what the user should know and need not mend, as long as a problem. */
  notice(text) {
    this.#show({ text, level: 'info' });
  }

  /** Nothing stands here any more. */
  clear() {
    this.#show(undefined);
  }

  render() {
    const { text, countdown = '', action = '', level = 'warn' } = this.#content() ?? {};
    $('banner').hidden = !text;
    $('banner').dataset.level = level;
    setText($('banner-text'), text ?? '');
    setText($('banner-countdown'), countdown);
    setText($('banner-action'), action);
    $('banner-action').hidden = action === '';
  }

  #content() {
    const { state, retryAt } = this.#client.state;
    const count = this.#client.waiting;
    const waiting = count > 0 ? t('banner.waiting', { count }) : '';
    if (state === 'replaced') return { text: t('banner.replaced'), action: t('banner.takeOver'), level: 'info' };
    if (!navigator.onLine) return { text: t('banner.offline'), countdown: waiting };
    if (state === 'waiting') {
      const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      const countdown = [t('banner.inSeconds', { seconds }), waiting].filter(Boolean).join(' · ');
      return { text: t('banner.reconnecting'), countdown, action: t('banner.tryNow') };
    }
    if (state === 'connecting') return this.#patience ? undefined : { text: t('banner.connecting'), countdown: waiting };
    return this.#note && { ...this.#note, action: t('banner.dismiss') };
  }

  #show(note) {
    this.#note = note;
    this.render();
  }

  #act() {
    if (this.#client.state.state === 'online') this.clear();
    else this.#client.connect();
  }
}
