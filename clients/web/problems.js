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

/** What an error means to the user. One that carries no code is a fault of this program and goes on to the console. */
export function explain(error, about, values) {
  if (error.name === 'QuotaExceededError' || error.name === 'SecurityError') return sentence('storage');
  if (typeof error.code !== 'string') throw error;
  if (error.code === 'too_many' && error.retryAfter) return t('problem.too_many.after', { seconds: error.retryAfter });
  return sentence(error.code, about, values);
}
