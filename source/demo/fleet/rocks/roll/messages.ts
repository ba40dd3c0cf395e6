/** What the frontend's commands ask of a daemon; each names the queue that it waits at. */
export type Request =
  | ({ readonly action: 'map_zvol'; readonly queue: string } & MapWish)
  | { readonly action: 'unmap_zvol'; readonly queue: string; readonly zvol: string }
  | {
      readonly action: 'del_zvol';
      readonly queue: string;
      readonly pool: string;
      readonly zvol: string;
    }
  | { readonly action: 'list_zvols' | 'list_dev' | 'get_attrs'; readonly queue: string };

/** What the daemons tell each other. */
export type Message =
  | Request
  | {
      readonly action: 'attach';
      readonly nas: string;
      /** How the NAS is reached for data. */
      readonly portal: string;
      readonly iqn: string;
      readonly zvol: string;
      readonly size: string;
      readonly sync: boolean;
      readonly remotePool: string | null;
    }
  | ({ readonly action: 'detach' } & Exported)
  | ({ readonly action: 'sync_zvol' } & Exported)
  | {
      readonly action: 'zvol_mapped';
      readonly from: string;
      readonly iqn: string;
      /** Undefined where it failed. */
      readonly bdev?: string;
      readonly error?: string;
    }
  | {
      readonly action: 'zvol_unmapped';
      readonly from: string;
      readonly zvol: string;
      readonly error?: string;
    }
  | { readonly action: 'zvol_synced'; readonly zvol: string };

/** An image that a NAS serves, or served. */
export interface Exported {
  readonly nas: string;
  readonly zvol: string;
  readonly iqn: string | null;
}

/** What `rocks add host storagemap` asks for. */
export interface MapWish {
  readonly pool: string;
  readonly zvol: string;
  readonly host: string;
  readonly remotePool: string | null;
  /** Gigabytes, as they were typed. */
  readonly size: string;
  readonly sync: boolean;
}

/** A volume's size in bytes, from gigabytes as they were typed. */
export function gigabytes(text: string): number {
  return Number(text) * 2 ** 30;
}
