import { t } from '../language.js';
import { alertFor } from '../model/alerts.js';
import { beep } from './sound.js';

/** What comes in a burst, as after a reconnect, is heard once. */
const QUIET_MS = 2000;
const MAX_TEXT = 120;

/** Sounds and desktop notifications of new messages, as the user chose them. */
export class Alerts {
  #models;
  #openId;
  #lastSound = 0;

  /** @param {() => string | undefined} openId the conversation that is open @param {(id: string) => void} onOpen opens one */
  constructor(models, openId, onOpen) {
    this.#models = models;
    this.#openId = openId;
    models.conversations.addEventListener('arrived', ({ detail }) => this.#arrived(detail, onOpen));
  }

  #arrived({ item, message }, onOpen) {
    const { settings, status } = this.#models;
    const { sound, notify } = alertFor({
      message, status: status.current, looking: document.hasFocus() && !document.hidden, open: this.#openId() === item.id,
      sound: settings.get('sound'), notify: settings.get('notify'),
    });
    if (sound && Date.now() - this.#lastSound > QUIET_MS) {
      this.#lastSound = Date.now();
      beep();
    }
    if (notify && globalThis.Notification?.permission === 'granted') this.#show(item, message, onOpen);
  }

  #show(item, message, onOpen) {
    const name = this.#models.people.name(message.from);
    const title = item.kind === 'group' ? t('alert.from', { name, title: item.title || t('group.untitled') }) : name;
    const shown = notification(title, { body: [...message.body].slice(0, MAX_TEXT).join(''), tag: item.id, icon: 'icon.svg', silent: true });
    shown?.addEventListener('click', () => {
      window.focus();
      onOpen(item.id);
      shown.close();
    });
  }
}

/** One for each `tag`: the next takes the place of the last. None where a browser has them for installed programs only (Android). */
function notification(title, options) {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
