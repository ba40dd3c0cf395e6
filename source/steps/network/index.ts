export { lookAtNetwork, networkCommand, parseNetwork } from './look.js';
export type { Keeper, Network, Nic } from './look.js';
export { keptAddress } from './kept-address.js';
export { nameFault, persistentName } from './persistent-name.js';
export { addAddressNow, renameNow, seePeers } from './running.js';
export { fileEdit } from './part.js';
export type { Making, Part } from './part.js';
