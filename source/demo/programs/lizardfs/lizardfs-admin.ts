import { hasAddress } from '../../fleet/nics.js';
import { masterAt, metadataServerOn, versionOf } from '../../fleet/metadata-servers.js';
import type { Fleet, Machine } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';
import { administer, ADMINISTRATION } from './administration.js';
import { addressOf } from './config.js';
import { PORCELAIN } from './porcelain.js';
import { everyCommand, HELP, unknownCommand, wrongUsage } from './usage.js';
import { statusWords, WORDS } from './words.js';

/** Simulates lizardfs-admin. Every failure ends with 1, as its own do. */
export function lizardfsAdmin(call: Call): Ran | Promise<Ran> {
  const [command, ...rest] = call.args;
  if (command === undefined) return failed(1, everyCommand('No command name provided'));
  if (command === 'help') return failed(1, everyCommand(unknownCommand('').split('\n')[0] ?? ''));
  const help = HELP[command];
  if (!help) return failed(1, unknownCommand(command));
  const { flags, values, words } = readArguments(rest);
  const known = help.options.map(([name]) => name.replace(/=$/, ''));
  const strange = [...flags, ...values.keys()].find((option) => !known.includes(option));
  if (strange !== undefined) {
    const why = `Wrong usage of ${command}; Unexpected option ${strange}`;
    return failed(1, wrongUsage(command, why));
  }
  const [host, port] = words;
  if (host === undefined || port === undefined) {
    const why = `Expected <master ip> and <master port> for ${command}`;
    return failed(1, wrongUsage(command, why));
  }
  return ask(call, command, flags, host, port);
}

async function ask(
  call: Call,
  command: string,
  flags: ReadonlySet<string>,
  host: string,
  port: string,
): Promise<Ran> {
  const { fleet } = call;
  const address = await addressOf(call, host);
  const found = fleet.machines.find((one) => address !== undefined && hasAddress(one, address));
  if (!found || !/^\d+$/.test(port)) {
    return failed(1, "Error: Can't connect to 0.0.0.0: Transport endpoint is not connected\n");
  }
  const answers = listener(fleet, found, Number(port));
  const porcelain = flags.has('--porcelain');
  switch (answers) {
    case 'nobody': {
      const place = `${host === 'mfsmaster' ? found.address : host}:${port}`;
      return failed(1, `Error: Can't connect to ${place}: Transport endpoint is not connected\n`);
    }
    case 'other':
      return failed(1, "Error: Can't read data from socket: connection reset by peer\n");
    case 'master':
    case 'shadow': {
      if (command === 'metadataserver-status') return printed(status(fleet, found, porcelain));
      if (ADMINISTRATION.has(command)) return administer(call, command);
      if (answers === 'shadow') {
        return failed(1, "Error: Can't read data from socket: connection reset by peer\n");
      }
      const query = (porcelain ? PORCELAIN : WORDS)[command];
      return printed(query?.(fleet, flags) ?? '');
    }
  }
}

/** How a metadata server stands, as it says itself. */
function status(fleet: Fleet, machine: Machine, porcelain: boolean): string {
  const server = metadataServerOn(fleet, machine.name);
  if (!server) return '';
  const { personality, follows } = server;
  const shadow = masterAt(fleet, follows) ? 'connected' : 'disconnected';
  const state = personality === 'master' ? 'running' : shadow;
  const version = versionOf(fleet, server);
  return porcelain
    ? `${personality}\t${state}\t${version}\n`
    : statusWords(personality, state, version);
}

/** Who listens at a port of a machine. */
function listener(
  fleet: Fleet,
  machine: Machine,
  port: number,
): 'master' | 'shadow' | 'other' | 'nobody' {
  const { metadataServers, chunkservers } = fleet.lizardfs;
  if (machine.reach !== 'up') return 'nobody';
  const server = metadataServers.find((one) => one.machine === machine.name && one.running);
  if (port === 9421) return server?.personality ?? 'nobody';
  if (port === 9419 || port === 9420) return server?.personality === 'master' ? 'other' : 'nobody';
  const chunks = chunkservers.find((one) => one.machine === machine.name && one.running);
  return port === 9422 && chunks ? 'other' : 'nobody';
}

/** The machine that a name or an address means where no file says otherwise. */
export function resolve(fleet: Fleet, here: Machine, host: string): Machine | undefined {
  if (host === '127.0.0.1' || host === 'localhost') return here;
  // Nobody has told hosts on which nothing is installed what that name means.
  const calm = fleet.machines.find(({ name, kind }) => name === 'xs-1' && kind === 'xenserver');
  if (host === 'mfsmaster') return calm;
  return fleet.machines.find(({ name, address }) => name === host || address === host);
}
