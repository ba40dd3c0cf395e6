import { z } from 'zod';

/** An iSCSI qualified name (RFC 3720, 3.2.6.3) as it goes into commands. */
export const iscsiName = z
  .string()
  .regex(/^(?:iqn|eui|naa)\.[A-Za-z0-9][A-Za-z0-9.:_-]{0,218}$/, 'no name of iSCSI');

/** `192.0.2.2:3260`, `[fe80::1]:3260`, as a session shows it. */
export const portal = z
  .string()
  .regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, 'no portal of iSCSI');

/** An address that may log in to a target, as tgt writes it in its ACL. */
export const aclAddress = z.string().regex(/^(?:[0-9A-Fa-f.:]+(?:\/\d+)?|ALL)$/, 'no address');

/** A block device that a target hands out. */
export const backingDevice = z.string().regex(/^\/dev\/[\w./:@+=,-]+$/, 'no path of a device');
