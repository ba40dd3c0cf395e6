/** How many warnings are kept to be printed afterwards. */
const KEPT = 20;

/**
 * Keeps the process's warnings back: Node prints them on stderr, in the midst of whatever the screen
 * shows. Their listeners get what came meanwhile once the returned function is called.
 */
export function holdWarnings(): () => void {
  const listeners = process.listeners('warning');
  const kept: Error[] = [];
  const keep = (warning: Error): void => {
    if (kept.length < KEPT) kept.push(warning);
  };
  process.removeAllListeners('warning');
  process.on('warning', keep);
  return () => {
    process.off('warning', keep);
    for (const listener of listeners) process.on('warning', listener);
    for (const warning of kept.splice(0)) process.emit('warning', warning);
  };
}
