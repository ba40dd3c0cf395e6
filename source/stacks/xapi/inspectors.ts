import { defineInspector, type Inspector } from '../../core/inspector.js';
import { parsed } from '../../core/parsed.js';
import { errorSample, parseXeError } from './read/errors.js';
import { parseHosts, parsePbds, parsePools, parseSrs } from './read/lists.js';
import type { Pbd, PoolHost, Sr } from './read/lists.js';
import { localFactsSample, parseLocalFacts } from './read/local-facts.js';
import { cleaned } from '../../core/clean-finding.js';
import { hostFindings } from './rules/hosts.js';
import { plugFindings } from './rules/plugs.js';
import { repositoryFindings } from './rules/repositories.js';
import { hostsSample, pbdsSample, poolsSample, srsSample } from './samples.js';
import type { Member, PoolPicture, Repository } from './view.js';

const none = (): [] => [];

/** A pool of which nothing is known but one list. */
const bare: PoolPicture = { key: '', name: '', members: [], repositories: [] };

function bareRepository(sr: Sr): Repository {
  return { sr, label: sr.name || sr.uuid, plugs: [], isDefault: false };
}

/** A PBD whose host and repository are known by their UUIDs alone. */
function barePlug(pbd: Pbd): Repository {
  const sr = { uuid: pbd.sr, name: '', type: '', contentType: '', shared: false, lines: [] };
  const member = { uuid: pbd.host, name: pbd.host, isMaster: false };
  const beneath = { kind: 'unknown' } as const;
  const plugs = [{ pbd, member, beneath, hook: { kind: 'unknown' } as const }];
  return { sr, label: pbd.sr, plugs, isDefault: false };
}

function bareMember(listed: PoolHost): Member {
  return { uuid: listed.uuid, name: listed.name, isMaster: false, listed };
}

/** Every output that is read; the ids and fields are for scripts. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'xapi.sr-list',
    reads: 'xe sr-list params=all',
    sample: srsSample,
    parse: parseSrs,
    findings: (srs) =>
      repositoryFindings({ ...bare, repositories: srs.map(bareRepository) }).map(cleaned),
  }),
  defineInspector({
    id: 'xapi.pbd-list',
    reads: 'xe pbd-list params=all',
    sample: pbdsSample,
    parse: parsePbds,
    findings: (pbds) => plugFindings({ ...bare, repositories: pbds.map(barePlug) }).map(cleaned),
  }),
  defineInspector({
    id: 'xapi.pool-list',
    reads: 'xe pool-list params=all',
    sample: poolsSample,
    parse: parsePools,
    findings: none,
  }),
  defineInspector({
    id: 'xapi.host-list',
    reads: 'xe host-list params=all',
    sample: hostsSample,
    parse: parseHosts,
    findings: (hosts) => hostFindings({ ...bare, members: hosts.map(bareMember) }).map(cleaned),
  }),
  defineInspector({
    id: 'xapi.error',
    reads: 'what xe prints on standard error',
    sample: errorSample,
    parse: (text) => parsed(parseXeError(text)),
    findings: none,
  }),
  defineInspector({
    id: 'xapi.local',
    reads: 'what a host of a pool says of itself',
    sample: localFactsSample,
    parse: parseLocalFacts,
    findings: none,
  }),
];
