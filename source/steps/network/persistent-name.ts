import { joinLines, splitLines } from '../../files/lines.js';
import { iniValue, parseIni } from '../../files/ini.js';
import type { Network, Nic } from './look.js';
import { fileEdit, NOTHING, type Making, type Part } from './part.js';

const RULES = '/etc/udev/rules.d/70-persistent-net.rules';

/** Why a name is no good for an interface; undefined: it is. */
export function nameFault(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(name)) {
    return `${JSON.stringify(name)} is no name for an interface: a letter, then up to 14 letters, digits, - or _`;
  }
  // The kernel gives these in the order in which it finds the cards, so they may be taken already.
  return /^(?:eth|wlan)\d+$/.test(name)
    ? `${name} is a name that the kernel gives by itself: after a boot another card may have it`
    : undefined;
}

/**
 * The steps that give a card its name at every boot: a `.link` file (systemd.link(5)) where udev reads
 * those, and a rule of the persistent names where it is older.
 */
export function persistentName(network: Network, nic: Nic, name: string): Part {
  const fault = nameFault(name);
  if (fault !== undefined) return { refused: fault };
  if (!nic.ownMac) {
    return { refused: `the address of ${nic.name} was set by somebody: it tells no card apart` };
  }
  const taken = network.nics.find((one) => one !== nic && one.name === name);
  if (taken) return { refused: `another card is called ${name} (${taken.mac})` };
  return network.udev === undefined ? byRule(network, nic, name) : byLink(network, nic, name);
}

function byLink(network: Network, { mac }: Nic, name: string): Part {
  const path = `/etc/systemd/network/10-${name}.link`;
  for (const [other, text] of network.texts) {
    if (!other.endsWith('.link') || other === path) continue;
    const file = parseIni(text);
    const macs = `${iniValue(file, 'Match', 'MACAddress') ?? ''} ${iniValue(file, 'Match', 'PermanentMACAddress') ?? ''}`;
    if (macs.toLowerCase().includes(mac)) {
      return linkName(text) === name
        ? NOTHING
        : { refused: `${other} names the card with ${mac} already` };
    }
    if (linkName(text) === name) return { refused: `${other} gives ${name} to another card` };
  }
  // PermanentMACAddress is of systemd 245; a bond gives its address to its parts, so it is better there.
  const key = (network.udev ?? 0) >= 245 ? 'PermanentMACAddress' : 'MACAddress';
  const text = ['[Match]', `${key}=${mac}`, '', '[Link]', `Name=${name}`, ''].join('\n');
  const remake = remakeInitramfs(network);
  const edit = fileEdit(network.texts, path, text, { ...(remake && { afterUndo: remake }) });
  if (edit.length === 0) return NOTHING;
  return { steps: [...edit, ...inInitramfs(network, `10-${name}.link`)], warnings: [] };
}

function linkName(text: string): string | undefined {
  return iniValue(parseIni(text), 'Link', 'Name');
}

/**
 * udev names cards as early as in the initramfs, from the files that lie in there; Debian's tools take
 * the `.link` files along.
 */
function inInitramfs(network: Network, file: string): readonly Making[] {
  const { initramfs } = network;
  const remake = remakeInitramfs(network);
  if (initramfs === undefined || remake === undefined) return [];
  const look = 'lsinitramfs "$1" | grep -qF "/network/$2" && echo there';
  return [
    {
      kind: 'command.run',
      params: {
        title: 'take the name into the initramfs',
        on: initramfs,
        argv: [...remake],
        effect: 'changes',
        shows: { argv: ['sh', '-c', look, 'sh', initramfs, file], expect: 'there' },
      },
    },
  ];
}

function remakeInitramfs({ initramfs }: Network): readonly string[] | undefined {
  if (initramfs === undefined) return undefined;
  return ['update-initramfs', '-u', '-k', initramfs.replace(/^.*initrd\.img-/, '')];
}

function byRule(network: Network, { mac }: Nic, name: string): Part {
  const { lines } = splitLines(network.texts.get(RULES) ?? '');
  const given = lines.filter((line) => !/^\s*#/.test(line));
  if (given.some((line) => ruleName(line) === name && ruleMac(line) !== mac)) {
    return { refused: `${RULES} gives ${name} to another card` };
  }
  const rule = `SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="${mac}", ATTR{dev_id}=="0x0", ATTR{type}=="1", NAME="${name}"`;
  const there = given.some((line) => ruleMac(line) === mac);
  const made = there
    ? lines.map((line) =>
        ruleMac(line) === mac && !/^\s*#/.test(line)
          ? line.replace(/NAME="[^"]*"/, `NAME="${name}"`)
          : line,
      )
    : [...lines, rule];
  return {
    steps: fileEdit(network.texts, RULES, joinLines({ lines: made, endsWithNewline: true })),
    warnings: [],
  };
}

function ruleMac(line: string): string | undefined {
  return /ATTR\{address\}=="([^"]+)"/.exec(line)?.[1]?.toLowerCase();
}

function ruleName(line: string): string | undefined {
  return /\bNAME="([^"]*)"/.exec(line)?.[1];
}
