import type { Fleet, Machine, Resource } from '../../fleet/state.js';

/** `drbdadm dump R`: the resource's configuration as drbdadm prints it. */
export function resourceConfig(fleet: Fleet, machine: Machine, resource: Resource): string {
  const lines = [
    `# resource ${resource.name} on ${machine.name}: not ignored, not stacked`,
    `# defined at /etc/drbd.d/${resource.name}.res:1`,
    `resource ${resource.name} {`,
    ...hosts(fleet, resource, 'ipv4 '),
    '    net {',
    '        protocol           C;',
    ...(resource.twoPrimaries ? ['        allow-two-primaries yes;'] : []),
    '        after-sb-0pri    disconnect;',
    '        after-sb-1pri    disconnect;',
    '        after-sb-2pri    disconnect;',
    '    }',
    '    disk {',
    '        on-io-error      detach;',
    '        c-plan-ahead       0;',
    '        resync-rate       40M;',
    '    }',
    '    startup {',
    '        wfc-timeout       15;',
    '        degr-wfc-timeout  60;',
    ...(resource.twoPrimaries ? ['        become-primary-on both;'] : []),
    '    }',
    '}',
  ];
  return `${lines.join('\n')}\n\n`;
}

/** The resource's file in /etc/drbd.d. */
export function resourceFile(fleet: Fleet, resource: Resource): string {
  const two = resource.twoPrimaries ? ' allow-two-primaries yes;' : '';
  const both = resource.twoPrimaries ? ' become-primary-on both;' : '';
  const lines = [
    `resource ${resource.name} {`,
    ...hosts(fleet, resource, ''),
    `    net { protocol C;${two} after-sb-0pri disconnect; after-sb-1pri disconnect; after-sb-2pri disconnect; }`,
    '    disk { on-io-error detach; c-plan-ahead 0; resync-rate 40M; }',
    `    startup { wfc-timeout 15; degr-wfc-timeout 60;${both} }`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** `drbdsetup show`: the configuration that the kernel has; without a connection no net part. */
export function kernelConfig(
  fleet: Fleet,
  machine: Machine,
  resource: Resource,
  connected: boolean,
): string {
  const peer = resource.replicas.find((replica) => replica.machine !== machine.name);
  const address = fleet.machines.find(({ name }) => name === peer?.machine)?.address ?? '';
  const two = resource.twoPrimaries ? ['        allow-two-primaries\tyes;'] : [];
  const net = [
    ...['    net {', ...two, '    }'],
    ...['    _remote_host {', `        address\t\t\tipv4 ${address}:${resource.port};`, '    }'],
  ];
  const own = connected ? [`        address\t\t\tipv4 ${machine.address}:${resource.port};`] : [];
  const lines = [
    `resource ${resource.name} {`,
    ...['    options {', '    }'],
    ...(connected ? net : []),
    '    _this_host {',
    ...own,
    '        volume 0 {',
    `            device\t\t\tminor ${resource.minor};`,
    `            disk\t\t\t"${resource.backing}";`,
    '            meta-disk\t\t\tinternal;',
    '            disk {',
    '                resync-rate     \t40960k; # bytes/second',
    '                c-plan-ahead    \t0; # 1/10 seconds',
    ...['            }', '        }', '    }', '}'],
  ];
  return `${lines.join('\n')}\n`;
}

function hosts(fleet: Fleet, resource: Resource, family: string): string[] {
  return resource.replicas.flatMap(({ machine }) => {
    const address = fleet.machines.find(({ name }) => name === machine)?.address ?? '';
    return [
      `    on ${machine} {`,
      `        device           /dev/drbd${resource.minor} minor ${resource.minor};`,
      `        disk             ${resource.backing};`,
      '        meta-disk        internal;',
      `        address          ${family}${address}:${resource.port};`,
      '    }',
    ];
  });
}
