export { lookAtNetwork, networkCommand, parseNetwork } from './look.js';
export type { Keeper, Network, Nic } from './look.js';
export { keptAddress } from './kept-address.js';
export { nameFault, persistentName } from './persistent-name.js';
export { addAddressNow, renameNow, seePeer } from './running.js';
export type { Making, Part } from './part.js';
