const SENTENCES = {
  network: 'The server cannot be reached. Check your connection and try again.',
  username_taken: 'This user name is taken. Choose another one.',
  invalid: 'The server did not accept this input.',
  bad_credentials: 'User name or password is wrong.',
  too_many: 'Too many attempts.',
  rate_limited: 'Too many messages in a short time.',
  not_found: 'There is nobody and nothing of this name here.',
  forbidden: 'Only the owner of the group may do this.',
  blocked: 'You cannot write to this person.',
  too_big: 'The message is too long.',
  bad_text: 'The text contains characters that cannot be sent.',
  id_reuse: 'The message was sent before with another text.',
  bad_frame: 'The server did not understand the message.',
  session_ended: 'You were logged out. Log in again.',
  unavailable: 'The service is busy. Try again in a moment.',
  outbox_full: 'Too many messages are waiting to be sent. Connect first.',
};

/** What a problem code means to the user. */
export function sentence(code) {
  return SENTENCES[code] ?? `Something went wrong (${code}).`;
}

/**
 * What an error means to the user: the sentence of its code, with what the server said beyond it.
 * An error that carries no code is a fault of this program and goes on to the console.
 */
export function explain(error) {
  if (error.code === undefined || typeof error.code !== 'string') throw error;
  if (error.code === 'invalid' && error.detail) return error.detail;
  if (error.retryAfter) return `${sentence(error.code)} Try again in ${error.retryAfter} s.`;
  return sentence(error.code);
}
