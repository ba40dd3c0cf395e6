import Module, { createRequire } from 'node:module';
import * as ink from 'ink';
import type inkTable from 'ink-table';

/**
 * ink-table is CommonJS and requires Ink, which is a module with a top-level await and cannot be
 * required. It gets the Ink that is loaded already, through the CommonJS cache, which is then put
 * back as it was.
 */
function loadTable(): typeof inkTable.default {
  const require = createRequire(import.meta.url);
  const inkFile = createRequire(require.resolve('ink-table')).resolve('ink');
  const before = require.cache[inkFile];
  require.cache[inkFile] = Object.assign(new Module(inkFile), {
    filename: inkFile,
    loaded: true,
    exports: ink,
  });
  const loaded: unknown = require('ink-table');
  if (before) require.cache[inkFile] = before;
  else Reflect.deleteProperty(require.cache, inkFile);
  if (!isInkTable(loaded)) throw new Error('ink-table has no table');
  return loaded.default;
}

function isInkTable(loaded: unknown): loaded is typeof inkTable {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'default' in loaded &&
    typeof loaded.default === 'function'
  );
}

/** Draws a small table whose cells are of plain, narrow characters. */
export const Table = loadTable();
