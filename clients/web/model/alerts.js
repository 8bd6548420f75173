import { memberChange } from './members.js';

/**
 * Whether a message that has come makes itself heard and seen. Rule: only what the user chose, never while he is busy, never
 * for what he is looking at; the desktop is for a page that nobody looks at.
 * @param {{message: import('../im.js').Message, looking: boolean, open: boolean, status: string, sound: boolean, notify: boolean}} now
 *   `looking`: the page is in front; `open`: so is this conversation in it
 * @returns {{sound: boolean, notify: boolean}}
 */
export function alertFor({ message, looking, open, status, sound, notify }) {
  if (status === 'busy' || memberChange(message) || (looking && open)) return { sound: false, notify: false };
  return { sound, notify: notify && !looking };
}
