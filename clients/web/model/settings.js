const KEY = 'im.settings';
const CHOICES = {
  theme: ['system', 'light', 'dark'], language: ['system', 'en', 'zh'], sound: [false, true], notify: [false, true],
};

/** How this browser shows the page, whoever is logged in. The first choice of each is what nobody has to choose. */
export class Settings extends EventTarget {
  #storage;
  #chosen;

  /** @param {Storage} storage */
  constructor(storage) {
    super();
    this.#storage = storage;
    this.#chosen = parse(storage.getItem(KEY));
  }

  /** @param {'theme' | 'language' | 'sound' | 'notify'} name */
  get(name) {
    return CHOICES[name].includes(this.#chosen[name]) ? this.#chosen[name] : CHOICES[name][0];
  }

  /** Tells `change` {name}. */
  set(name, value) {
    this.#chosen[name] = value;
    this.#storage.setItem(KEY, JSON.stringify(this.#chosen));
    this.dispatchEvent(new CustomEvent('change', { detail: { name } }));
  }
}

/** What stands in the storage may be of another version, or another's. */
export function parse(text) {
  try {
    const value = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
