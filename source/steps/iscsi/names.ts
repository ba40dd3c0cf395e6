import { z } from 'zod';

/** An iSCSI qualified name (RFC 3720, 3.2.6.3) as it goes into commands. */
export const iscsiName = z
  .string()
  .regex(/^(?:iqn|eui|naa)\.[A-Za-z0-9][A-Za-z0-9.:_-]{0,218}$/, 'no name of iSCSI');

/** `192.0.2.2:3260`, `[fe80::1]:3260`, as a session shows it. */
export const portal = z
  .string()
  .regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, 'no portal of iSCSI');
