import { el, setText } from '../dom.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { field, problemLine } from './dialog.js';

/** Name and a word about oneself, as others see them. */
export class ProfileSettings {
  #models;
  #username = el('p', { className: 'hint' });
  #name = el('input', { id: 'profile-name', autocomplete: 'name', maxLength: 64 });
  #bio = el('textarea', { id: 'profile-bio', rows: 3, maxLength: 500 });
  #said = el('p', { className: 'hint', role: 'status' });
  #problem = problemLine();
  #save = el('button', { className: 'primary', 'data-text': 'common.save' });
  #loads = 0;
  #form = el('form', { className: 'stack' }, this.#username, field('login.displayName', this.#name), field('settings.bio', this.#bio),
    this.#problem, el('div', { className: 'buttons' }, this.#save, this.#said));

  constructor(models) {
    this.#models = models;
    this.nodes = [this.#form];
    this.#form.addEventListener('submit', event => this.#change(event));
  }

  /** The fields open once they show what holds: what is written before that would be written over, or write over it. */
  load() {
    const load = ++this.#loads;
    setText(this.#said, '');
    this.render();
    this.#close(true);
    return this.#try(async () => {
      const profile = await this.#models.client.api.me();
      this.#models.people.learn(profile);
      if (load !== this.#loads) return;
      this.#close(false);
      this.#name.value = profile.displayName ?? '';
      this.#bio.value = profile.bio ?? '';
    }, () => load === this.#loads);
  }

  render() {
    setText(this.#username, t('settings.userName', { name: this.#models.client.username ?? '' }));
  }

  #change(event) {
    event.preventDefault();
    setText(this.#said, '');
    return this.#try(async () => {
      const profile = { displayName: this.#name.value.trim(), bio: this.#bio.value.trim() };
      this.#models.people.learn(await this.#models.client.api.updateMe(profile));
      setText(this.#said, t('common.saved'));
    });
  }

  #close(closed) {
    for (const node of [this.#name, this.#bio, this.#save]) node.disabled = closed;
  }

  /** @param {() => boolean} counts whether a fault is still of interest when it comes */
  async #try(act, counts = () => true) {
    setText(this.#problem, '');
    try {
      await act();
    } catch (error) {
      if (counts()) setText(this.#problem, explain(error, 'profile'));
    }
  }
}
