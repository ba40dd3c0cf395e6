import type { Steps } from '../../../../core/plan-steps.js';
import type { KnownHost } from './evidence.js';
import type { Candidate } from './judge.js';

/** Whether the host has an address, in one word. */
const HAS = 'ip -o -4 addr show | grep -qF " $1/" && echo here || echo away';

/** Neighbours that remember the old place are told at once (arping, as uraft's own helper does it). */
const TAKE =
  'ip -f inet addr add "$1/$2" dev "$3" && { arping -q -U -c 5 -w 1 -I "${3%%:*}" "$1" || true; }';

/** The floating address is taken from whoever has it, and given to the new master. */
export function floatingSteps(
  steps: Steps,
  { host }: Candidate,
  hosts: readonly KnownHost[],
  after: string,
): void {
  const { uraft, personality } = host;
  if (personality !== 'ha-cluster-managed' || uraft?.address === undefined) return;
  const { address, netmask = '32', device = '' } = uraft;
  const holders = hosts.filter((one) => one !== host && one.addresses.includes(address));
  const dropped = holders.map((one) => {
    const place = [address, one.uraft?.netmask ?? netmask, one.uraft?.device ?? device];
    const argv = ['sh', '-c', 'ip -f inet addr delete "$1/$2" dev "$3"', 'sh', ...place];
    const shows = { argv: ['sh', '-c', HAS, 'sh', address], expect: 'away' };
    const title = 'take the floating address away';
    steps.add(one.name, 'command.run', { title, on: address, argv, effect: 'changes', shows }, [
      after,
    ]);
    return steps.list.at(-1)?.id ?? after;
  });
  steps.add(
    host.name,
    'command.run',
    {
      title: 'give it the floating address',
      on: address,
      argv: ['sh', '-c', TAKE, 'sh', address, netmask, device],
      effect: 'changes',
      shows: { argv: ['sh', '-c', HAS, 'sh', address], expect: 'here' },
    },
    [after, ...dropped],
  );
}
