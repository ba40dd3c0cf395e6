import type { Asker, HostKeyQuestion, SecretQuestion } from '../../source/core/ask.js';

/** A person who answers from a list, and remembers what was asked. */
export interface ScriptedAsker extends Asker {
  readonly hostKeys: HostKeyQuestion[];
  readonly secrets: SecretQuestion[];
}

/** Accepts host keys as told, and gives the secrets one after the other; then none. */
export function scriptedAsker(
  hostKey: 'accept' | 'refuse' = 'refuse',
  answers: readonly string[] = [],
): ScriptedAsker {
  const hostKeys: HostKeyQuestion[] = [];
  const secrets: SecretQuestion[] = [];
  return {
    hostKeys,
    secrets,
    hostKey: (question) => {
      hostKeys.push(question);
      return Promise.resolve(hostKey);
    },
    secret: (question) => {
      secrets.push(question);
      return Promise.resolve(answers[secrets.length - 1]);
    },
  };
}
