import { failed, type Ran } from '../program.js';

/** The English sentence of an error that the tool knows, and the names of its parameters (xen-api, datamodel). */
const KNOWN: Readonly<Record<string, readonly [sentence: string, ...params: string[]]>> = {
  SR_UUID_EXISTS: ['An SR with that uuid already exists.', 'uuid'],
  PBD_EXISTS: ['A PBD already exists connecting the SR to the host', 'sr', 'host', 'pbd'],
  SR_HAS_PBD: [
    'The SR is still connected to a host via a PBD. It cannot be destroyed or forgotten.',
    'sr',
  ],
  OPERATION_NOT_ALLOWED: ['You attempted an operation that was not allowed.', 'reason'],
  UUID_INVALID: ['The uuid you supplied was invalid.', 'type', 'uuid'],
  VDI_IN_USE: [
    'This operation cannot be performed because this VDI is in use by some other operation',
    'vdi',
    'operation',
  ],
};

/**
 * An error as `xe` prints it, in the first of its two shapes where it has words for it. Values that
 * are missing or too many are told as well (xen-api, cli_util, get_server_error).
 */
export function xeError(code: string, ...values: readonly string[]): Ran {
  const known = KNOWN[code];
  if (!known) {
    return failed(1, `Error code: ${code}\nError parameters: ${values.join(', ')}\n`);
  }
  const [sentence, ...params] = known;
  const lines = params.map((param, index) => `${param}: ${values[index] ?? '<unknown>'}\n`);
  const extra = values.slice(params.length).map((value) => `<extra>: ${value}\n`);
  return failed(1, `${sentence}\n${[...lines, ...extra].join('')}`);
}

/** An object in an error: its UUID, and its name where it has one. */
export function named(uuid: string, name: string | undefined): string {
  return name === undefined ? uuid : `${uuid} (${name})`;
}

/** A parameter that the command cannot do without. */
export function requiredParameter(command: string, name: string): Ran {
  return failed(1, `Required parameter not found: ${name}\nFor usage run: 'xe help ${command}'\n`);
}
