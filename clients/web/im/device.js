const BROWSERS = [['Edge', /Edg/], ['Opera', /OPR/], ['Firefox', /Firefox|FxiOS/], ['Chrome', /Chrome|CriOS/], ['Safari', /Safari/]];
const SYSTEMS = [['Android', /Android/], ['iOS', /iPhone|iPad/], ['Windows', /Windows/], ['macOS', /Mac OS X/], ['Linux', /Linux/]];

/** What this browser is called in the user's list of devices: "Firefox, Linux". A guess for the eye; nothing is decided by it. */
export function deviceName(userAgent = globalThis.navigator?.userAgent ?? '') {
  const found = [BROWSERS, SYSTEMS].map(kinds => kinds.find(([, mark]) => mark.test(userAgent))?.[0]);
  return found.filter(Boolean).join(', ') || 'Browser';
}
