import { open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import { clean, listed } from '../../../../core/text.js';
import type { MountEntry } from '../../../../tools/mountinfo.js';
import { atBoot } from '../../storage.js';
import { chosenHosts, DEFAULT, hostsQuestion, type AbleHost, type KvmHost } from '../hosts.js';
import { defaultGuests } from './plan.js';

/** Where nothing of a guest is to lie: the system's own, and what lives in memory. */
const OWN = /^\/(?:boot|dev|proc|run|sys|tmp|var\/lib\/(?:docker|containers|kubelet|nfs))(?:\/|$)/;

/** The mount points that all of the hosts have, those of data first and the root last. */
export function mountsOnAll(hosts: readonly AbleHost[]): readonly MountEntry[] {
  const [first, ...others] = hosts;
  const fits = ({ point, type }: MountEntry): boolean =>
    !OWN.test(point) && type !== 'tmpfs' && /^\/[A-Za-z0-9_.:@+/-]*$/.test(point);
  const shared = (first?.report.mounts ?? []).filter(
    (mount) =>
      fits(mount) &&
      others.every(({ report }) => report.mounts.some(({ point }) => point === mount.point)),
  );
  const byPoint = new Map(shared.map((mount) => [mount.point, mount]));
  return [...byPoint.values()].sort((a, b) => Number(a.point === '/') - Number(b.point === '/'));
}

/** The questions: hosts, the pools as a table, and whether libvirt's own pool goes. */
export function questions(found: readonly KvmHost[], answers: Answers): readonly Question[] {
  const hosts = chosenHosts(found, answers.hosts);
  const mounts = mountsOnAll(hosts).map((mount) => mountChoice(mount, hosts));
  const [first] = mounts;
  const withDefault = hosts.filter(({ defaultXml }) => defaultXml !== undefined);
  const used = withDefault.flatMap((host) => defaultGuests(host));
  return [
    hostsQuestion(found, 'A guest can move between hosts that have the same pools.'),
    {
      key: 'pools',
      ask: 'Which pools?',
      explains:
        'A pool is a folder in which libvirt makes and finds images. What lies in it already is found, and nothing is deleted.',
      kind: 'table',
      row: 'pool',
      columns: [
        {
          key: 'name',
          ask: 'What is it called?',
          explains: 'One word; the same on all hosts.',
          kind: 'text',
          default: '',
          column: { title: 'NAME', min: 12, grow: 1 },
        },
        {
          key: 'mount',
          ask: 'On which file system does it lie?',
          explains: 'What is mounted on all of the hosts now.',
          kind: 'one',
          choices: mounts,
          ...(first && { default: first.value }),
          column: { title: 'ON', min: 14, grow: 2, cut: 'middle' },
        },
        {
          key: 'folder',
          ask: 'In which folder of it?',
          explains: 'It is made if it is not there. Empty: the file system as a whole.',
          kind: 'text',
          default: '',
          column: { title: 'FOLDER', min: 10, grow: 1 },
        },
        {
          key: 'autostart',
          ask: 'Start it at boot?',
          explains:
            'Only where its storage is there before libvirtd starts: else it is started on the bare folder.',
          kind: 'yes-no',
          default: false,
          column: { title: 'AT BOOT', min: 7 },
        },
      ],
      default: [],
    },
    ...(withDefault.length === 0
      ? []
      : [
          {
            key: 'dropDefault',
            ask: `Take libvirt's own pool ${DEFAULT} away?`,
            explains: `It is on ${listed(withDefault.map(({ name }) => name))}. Stopped alone it would come back; its definition goes, and what lies in its folder stays.${used.length > 0 ? ` Disks of ${clean(listed(used))} lie there and stay usable.` : ''}`,
            kind: 'yes-no' as const,
            default: false,
          },
        ]),
  ];
}

function mountChoice({ point, type, source }: MountEntry, hosts: readonly AbleHost[]): Choice {
  const late = hosts.map(({ report }) => atBoot(report, point)).find(({ there }) => !there);
  const boot = late && !late.there ? `not at boot: ${late.because}` : 'there at boot';
  return {
    value: point,
    cells: [{ text: clean(point) }, { text: clean(`${type} ${source}`) }, { text: clean(boot) }],
    gate: open,
  };
}
