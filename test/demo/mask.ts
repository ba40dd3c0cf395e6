/** Names of the lab's machines, disks and daemons and of the demo's, each pair as one. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:fiori|kvm-1)\b/g, 'HOST1'],
  [/\b(?:torchio|kvm-2)\b/g, 'HOST2'],
  [/\b(?:stor|ceph-)(\d)\b/g, 'STOR$1'],
  [/\b(?:vm|xs-\d|lfs-3)\b/g, 'SERVER'],
  [/\biqn\.[\w.:-]+/g, 'IQN'],
  [/\/dev\/(?:vd|sd)[a-z]\b/g, 'DISK'],
  [/\/(?:srv\/lab\/lizard|mnt)\/\S+/g, 'PATH'],
  [/\b(?:dados|data|backup)\b/g, 'MAP'],
  [/\b(?:LAB,DISCO|LIO-ORG,san-b)\b/g, 'PRODUCT'],
  [/\bsd[a-z]\b/g, 'sdX'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UUID'],
  [/\b[0-9A-F]{16}\b/g, 'GENERATION'],
  [/\b3600[0-9a-f]{29}\b/g, 'WWID'],
  [/\b7f[0-9a-f]{10}\b/g, 'THREAD'],
  [/\bMAPbase\b/g, 'database'],
  [/quorum [\w,-]+/g, 'quorum NAMES'],
  [/mgr: [\w-]+\(/g, 'mgr: NAME('],
  [/Iface Name: \S+/g, 'Iface Name: NAME'],
  [/\b(?:hdd|ssd|_)$/gm, 'LABEL'],
  [/label: \S+/g, 'label: LABEL'],
  [/\{[_ ]+\}|\{(?:ssd|hdd|_)(?: (?:ssd|hdd|_))*\}/g, '{LABELS}'],
  [/\$(?:std|xor2|ec\(2,1\)) /g, '$KIND '],
  [/(?:fast_and_safe|two_labels|default_xor2|ec21)/g, '0'],
  [/objects: [\d.]+k? objects/g, 'objects: 0 objects'],
  [/next_check[^\n]*/g, 'next_check'],
  [/X[X.]{9} \d+\/\d+/g, 'CHECK'],
  [/\[=*>\.*\]/g, '[BAR]'],
  [/^\[ *\d+\.\d+\]/gm, '[0]'],
  [/\bpg \d+\.[0-9a-f]+/g, 'pg 0'],
  [/epoch: e\d+/g, 'epoch: e0'],
  [/\bscsi\d+/g, 'scsi0'],
  [/^(?:LAB|LIO-ORG|DISCO|san-b)$/g, 'PRODUCT'],
  [/^(?:a|STOR\d)$/g, 'NAME'],
  [/\b[\d.]+k\b/g, '0'],
];

const NUMBERS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.+]+/g, 'TIME'],
  [/-?\d[\d,.]* ?(?:B|KiB|MiB|GiB|TiB)\b/g, 'SIZE'],
  [/size=[\d.]+[MGT]/g, 'size=SIZE'],
  [/\b\d+[smhdw]\b/g, 'AGE'],
  [/(?<![A-Za-z_])-?\d[\d,.:]*/g, '0'],
  [/0(?:\/0)+\)[KM]/g, '0/0)UNIT'],
];

/** A text without what differs from one system to another; equal neighbours become one line. */
export function masked(text: string): string {
  const lines = text.split('\n').map((line) => {
    const named = NAMES.reduce((now, [pattern, word]) => now.replace(pattern, word), line);
    const bare = NUMBERS.reduce((now, [pattern, word]) => now.replace(pattern, word), named);
    return bare
      .replace(/[|`]- /g, '- ')
      .replace(/(\S) +/g, '$1 ')
      .replace(/0(?:,0)+/g, '0')
      .replace(/ $/, '')
      .replace(/(\t-|\t0)(?=\t|$)/g, '\t0');
  });
  return withoutRepeats(lines).join('\n');
}

/** Blocks of up to thirty lines that follow each other unchanged are kept once. */
function withoutRepeats(lines: readonly string[]): readonly string[] {
  let kept = [...lines];
  for (let size = 1; size <= 60; size += 1) {
    const next: string[] = [];
    for (const line of kept) {
      next.push(line);
      const last = next.slice(-size);
      const before = next.slice(-2 * size, -size);
      if (before.length === size && last.every((one, index) => one === before[index])) {
        next.splice(-size, size);
      }
    }
    kept = next;
  }
  return kept;
}

/** The keys and types of a JSON value; a list is the set of the shapes in it. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shapes = value.map((one) => JSON.stringify(shapeOf(one)));
    return [...new Set(shapes)].sort();
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [masked(key), shapeOf(one)]),
    );
  }
  if (typeof value === 'string') return masked(value);
  return value === null ? 'null' : typeof value;
}
