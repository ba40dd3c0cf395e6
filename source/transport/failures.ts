import type { Failure } from '../core/failure.js';
import type { HostName, Millis } from '../core/host.js';
import { clean, listed } from '../core/text.js';
import { duration } from '../core/units.js';

/** An attempt that brought no connection. */
export interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
  /** Trying again by itself is of no use. */
  readonly final: boolean;
  /** It may well work at once: a server that was too busy to greet. */
  readonly again?: boolean;
}

/** A failure that may be gone at the next try. */
export function passing(failure: Failure): Refusal {
  return { ok: false, failure, final: false };
}

/** A failure that a person has to do something about. */
export function lasting(failure: Failure): Refusal {
  return { ok: false, failure, final: true };
}

/** Somebody stopped the attempt. */
export function stopped(where: HostName): Refusal {
  return passing({ what: 'stopped', where, means: 'The attempt was ended from here.', todo: '' });
}

/** Where a stream was to lead. */
export interface Goal {
  readonly host: HostName;
  readonly address: string;
  readonly port: number;
}

const at = ({ address, port }: Goal) => (port === 22 ? address : `${address} port ${port}`);

/** A name that no address was found for. @param code of Node's dns.lookup */
export function unresolved(goal: Goal, code: string): Refusal {
  const unsure = code !== 'ENOTFOUND';
  return passing({
    what: `the name ${goal.address} has no address`,
    where: goal.host,
    means: unsure
      ? `The resolver of this machine gave no answer (${code}); it may be out of reach itself.`
      : 'The resolver of this machine does not know it.',
    todo: `Try \`getent hosts ${goal.address}\` here; give the host's IP address in the cluster file.`,
  });
}

/** A stream that could not be opened. @param code an errno name */
export function notConnected(goal: Goal, code: string, patience: Millis): Refusal {
  const where = goal.host;
  switch (code) {
    case 'ECONNREFUSED':
      return passing({
        what: `connection refused by ${at(goal)}`,
        where,
        means: 'The host is up, and nothing listens there: sshd is stopped, or on another port.',
        todo: 'On its console: `systemctl status ssh sshd`; or set the right port for this host.',
      });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return passing({
        what: `no route to ${at(goal)}`,
        where,
        means: 'The host is down, its network is, or a firewall turns us away.',
        todo: `Try \`ip route get ${goal.address}\` and \`ping ${goal.address}\` from here.`,
      });
    case 'ETIMEDOUT':
      return passing({
        what: `no answer from ${at(goal)} in ${duration(patience / 1000)}`,
        where,
        means: 'The host is down or hung, or a firewall drops what we send.',
        todo: `Try \`ping ${goal.address}\` from here, and the host's console.`,
      });
    default:
      return passing({
        what: `no connection to ${at(goal)}: ${code}`,
        where,
        means: 'The operating system of this machine refused to make it.',
        todo: 'Look at the network of this machine first.',
      });
  }
}

/** The server took the connection and then said nothing. */
export function hung(where: HostName, during: string, patience: Millis): Refusal {
  return passing({
    what: `no word from the host for ${duration(patience / 1000)} ${during}`,
    where,
    means: 'The host takes connections but does not serve them: out of memory, or its disk hangs.',
    todo: 'Look at its console; a hung root file system or swap shows there first.',
  });
}

/** The connection ended before anybody was logged in. */
export function lostEarly(where: HostName, says: string, during: string): Refusal {
  return {
    ...passing({
      what: `the connection was lost ${during}`,
      where,
      means: `${says || 'The host closed it without a reason'}. An sshd with many logins at once turns some away (MaxStartups), and so does fail2ban.`,
      todo: "Holdfast tries again by itself; if it stays so, read sshd's log on the host.",
    }),
    again: true,
  };
}

/** The two sides have no algorithm in common. */
export function noCommonGround(where: HostName, says: string): Refusal {
  return lasting({
    what: `no algorithm in common with sshd: ${says}`,
    where,
    means: 'An old sshd offers only what is refused today, or a hardened one only what is newer.',
    todo: 'For an old host: `KexAlgorithms +diffie-hellman-group14-sha1` for it in ~/.ssh/config.',
  });
}

/** How a login was refused. */
export interface Tries {
  readonly who: string;
  /** In words: `2 keys of the agent`. */
  readonly tried: readonly string[];
  /** Key files that could not be used, and why. */
  readonly notes: readonly string[];
  /** What the server would take. */
  readonly accepts: readonly string[];
}

/** Every way of logging in was refused. */
export function notLetIn(where: HostName, { who, tried, notes, accepts }: Tries): Refusal {
  const did = tried.length === 0 ? 'There was nothing to try' : `Tried: ${listed(tried, 8)}`;
  const more = notes.length === 0 ? '' : ` Not usable: ${listed(notes, 8)}.`;
  return lasting({
    what: `${who} was not let in`,
    where,
    means: `${did}. The host accepts: ${clean(listed(accepts, 8)) || 'nothing that it names'}.${more}`,
    todo: `Put your public key there with \`ssh-copy-id ${who}\`, or load it with ssh-add.`,
  });
}

/** sshd counts every key that is offered (MaxAuthTries, 6 by default). */
export function tooManyTries(where: HostName, { who, tried }: Tries): Refusal {
  return lasting({
    what: `too many authentication failures for ${who}`,
    where,
    means: `sshd ended the login after its MaxAuthTries. Tried: ${listed(tried, 8)}.`,
    todo: 'Name the right key for this host: `IdentityFile` and `IdentitiesOnly yes` in ~/.ssh/config.',
  });
}

/** A question that nobody answered. */
export function notAnswered(where: HostName, asked: string, tries: Tries): Refusal {
  const tried = tries.tried.length === 0 ? '' : ` Refused before that: ${listed(tries.tried, 8)}.`;
  return lasting({
    what: `no ${asked} was given`,
    where,
    means: `The login was given up.${tried}`,
    todo: 'Connect again and give it, or load a key with ssh-add.',
  });
}

/** An open connection that died. */
export function gone(where: HostName, says: string): Failure {
  return {
    what: `the connection is gone: ${says}`,
    where,
    means: 'The host was restarted or hangs, or the network between us is broken.',
    todo: 'Holdfast connects again by itself.',
  };
}
