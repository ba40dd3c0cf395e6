import { createStore } from 'zustand/vanilla';
import type { Millis } from '../../source/core/host.js';
import type { Watch } from '../../source/engine/watch/watch.js';
import type { World } from '../../source/engine/watch/world.js';

/** A watch of a world made by hand, which remembers what it was asked. */
export interface FakeWatch extends Watch {
  readonly asked: string[];
}

/** A watch that shows this world; it does what it is told at once, as the engine would. */
export function fakeWatch(world: World, now: () => Millis): FakeWatch {
  const store = createStore<World>(() => world);
  const asked: string[] = [];
  return {
    store,
    asked,
    start: () => asked.push('start'),
    stop: () => asked.push('stop'),
    refresh: () => asked.push('refresh'),
    expire: (after) => asked.push(`expire ${after}`),
    pause: (paused) => {
      asked.push(paused ? 'pause' : 'go on');
      store.setState({ paused });
    },
    acknowledge: (key, forMillis) => {
      asked.push(`acknowledge ${key} ${forMillis}`);
      store.setState(({ problems }) => ({
        problems: problems.map((problem) => {
          if (problem.key !== key) return problem;
          const { acknowledged, ...rest } = problem;
          return acknowledged
            ? rest
            : { ...rest, acknowledged: { at: now(), until: now() + forMillis } };
        }),
      }));
    },
  };
}
