import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs every compiled test file, or those whose path contains one of the given words, each in a
 * process of its own. `node --test` takes folders on Node 20 and patterns from 21 on; this works
 * on all of them.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .map((file) => join(here, file))
  .sort();

// Colours and terminal habits must not depend on where the tests run.
Object.assign(process.env, { FORCE_COLOR: '3', CI: process.env.CI ?? 'false', TZ: 'UTC' });
delete process.env.NO_COLOR;

const reporter = new spec();
const counts = { passed: 0, failed: 0, skipped: 0 };
const tests = run({ files, concurrency: Math.max(2, availableParallelism()), timeout: 3_600_000 });
tests.on('test:pass', ({ details, skip, todo }) => {
  if (details.type === 'suite') return;
  if (skip !== undefined || todo !== undefined) counts.skipped += 1;
  else counts.passed += 1;
});
tests.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') counts.failed += 1;
});
tests.on('data', (event) => reporter.write(event));
reporter.pipe(process.stdout);
tests.on('end', () => {
  // Only at its end does it say again what failed, and why: where a log is cut, that is what is left.
  reporter.end();
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  process.once('exit', () => {
    const { passed, failed, skipped } = counts;
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  });
});
