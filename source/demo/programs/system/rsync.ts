import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** `rsync -aHAXSx … [-n -i] SOURCE/ TARGET/`: files and folders; what is alike stays. */
export async function rsync(call: Call): Promise<Ran> {
  const { flags, words } = readArguments(call.args);
  const [from = '', to = ''] = words.map((word) => word.replace(/\/$/, ''));
  const { files } = call;
  if (!files || !(await files.isFolder(from))) {
    return failed(
      23,
      `rsync: [sender] change_dir "${from}" failed: No such file or directory (2)\nrsync error: some files/attrs were not transferred (code 23)\n`,
    );
  }
  const isTrial = [...flags].some((flag) => /^-[a-zA-Z]*n/.test(flag) || flag === '--dry-run');
  const changed: string[] = [];
  let bytes = 0;
  const copy = async (below: string): Promise<void> => {
    for (const name of await files.list(`${from}${below}`)) {
      const path = `${below}/${name}`;
      if (path === '/lost+found') continue;
      if (await files.isFolder(`${from}${path}`)) {
        await copy(path);
        continue;
      }
      const text = (await files.read(`${from}${path}`)) ?? '';
      if ((await files.read(`${to}${path}`)) === text) continue;
      changed.push(path.slice(1));
      bytes += Buffer.byteLength(text);
      if (!isTrial) await files.write(`${to}${path}`, text);
    }
  };
  await copy('');
  if (isTrial) return printed(changed.map((path) => `>f+++++++++ ${path}\n`).join(''));
  const amount = bytes.toLocaleString('en-US').padStart(14);
  return printed(
    `\r${amount} 100%  112.34MB/s    0:00:00 (xfr#${changed.length}, to-chk=0/${changed.length})\n`,
  );
}
