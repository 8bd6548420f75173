import { $ } from '../dom.js';
import { arrowKeys, oneTabStop } from './keys.js';

/** Tabs and their panels, as index.html or a dialog has them: each `role="tab"` names its panel in `aria-controls`. */
export class Tabs {
  #list;

  /** @param {Element} list the `role="tablist"` */
  constructor(list) {
    this.#list = list;
    arrowKeys(list, '[role=tab]', tab => this.select(tab));
    list.addEventListener('click', ({ target }) => {
      const tab = target.closest('[role=tab]');
      if (tab) this.select(tab);
    });
  }

  /** @param {Element} chosen */
  select(chosen) {
    for (const tab of this.#list.querySelectorAll('[role=tab]')) {
      tab.setAttribute('aria-selected', String(tab === chosen));
      $(tab.getAttribute('aria-controls')).hidden = tab !== chosen;
    }
    oneTabStop(this.#list, '[role=tab]', chosen);
  }
}
