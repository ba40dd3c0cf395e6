import { generations, inTouch } from '../../fleet/drbd/side.js';
import type { Replica } from '../../fleet/drbd/state.js';

/** `drbdadm get-gi R`: four identifiers and seven flags. */
export function generationLine(self: Replica): string {
  const consistent = self.disk !== 'Inconsistent';
  const flags = [consistent, self.disk === 'UpToDate', self.role === 'Primary', inTouch(self)];
  const bits = [...flags, false, false, false].map((flag) => (flag ? 1 : 0));
  return `${generations(self)}:${bits.join(':')}\n`;
}

const ABOVE = `
       +--<  Current data generation UUID  >-
       |               +--<  Bitmap's base data generation UUID  >-
       |               |                 +--<  younger history UUID  >-
       |               |                 |         +-<  older history  >-
       V               V                 V         V
`;

const BENEATH = `                                                                    ^ ^ ^ ^ ^ ^ ^
                                      -<  Data consistency flag  >--+ | | | | | |
                             -<  Data was/is currently up-to-date  >--+ | | | | |
                                  -<  Node was/is currently primary  >--+ | | | |
                                  -<  Node was/is currently connected  >--+ | | |
         -<  Node was in the progress of setting all bits in the bitmap  >--+ | |
                        -<  The peer's disk was out-dated or inconsistent  >--+ |
      -<  This node was a crashed primary, and has not seen its peer since   >--+

`;

/** `drbdadm show-gi R`: the same with a drawing of what is what. */
export function generationDrawing(self: Replica): string {
  const connected = inTouch(self) ? 'Connected' : 'StandAlone';
  const disk =
    self.disk === 'Inconsistent'
      ? 'Inconsistent'
      : self.disk === 'UpToDate'
        ? 'UpToDate'
        : 'Outdated';
  const flags = `flags: ${self.role}, ${connected}, ${disk}\n`;
  return `${ABOVE}${generationLine(self)}${BENEATH}${flags}meta-data: need apply-al\n`;
}
