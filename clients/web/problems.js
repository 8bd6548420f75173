import { hasText, t } from './language.js';

/**
 * What a problem code means to the user.
 * @param {string} code
 * @param {string} [about] what was tried (`account`, `group`, …): where the same code means something more exact
 * @param {Record<string, string>} [values]
 */
export function sentence(code, about, values) {
  if (about && hasText(`problem.${code}.${about}`)) return t(`problem.${code}.${about}`, values);
  return hasText(`problem.${code}`) ? t(`problem.${code}`) : t('problem.unknown', { code });
}

/**
 * Which field of a new account the server refused, as far as it says; the code is the same for all of them.
 * @param {{code: string, detail?: string}} error @returns {'username' | 'password' | 'displayName' | undefined}
 */
export function faultyField({ code, detail = '' }) {
  if (code === 'username_taken') return 'username';
  if (code !== 'invalid') return undefined;
  if (detail.startsWith('displayName')) return 'displayName';
  // A password may be refused for being the user name, so it is looked for first.
  if (/\bpassword\b/.test(detail)) return 'password';
  return /\buser ?name\b/.test(detail) ? 'username' : undefined;
}

/** What an error means to the user. One that carries no code is a fault of this program and goes on to the console. */
export function explain(error, about, values) {
  if (error.name === 'QuotaExceededError' || error.name === 'SecurityError') return sentence('storage');
  if (typeof error.code !== 'string') throw error;
  if (error.code === 'too_many' && error.retryAfter) return t('problem.too_many.after', { seconds: error.retryAfter });
  return sentence(error.code, about, values);
}
