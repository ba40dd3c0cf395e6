'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

// React reads it when it is loaded; its development build is twice as slow.
process.env.NODE_ENV = 'production';

const main = join(__dirname, '..', 'build', 'source', 'main.js');

if (existsSync(main)) {
  void import(pathToFileURL(main).href);
} else {
  console.error('Holdfast is not built yet. Run `npm run build` in ' + join(__dirname, '..'));
  process.exitCode = 69;
}
