import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Asker, HostKeyQuestion, SecretQuestion } from '../core/ask.js';

/** A question that waits for a person, with the way to answer it. */
export type Pending =
  | {
      readonly id: number;
      readonly kind: 'hostKey';
      readonly question: HostKeyQuestion;
      readonly answer: (verdict: 'accept' | 'refuse') => void;
    }
  | {
      readonly id: number;
      readonly kind: 'secret';
      readonly question: SecretQuestion;
      readonly answer: (secret: string | undefined) => void;
    };

/** The questions that wait, oldest first; the console shows them as dialogs, one at a time. */
export type PendingStore = StoreApi<{ readonly pending: readonly Pending[] }>;

/** An asker whose questions wait in a store until the console answers them. */
export function questionQueue(): { readonly asker: Asker; readonly store: PendingStore } {
  const store: PendingStore = createStore(() => ({ pending: [] }));
  let lastId = 0;

  function wait<T>(make: (id: number, answer: (value: T) => void) => Pending): Promise<T> {
    return new Promise((resolve) => {
      const id = (lastId += 1);
      const answer = (value: T): void => {
        store.setState(({ pending }) => ({ pending: pending.filter((p) => p.id !== id) }));
        resolve(value);
      };
      store.setState(({ pending }) => ({ pending: [...pending, make(id, answer)] }));
    });
  }

  const asker: Asker = {
    hostKey: (question) => wait((id, answer) => ({ id, kind: 'hostKey', question, answer })),
    secret: (question) => wait((id, answer) => ({ id, kind: 'secret', question, answer })),
  };
  return { asker, store };
}
