#!/usr/bin/env node
'use strict';

// Written so that any Node can read it: one that is too old shall say so, not fail to parse.
// What newer Nodes understand stands in start.js, which is read only after this check.
var here = process.versions.node;
var parts = here.split('.').map(Number);

if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 18)) {
  console.error('Holdfast needs Node 20.18 or newer; this is Node ' + here + '.');
  console.error('Newer ones are at https://nodejs.org or in the packages of your system.');
  process.exitCode = 69;
} else {
  require('./start.js');
}
