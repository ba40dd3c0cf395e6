import type { Finding } from '../../../core/finding.js';
import { hostNode } from '../../../core/graph.js';
import { clean, listed } from '../../../core/text.js';
import { guestNode, networkNode } from '../graph.js';
import type { Guest, Network } from '../read/state.js';
import { subjectOf, type HostView } from '../view.js';
import { finding, shellWord } from './make.js';

/** libvirt's daemon does not answer, though guests run or it is to be started at boot. */
export function daemonFindings(view: HostView): readonly Finding[] {
  const { daemon } = view.report;
  if (daemon.answers || (daemon.running.length === 0 && !daemon.wanted)) return [];
  const guests = daemon.running.map(clean);
  const runs =
    guests.length > 0 ? ` ${listed(guests)} still ${guests.length === 1 ? 'runs' : 'run'}.` : '';
  return [
    finding(view, {
      code: 'LIBVIRT_NOT_RUNNING',
      severity: guests.length > 0 ? 'warning' : 'alert',
      title: 'libvirt does not answer',
      subject: view.host,
      says: `libvirtd on ${view.host} does not answer: ${clean(daemon.because)}.${runs}`,
      means:
        guests.length > 0
          ? 'Guests run on by themselves, but nothing can start, stop or move them, and none starts again.'
          : 'No guest of this host can be started, and those that are to start at boot have not.',
      todo: 'systemctl start libvirtd, and look into journalctl -u libvirtd. Guests that run are not touched by it.',
      about: [hostNode(view.host)],
      proof: ['error: ', 'running ', 'wanted '],
    }),
  ];
}

/** A guest that libvirt or QEMU has stopped because its disk failed. */
export function guestFindings(view: HostView, guest: Guest): readonly Finding[] {
  const halted = guest.state === 'paused' && /i\/o error/i.test(guest.reason);
  if (!halted && guest.diskErrors.length === 0) return [];
  const [name, word] = [clean(guest.name), shellWord(guest.name)];
  const errors = guest.diskErrors.map(clean);
  const full = errors.some((error) => error.includes('no space'));
  return [
    finding(view, {
      code: 'LIBVIRT_GUEST_IO_ERROR',
      severity: 'alert',
      title: halted ? 'guest paused for an I/O error' : 'guest has a disk error',
      subject: subjectOf(view, guest.name),
      says: `${name} on ${view.host} is ${clean(guest.state)}${halted ? ' for an I/O error' : ''}${errors.length > 0 ? `: ${listed(errors)}` : ''}.`,
      means: halted
        ? 'QEMU stopped it so that it does not see the error; nothing is lost if its storage comes back.'
        : 'A write or read of its disk failed; the guest may have its file system read-only.',
      todo: `${full ? 'Make room where its disk lies' : 'Mend the storage beneath its disk'}${halted ? `, then: virsh resume ${word}` : '.'}`,
      about: [guestNode(view.host, guest)],
      proof: [guest.name, ...guest.diskErrors, 'I/O error'],
    }),
  ];
}

/** A network that guests are on, or that is to be started at boot, and is not there. */
export function networkFindings(view: HostView, network: Network): readonly Finding[] {
  const guests = view.report.guests
    .filter(({ networks }) => networks.includes(network.name))
    .map(({ name }) => clean(name));
  if (network.active || (guests.length === 0 && !network.autostart)) return [];
  const [name, word] = [clean(network.name), shellWord(network.name)];
  return [
    finding(view, {
      code: 'LIBVIRT_NETWORK_INACTIVE',
      severity: 'warning',
      title: 'virtual network inactive',
      subject: subjectOf(view, network.name),
      says: `The network ${name} on ${view.host} is not active.${guests.length > 0 ? ` On it: ${listed(guests)}.` : ''}`,
      means: 'A guest on it cannot start, and one that runs reaches nothing through it.',
      todo: `virsh net-start ${word}${network.autostart ? '' : `, and virsh net-autostart ${word} to have it at boot`}`,
      about: [networkNode(view.host, network)],
      proof: [network.name],
    }),
  ];
}
