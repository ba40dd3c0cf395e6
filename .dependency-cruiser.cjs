'use strict';

/** A folder of source/ and the folders that it may import from (itself always, and packages). */
const may = {
  core: [],
  tools: ['core'],
  files: ['core'],
  steps: ['core', 'tools', 'files'],
  stacks: ['core', 'tools', 'files', 'steps'],
  transport: ['core'],
  engine: ['core'],
  demo: ['core'],
  ui: ['core', 'engine'],
};

const walls = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^source/${folder}/` },
  to: {
    path: '^source/',
    pathNot: [folder, ...allowed].map((name) => `^source/${name}/`),
  },
}));

module.exports = {
  forbidden: [
    ...walls,
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(source|test)/', pathNot: '\\.test\\.tsx?$' },
      to: {},
    },
    {
      name: 'stacks-never-import-each-other',
      severity: 'error',
      from: { path: '^source/stacks/([^/]+)/' },
      to: { path: '^source/stacks/', pathNot: '^source/stacks/($1)/' },
    },
    {
      name: 'only-the-list-of-stacks-is-seen-from-outside',
      severity: 'error',
      from: { path: '^source/', pathNot: '^source/stacks/' },
      to: { path: '^source/stacks/', pathNot: '^source/stacks/index\\.ts$' },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      from: { path: '^source/(core|tools|files|stacks)/' },
      to: {
        path: '^(node:)?(fs|net|child_process|http|https|dns|tls|os|tty|readline)(/|$)',
      },
    },
    {
      name: 'react-only-in-ui',
      severity: 'error',
      from: { path: '^source/', pathNot: '^source/(ui|main)' },
      to: { path: 'node_modules/(react|ink|ink-table)/' },
    },
    {
      name: 'source-never-imports-tests',
      severity: 'error',
      from: { path: '^(source|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^source/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^build/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
