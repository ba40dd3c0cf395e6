import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../support/cli.js';
import { demoFor } from '../support/demo.js';
import { openDemoScreen, type DemoScreen } from '../support/demo-screen.js';

/** The console on the demo fleet, worked with by keys alone; all hosts answer. */
async function opened(
  t: TestContext,
  scenario: string,
  size: { readonly columns?: number; readonly rows?: number } = {},
): Promise<DemoScreen> {
  const demo = await demoFor(t, scenario);
  const console = await openDemoScreen(demo, { ...size, journals: temporaryFolder(t) });
  t.after(() => console.close());
  const all = demo.cluster.hosts.length;
  await console.sees(new RegExp(`${all} of ${all} answer`));
  return console;
}

/** From wherever one is to the first question of a wizard, having looked at these hosts; none: all. */
async function begin(
  { screen, sees }: DemoScreen,
  title: string,
  hosts: readonly string[] = [],
): Promise<void> {
  await screen.press('w', '/');
  await screen.type(title);
  await screen.press('enter', 'enter');
  await sees(/Which hosts are to be looked at\?/);
  if (hosts.length > 0) await markOnly(screen, hosts);
  await screen.press('enter');
  await sees(/› 1 of \d/);
}

/** Marks the lines that begin so, and no others. */
async function markOnly(screen: DemoScreen['screen'], lines: readonly string[]): Promise<void> {
  await screen.press('a');
  if (!screen.text().includes(' 0 marked')) await screen.press('a');
  for (const line of lines) {
    await screen.press('g');
    for (let left = 30; !screen.selected().includes(line); left -= 1) {
      assert.ok(left > 0, `${line} is not among\n${screen.text()}`);
      await screen.press('down');
    }
    await screen.press('space');
  }
  assert.ok(screen.text().includes(` ${lines.length} marked`), screen.text());
}

/** Types over what stands in the field. */
async function give(screen: DemoScreen['screen'], text: string): Promise<void> {
  await screen.press('ctrl-u');
  await screen.type(text);
  await screen.press('enter');
}

/** Agrees to the plan in front, and waits until all its steps were seen to be done. */
async function apply({ screen, sees }: DemoScreen): Promise<void> {
  await sees(/› review/);
  await screen.press('F8');
  assert.match(screen.text(), /▌ +No, change nothing/);
  await screen.press('down', 'enter');
  await sees(/› finished|› failed/, 60_000);
  assert.match(screen.text(), /› finished +▕█+▏ (\d+) of \1 /);
  assert.match(screen.text(), /Finished: run \S+\. The hosts show it\./);
}

