import { failed, printed, type Call, type Ran } from '../program.js';

/** `qm list`: the guests of the node. */
export function qm({ args, machine }: Call): Ran {
  if (args[0] !== 'list') return failed(255, `ERROR: unknown command 'qm ${args[0] ?? ''}'\n`);
  const head = '      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       \n';
  const rows = machine.vms.map(({ name, running }, index) => {
    const state = running ? 'running' : 'stopped';
    const pid = running ? 2000 + index : 0;
    return `       ${100 + index} ${name.padEnd(20)} ${state.padEnd(10)} 2048              32.00 ${String(pid).padEnd(10)}\n`;
  });
  return printed(head + rows.join(''));
}

/** `pct list`: there are no containers. */
export function pct({ args }: Call): Ran {
  return args[0] === 'list' ? printed('') : failed(255, 'ERROR: unknown command\n');
}

/** `pve-firewall status`: its daemon runs, and nobody has enabled it. */
export function pveFirewall({ args }: Call): Ran {
  return args[0] === 'status' ? printed('Status: disabled/running\n') : failed(255, '');
}
