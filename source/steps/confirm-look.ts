import { defineStep } from '../core/step.js';
import { lookPreview, onlyLooks, shown, type Look } from './looks.js';

/** Believes only what a look at the host says; what takes a moment to show gets one. */
export const confirmLook = defineStep<Look>({
  id: 'look.confirm',
  ...onlyLooks,
  preview: (params) => lookPreview(params, 'must say'),
  check: (host, { shows }) => shown(host, shows),
  wait: {
    every: 1000,
    atMost: 20_000,
    progress: async (host, { shows }) => {
      const now = await shown(host, shows);
      return { says: (now.kind === 'notYet' ? now.says : undefined) ?? 'not yet' };
    },
  },
});
