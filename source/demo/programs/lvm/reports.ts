import { groupRoom, groupsOf, lvmUuid, physicalOf, roomOf, type Group } from '../../fleet/lvm.js';
import type { Machine } from '../../fleet/state.js';
import { snapshotFields } from './snapshot.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** A field's value: a number is a size in bytes. */
type Row = Readonly<Record<string, string | number>>;

const VALUED = new Set(['--config', '--units', '-o', '--options', '--separator']);

const TITLES: Readonly<Record<string, string>> = {
  lv_attr: 'Attr',
  lv_name: 'LV',
  lv_size: 'LSize',
  pv_attr: 'Attr',
  pv_name: 'PV',
  pv_size: 'PSize',
  vg_free: 'VFree',
  vg_name: 'VG',
  vg_size: 'VSize',
};

/** `vgs`: a row for each physical volume only where those are asked for. */
export const vgs = report('vg_name,vg_size,vg_free', (machine, group) => {
  const { size, free } = groupRoom(machine, group);
  return physicalOf(machine).map(({ name }) => ({
    ...ofGroup(group),
    vg_size: size,
    vg_free: free,
    vg_missing_pv_count: '0',
    pv_name: `/dev/${name}`,
  }));
});

/** `pvs`. */
export const pvs = report('pv_name,vg_name,pv_attr,pv_size', (machine, group) =>
  physicalOf(machine).map((disk) => ({
    ...ofGroup(group),
    pv_name: `/dev/${disk.name}`,
    pv_attr: 'a--',
    pv_size: roomOf(disk),
    pv_uuid: lvmUuid(disk.serial ?? disk.name),
  })),
);

/** `lvs`. */
export const lvs = report('lv_name,vg_name,lv_attr,lv_size', (machine, group) =>
  group.volumes.map((volume) => ({
    ...ofGroup(group),
    ...snapshotFields(machine, group, volume),
    vg_free: groupRoom(machine, group).free,
    lv_name: volume.name,
    lv_uuid: volume.uuid,
    lv_size: volume.device.size,
    lv_tags: [...volume.tags].join(','),
    segtype: 'linear',
  })),
);

function ofGroup({ name, uuid, extent }: Group): Row {
  return { vg_name: name, vg_uuid: uuid, vg_extent_size: extent };
}

/** A program that tells rows: of all groups, or of the group or volume that is named. */
function report(
  usual: string,
  rowsOf: (machine: Machine, group: Group) => readonly Row[],
): (call: Call) => Ran {
  return ({ args, machine }) => {
    const { flags, values, words } = readArguments(args, VALUED);
    const asked = placeOf(machine, words[0]);
    const [name = '', volume] = (asked ?? '').split('/');
    const groups = groupsOf(machine).filter((group) => asked === undefined || group.name === name);
    if (asked !== undefined && groups.length === 0) {
      return failed(
        5,
        `  Volume group "${name}" not found\n  Cannot process volume group ${name}\n`,
      );
    }
    const rows = groups
      .flatMap((group) => rowsOf(machine, group))
      .filter((row) => volume === undefined || row.lv_name === volume);
    if (volume !== undefined && rows.length === 0) {
      return failed(5, `  Failed to find logical volume "${asked ?? ''}"\n`);
    }
    const fields = (values.get('-o') ?? values.get('--options') ?? usual).split(',');
    const form = {
      prefixed: flags.has('--nameprefixes'),
      inBytes: values.get('--units') === 'b',
      suffixed: !flags.has('--nosuffix'),
      separator: values.get('--separator') ?? ' ',
    };
    const head = fields.map((field) => TITLES[field] ?? field).join(form.separator);
    const lines = new Set(rows.map((row) => lineOf(row, fields, form)));
    return printed(
      [...(flags.has('--noheadings') ? [] : [head]), ...lines].map((one) => `  ${one}\n`).join(''),
    );
  };
}

/** A device stands for its volume; where it is none, no group has that name. */
function placeOf(machine: Machine, asked: string | undefined): string | undefined {
  if (asked?.startsWith('/dev/') !== true) return asked;
  for (const { name, volumes } of groupsOf(machine)) {
    const volume = volumes.find(({ device }) => `/dev/${device.name}` === asked);
    if (volume) return `${name}/${volume.name}`;
  }
  return asked.slice('/dev/'.length);
}

interface Form {
  readonly prefixed: boolean;
  readonly inBytes: boolean;
  readonly suffixed: boolean;
  readonly separator: string;
}

function lineOf(row: Row, fields: readonly string[], form: Form): string {
  const cells = fields.map((field) => {
    const value = row[field] ?? '';
    const shown = typeof value === 'number' ? sizeWords(value, form) : value;
    return form.prefixed ? `LVM2_${field.toUpperCase()}='${shown}'` : shown;
  });
  return cells.join(form.separator);
}

function sizeWords(size: number, { inBytes, suffixed }: Form): string {
  const suffix = inBytes ? 'B' : 'g';
  return `${inBytes ? size : (size / 2 ** 30).toFixed(2)}${suffixed ? suffix : ''}`;
}
