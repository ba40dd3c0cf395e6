import { defineInspector, type Inspector } from '../../core/inspector.js';
import { parsed, type Parsed } from '../../core/parsed.js';
import { parseDatabase, type RollDatabase } from './read/database.js';
import {
  parseMapperStatus,
  parseMapperTable,
  type Filling,
  type MapperDevice,
} from '../../tools/mapper.js';
import {
  parseStorageDevices,
  parseStorageMap,
  type DeviceEntry,
  type MapEntry,
} from './read/rocks.js';
import { parseTargets, type IscsiTarget } from '../../tools/tgt-targets.js';
import { parseDatasets, type Dataset } from '../../tools/zfs.js';
import {
  datasetsSample,
  nasDumpSample,
  statusSample,
  storageDevicesSample,
  storageMapSample,
  tableSample,
  targetsSample,
} from './samples.js';
import { DATASET_FIELDS } from '../../tools/zfs.js';
import { DATABASE } from './roll.js';

const nothing = (): readonly [] => [];

/** What `holdfast inspect` can read of the roll and of what its images are made of. */
export const inspectors: readonly Inspector[] = [
  defineInspector<readonly MapEntry[]>({
    id: 'imgstorage.storagemap',
    reads: 'rocks list host storagemap NAS',
    sample: storageMapSample,
    parse: parseStorageMap,
    findings: nothing,
  }),
  defineInspector<readonly DeviceEntry[]>({
    id: 'imgstorage.storagedev',
    reads: 'rocks list host storagedev HOST',
    sample: storageDevicesSample,
    parse: parseStorageDevices,
    findings: nothing,
  }),
  defineInspector<RollDatabase>({
    id: 'imgstorage.database',
    reads: `sqlite3 -readonly ${DATABASE} .dump`,
    sample: nasDumpSample,
    parse: parseDatabase,
    findings: nothing,
  }),
  defineInspector<readonly IscsiTarget[]>({
    id: 'imgstorage.targets',
    reads: 'tgtadm --lld iscsi --mode target --op show',
    sample: targetsSample,
    parse: parseTargets,
    findings: nothing,
  }),
  defineInspector<readonly MapperDevice[]>({
    id: 'imgstorage.dm-table',
    reads: 'dmsetup table',
    sample: tableSample,
    parse: parseMapperTable,
    findings: nothing,
  }),
  defineInspector<readonly (readonly [string, Filling])[]>({
    id: 'imgstorage.dm-status',
    reads: 'dmsetup status',
    sample: statusSample,
    parse: listOfStatus,
    findings: nothing,
  }),
  defineInspector<readonly Dataset[]>({
    id: 'imgstorage.datasets',
    reads: `zfs list -H -p -t all -o ${DATASET_FIELDS.join(',')}`,
    sample: datasetsSample,
    parse: parseDatasets,
    findings: nothing,
  }),
];

function listOfStatus(text: string): Parsed<readonly (readonly [string, Filling])[]> {
  const status = parseMapperStatus(text);
  return status.ok ? parsed([...status.value], status.unread) : status;
}
