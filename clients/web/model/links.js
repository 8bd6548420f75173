const ADDRESS = /https?:\/\/[^\s<>"“”‘’「」『』《》（），。；：！？、]+/giu;
const PAIRS = { ')': '(', ']': '[', '}': '{' };

/**
 * Takes a text apart into what is a web address and what is not. Only http and https count: what else a browser would run or
 * open stays text. Nothing here makes markup; the parts together are the text, character for character.
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function linksOf(text) {
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (!href) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: address, href });
    end = index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Without the punctuation of the sentence around it: "(see https://a.test/b)." */
function trimmed(address) {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    const opening = PAIRS[last];
    if (opening && address.slice(0, end).split(opening).length >= address.slice(0, end).split(last).length) break;
    if (!opening && !/[.,;:!?'*_~]/.test(last)) break;
  }
  return address.slice(0, end);
}

function hrefOf(address) {
  if (!URL.canParse(address)) return undefined;
  const { href, protocol, username, password } = new URL(address);
  // A name before the @ makes an address look like another one: http://bank.test@evil.test
  return /^https?:$/.test(protocol) && !username && !password ? href : undefined;
}
