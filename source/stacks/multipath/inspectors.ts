import { defineInspector, type Inspector } from '../../core/inspector.js';
import type { Parsed } from '../../core/parsed.js';
import { Now } from '../../core/probe.js';
import { parseSessions, type IscsiSession } from '../../tools/iscsi-session.js';
import { mapFindings } from './map-rules.js';
import type { MultipathMap } from './map.js';
import { parseMapsJson } from './maps-json.js';
import { parseMultipathList } from './multipath-ll.js';
import { sessionsProbe } from './probes.js';
import { sessionFindings } from './session-rules.js';
import { mapView, nowhere } from './view.js';

interface Maps {
  readonly maps: readonly MultipathMap[];
}

function asMaps(parse: (text: string) => Parsed<readonly MultipathMap[]>) {
  return (text: string): Parsed<Maps> => {
    const result = parse(text);
    return result.ok ? { ...result, value: { maps: result.value } } : result;
  };
}

function findings({ maps }: Maps) {
  return maps.flatMap((map) => mapFindings(mapView(map, nowhere)));
}

const LIST_SAMPLE = `dados (360000000000000000e00000000020001) dm-0 LAB,DISCO
size=512M features='1 queue_if_no_path' hwhandler='0' wp=rw
\`-+- policy='service-time 0' prio=1 status=active
  |- 2:0:0:1 sda 8:0  active ready  running
  \`- 3:0:0:1 sdb 8:16 failed faulty running
`;

const JSON_SAMPLE = `{
   "major_version": 0,
   "minor_version": 1,
   "maps": [{
      "name" : "dados",
      "uuid" : "360000000000000000e00000000020001",
      "sysfs" : "dm-0",
      "failback" : "-",
      "queueing" : "5 chk",
      "paths" : 1,
      "write_prot" : "rw",
      "dm_st" : "active",
      "features" : "1 queue_if_no_path",
      "hwhandler" : "0",
      "action" : "create",
      "path_faults" : 1,
      "vend" : "LAB",
      "prod" : "DISCO",
      "path_groups": [{
         "selector" : "service-time 0",
         "pri" : 1,
         "dm_st" : "active",
         "group" : 1,
         "paths": [{
            "dev" : "sda",
            "dev_t" : "8:0",
            "dm_st" : "active",
            "dev_st" : "running",
            "chk_st" : "ready",
            "checker" : "tur",
            "pri" : 1
         }]
      }]
   }]
}
`;

const SESSIONS_SAMPLE = `tcp: [2] 192.0.2.2:3260,1 iqn.2004-10.example.lab:torchio.disco1 (non-flash)
tcp: [3] 192.0.2.130:3260,1 iqn.2004-10.example.lab:torchio.disco1 (non-flash)
`;

/** A moment in which nothing is known but these sessions. */
function onlySessions(value: readonly IscsiSession[]): Now {
  const reading = { probe: sessionsProbe, host: 'this host', asked: [], at: 0, unread: [] };
  return new Now(0, [], [{ ...reading, kind: 'fresh', value }]);
}

/** What `holdfast inspect` can read of multipath and iSCSI. */
export const multipathInspectors: readonly Inspector[] = [
  defineInspector({
    id: 'multipath.ll',
    reads: 'multipath -ll',
    sample: LIST_SAMPLE,
    parse: asMaps(parseMultipathList),
    findings,
  }),
  defineInspector({
    id: 'multipath.maps-json',
    reads: 'multipathd show maps json',
    sample: JSON_SAMPLE,
    parse: asMaps(parseMapsJson),
    findings,
  }),
  defineInspector({
    id: 'iscsi.sessions',
    reads: 'iscsiadm -m session -P 3',
    sample: SESSIONS_SAMPLE,
    parse: (text) => {
      const result = parseSessions(text);
      return result.ok ? { ...result, value: { sessions: result.value } } : result;
    },
    findings: ({ sessions }) => sessionFindings(onlySessions(sessions)),
  }),
];
