import { z } from 'zod';
import { hostName, poolName } from '../names.js';
import { imageName } from '../row.js';

/** The stages of the boot workflow, in the order of the roll's manual. */
export const STAGES = [
  ...(['image', 'target', 'memory', 'session', 'device'] as const),
  ...(['booted', 'copied', 'merged', 'switched'] as const),
] as const;

/** A stage of the boot workflow. */
export type Stage = (typeof STAGES)[number];

/** Where a stage shows, and what it is. */
interface StageFacts {
  readonly on: 'nas' | 'container';
  /** Only of images that are copied to the container. */
  readonly copies: boolean;
  /** As the review has it. */
  readonly title: string;
  /** What is looked at, and what must be there. */
  readonly looks: string;
}

/** Each stage of the workflow. */
export const STAGE_FACTS: Readonly<Record<Stage, StageFacts>> = {
  image: {
    on: 'nas',
    copies: false,
    title: 'see that the image is there',
    looks: 'zfs list: the volume',
  },
  target: {
    on: 'nas',
    copies: false,
    title: 'see that its target is there, for one host alone',
    looks: 'tgtadm --op show: the target, its ACL one address',
  },
  memory: {
    on: 'container',
    copies: true,
    title: 'see the volume for what is written meanwhile',
    looks: 'zfs list: the -temp-write volume',
  },
  session: {
    on: 'container',
    copies: false,
    title: 'see that it is logged in at the target',
    looks: 'iscsiadm -m session -P 3: the session and its disk',
  },
  device: {
    on: 'container',
    copies: true,
    title: 'see the device that reads there and writes beside',
    looks: 'dmsetup table: the -snap device',
  },
  booted: {
    on: 'container',
    copies: false,
    title: 'see that it runs',
    looks: 'virsh domstate: running',
  },
  copied: {
    on: 'container',
    copies: true,
    title: 'wait until the image is copied to the container',
    looks: 'dmsetup table: snapshot-merge, or linear',
  },
  merged: {
    on: 'container',
    copies: true,
    title: 'wait until what was written meanwhile is merged',
    looks: 'dmsetup status: linear',
  },
  switched: {
    on: 'nas',
    copies: true,
    title: 'wait until the NAS has let go of it',
    looks: 'the row without a target, no lock',
  },
};

/** Which image, on which hosts, and which stage of it. */
export const stageSchema = z.strictObject({
  stage: z.enum(STAGES),
  nas: hostName,
  zpool: poolName,
  zvol: imageName,
  container: hostName,
  /** The virtual machine that starts on it; null: none. */
  vm: hostName.nullable(),
  /** What a copy has to bring, in bytes; null: not known. */
  bytes: z.number().nonnegative().nullable(),
});

/** The parameters of `imgstorage.see-stage` and `imgstorage.wait-stage`. */
export type StageParams = z.infer<typeof stageSchema>;

/** `4/9`: where a stage is in the workflow. */
export function numberOf(stage: Stage): string {
  return `${STAGES.indexOf(stage) + 1}/${STAGES.length}`;
}