test('by keys alone: two bare hosts get LizardFS, a master and its shadow, the name and a mount', async (t) => {
  const console = await opened(t, 'bare-lizardfs');
  const { screen, sees } = console;
  await begin(console, 'install', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /What is to be installed\?[^]*▌ \(x\) LizardFS/);
  await screen.press('enter', 'enter');
  // Nothing is marked yet, and that is said here and not after all other questions.
  assert.match(screen.text(), /What is to be on which host\?[^]*nothing is marked/);
  assert.match(screen.text(), /xs-1 +master +holds metadata, as master or as shadow/);
  await screen.press('space', 'down', 'space', 'down', 'space');
  await screen.press(...Array<string>(4).fill('down'), 'space', 'down', 'space', 'down', 'space');
  assert.match(screen.text(), / 6 marked/);
  await screen.press('enter', 'down', 'enter');
  assert.match(screen.text(), /Where is the repo file\?[^]*› http:\/\/packages\.lizardfs\.com/);
  await screen.press('enter', 'enter');
  await apply(console);
  assert.match(screen.text(), /Next: the master and its shadows/);

  // From the end of one run to the next wizard.
  await begin(console, 'master and shadows', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /Which host is the master\?[^]*▌ \(x\) xs-1 +new/);
  await screen.press('enter');
  assert.match(screen.text(), /Which hosts are shadows\?[^]*▌\[x\] +xs-2 +new/);
  await screen.press('enter', 'enter');
  assert.match(screen.text(), /▌ \(x\) one is made at random/);
  await screen.press('enter');
  assert.match(screen.text(), /Who may mount what\?[^]*▌1 +\* +\/ +rw,alldirs,maproot=0/);
  await screen.press('n', 'ctrl-u');
  await screen.type('10.2.999');
  await screen.press('enter', 'enter', 'enter');
  // What does not fit is said of the row as soon as it is made, and the row stays marked.
  assert.match(screen.text(), /3 exports +▲ 1 answer[^]*▌ ▲ +10\.2\.999[^]*\n {6}.*10\.2\.999/);
  await screen.press('d', 'enter', 'enter');
  await sees(/› review/);
  await screen.press('d');
  assert.match(screen.text(), /\+ADMIN_PASSWORD = <<secret:admin-password>>/);
  await apply(console);

  await begin(console, 'name and firewall', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /MFSMASTER +FIREWALL[^]*xs-1 +XenServer .* no entry/);
  await screen.press('enter');
  assert.match(screen.text(), /By which name[^]*› mfsmaster▏/);
  await screen.press('enter');
  assert.match(screen.text(), /Which address does it have\?[^]*› 10\.20\.0\.11▏/);
  await screen.press('enter', 'enter');
  assert.match(screen.text(), /What do they serve\?[^]*\[x\] +xs-1 +master +9419 9420 9421 +runs/);
  await screen.press('enter');
  assert.match(screen.text(), /For whom are they opened\?/);
  await screen.press('enter');
  await apply(console);
  assert.match(screen.text(), /✓ .*see that mfsmaster is found/);

  await begin(console, 'lizardfs.mount', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /Which hosts mount it\?[^]*▌\[x\] +xs-1 +mfsmount/);
  await screen.press('enter');
  await give(screen, '/mnt/second');
  assert.match(screen.text(), /By which name or address[^]*› mfsmaster▏/);
  await screen.press('enter');
  assert.match(screen.text(), /What mounts it after a restart\?[^]*▌ \(x\) fstab/);
  await screen.press('enter');
  await give(screen, 'images');
  // No administration tool is installed that could list the goals.
  assert.match(screen.text(), /Which goal does the folder have\?[^]*› 2▏/);
  await screen.press('enter', 'enter');
  await apply(console);
  assert.match(screen.text(), /✓ .*read the test file/);
});

test('by keys alone: a storage repository, and what mounts it at boot', async (t) => {
  const console = await opened(t, 'calm');
  const { screen, sees } = console;
  await begin(console, 'storage repository in', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /In which pool\?[^]*▌ \(x\) main +2 hosts +master xs-1/);
  await screen.press('enter', 'enter');
  assert.match(screen.text(), /In which folder\?[^]*› \/mnt\/lizardfs\/xen-sr▏/);
  await screen.press('ctrl-u', 'enter');
  // A folder that cannot be one is said at its question.
  assert.match(screen.text(), /In which folder\?\n(?: .*\n)* ▲ /);
  await give(screen, '/mnt/lizardfs/xen-sr');
  await give(screen, 'Images');
  await screen.press('enter');
  await apply(console);
  assert.match(screen.text(), /Next: the boot hook/);

  await begin(console, 'boot hook', ['xs-1', 'xs-2']);
  assert.match(screen.text(), /Which repository\?[^]*▌ \(x\) Images +pool main +hook: none/);
  await screen.press('enter');
  assert.match(screen.text(), /▌ \(x\) a systemd unit[^]*\( \) FileSR\.py/);
  await screen.press('enter', 'enter');
  await sees(/› review/);
  await screen.press('d');
  assert.match(screen.text(), /\+#!\/bin\/sh/);
  await apply(console);
  await screen.press('escape', 'J');
  await sees(/Boot hook of Images.* finished +8 of 8[^]*Storage repository.* finished +6 of 6/);
});

test('by keys alone at 160 columns: what is taken back counts what was done', async (t) => {
  const console = await opened(t, 'bare-lizardfs', { columns: 160, rows: 50 });
  const { screen, sees } = console;
  await begin(console, 'install', ['lfs-3']);
  await screen.press('enter');
  assert.match(screen.text(), /HOST +ROLE +FOR +PACKAGE +SYSTEM/);
  await screen.press('space', 'enter', 'enter');
  await apply(console);
  assert.match(screen.text(), /install with apt-get +lizardfs-client/);
  await screen.press('u', 'down', 'enter');
  await sees(/› taken back +▕█+▏ 1 of 1 /, 60_000);
  assert.match(screen.text(), /Taken back: run \S+\./);
});
