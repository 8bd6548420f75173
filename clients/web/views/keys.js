const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * Makes the items of a container one stop of the tab order: the arrow keys, Home and End move among them.
 * @param {Element} container @param {string} selector of its items
 * @param {(item: HTMLElement) => void} [moved] after an arrow key went to an item
 */
export function arrowKeys(container, selector, moved) {
  container.addEventListener('focusin', ({ target }) => target.matches(selector) && oneTabStop(container, selector, target));
  container.addEventListener('keydown', event => {
    if (!event.target.matches(selector) || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = [...container.querySelectorAll(selector)];
    const here = items.indexOf(event.target);
    const next = event.key === 'Home' ? items[0] : event.key === 'End' ? items.at(-1) : items[here + STEPS[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
    moved?.(next);
  });
}

/** Keeps exactly one item in the tab order: `wanted`, or the one that was, or the first. To be called when items came or went. */
export function oneTabStop(container, selector, wanted) {
  const items = [...container.querySelectorAll(selector)];
  const stop = wanted ?? items.find(item => item.tabIndex === 0) ?? items[0];
  for (const item of items) {
    const index = item === stop ? 0 : -1;
    if (item.tabIndex !== index) item.tabIndex = index;
  }
}
