import { t } from '../language.js';

/** Who is writing, in words. @param {string[]} names @param {boolean} alone whether nobody else could be meant */
export function typingText(names, alone = false) {
  if (names.length === 0) return '';
  if (alone) return t('conversation.typingAlone');
  if (names.length === 1) return t('conversation.typing', { name: names[0] });
  return names.length === 2 ? t('conversation.typingTwo', { name: names[0], other: names[1] }) : t('conversation.typingMany');
}
