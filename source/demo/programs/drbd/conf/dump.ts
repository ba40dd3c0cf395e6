import type { ConfResource, OnHost } from './resource.js';

/** `drbdadm dump R`: the resource's configuration in drbdadm's own form. */
export function dumped(conf: ConfResource, machine: string): string {
  const lines = [
    `# resource ${conf.name} on ${machine}: not ignored, not stacked`,
    `# defined at /etc/${conf.file.replace(/^\/etc\//, '')}:${conf.line}`,
    `resource ${conf.name} {`,
    ...conf.hosts.flatMap(hostLines),
    ...conf.sections.flatMap(({ name, options }) => [
      `    ${name} {`,
      ...options.map(
        ([key, value]) => `        ${padded(key, 16)} ${quoted(key, value).padStart(3)};`,
      ),
      '    }',
    ]),
    '}',
  ];
  return `${lines.join('\n')}\n\n`;
}

function hostLines({ host, device, minor, disk, metadata, address, port, numbered }: OnHost) {
  const inner = numbered ? '            ' : '        ';
  const width = numbered ? 12 : 16;
  const volume = [
    `${inner}${padded('device', width)} ${device} minor ${minor};`,
    `${inner}${padded('disk', width)} ${disk};`,
    `${inner}${padded('meta-disk', width)} ${metadata};`,
  ];
  return [
    `    on ${host} {`,
    ...(numbered ? ['        volume 0 {', ...volume, '        }'] : volume),
    `        ${padded('address', 16)} ipv4 ${address}:${port};`,
    '    }',
  ];
}

function padded(key: string, width: number): string {
  return key.padEnd(width);
}

/** Words that are no plain ones stand in quotes; a secret always does. */
function quoted(key: string, value: string): string {
  return key === 'shared-secret' || !/^[\w.:/+-]*$/.test(value) ? `"${value}"` : value;
}
