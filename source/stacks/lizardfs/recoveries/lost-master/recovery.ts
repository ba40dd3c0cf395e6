import type { HostName, Reader } from '../../../../core/host.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, count, grouped, listed } from '../../../../core/text.js';
import { MFSCLI } from '../../tools/admin.js';
import { blocksOf } from './blocks.js';
import { gatherEvidence, type Evidence } from './evidence.js';
import { behind, judge, type Aside, type Candidate, type Lost } from './judge.js';
import { lossesOf } from './chain.js';
import { planMove } from './plan.js';
import { ahead, planRejoin } from './rejoin.js';

/** The master is gone: a shadow takes its place, and later the old one comes back as a shadow. */
export const lostMaster: Recovery = {
  id: 'lizardfs.lost-master',
  title: 'Replace a lost master of LizardFS',
  says: 'Finds out who has the newest metadata, fences the old master, promotes a shadow (of MooseFS: makes a master of a metalogger’s files), and has everybody follow it; never two at once.',
  gather,
};

async function gather(_: string, hosts: ReadonlyMap<HostName, Reader>): Promise<Case> {
  const evidence = await gatherEvidence([...hosts.values()]);
  const judged = judge(evidence);
  const blocks = blocksOf(evidence);
  switch (judged.kind) {
    case 'near miss': {
      const { verdict, happened, todo } = judged;
      const told = { happened: clean(happened), todo: clean(todo) };
      return { verdict, mendable: false, ...told, blocks, ways: [] };
    }
    case 'aside':
      return { ...asideCase(judged), blocks };
    case 'lost':
      return { ...lostCase(evidence, judged), blocks };
  }
}

type Told = Omit<Case, 'blocks'>;

function lostCase(evidence: Evidence, lost: Lost): Told {
  const { candidates, foes, unseen, newest } = lost;
  const best = bestOf(lost);
  const old =
    foes.length > 0
      ? `${listed(foes.map(({ name }) => name))} was to be the master and does not answer as one`
      : `the old master is not among the hosts that answered (${listed(unseen)})`;
  const told = foes.some(({ positions }) => positions.server);
  const [first] = candidates;
  const kind = first?.from ?? 'shadow';
  const start =
    kind === 'shadow'
      ? 'a stale lock file needs `mfsmetarestore -a` first'
      : 'killed, it needs `mfsmaster -a`';
  return {
    verdict: 'no master',
    mendable: true,
    happened: clean(
      `No master answers, whoever asks: ${old}. ${kind === 'shadow' ? 'Shadows' : 'Metaloggers'}: ${listed(candidates.map((one) => words(lost, one)))}. The newest metadata that is known is version ${grouped(newest.version)}, on ${newest.host} (${newest.where}). Every read and write on the file system hangs.`,
    ),
    todo: clean(
      `${foes.length > 0 ? `If the host and the disk of ${listed(foes.map(({ name }) => name))} are sound, starting it there loses nothing; ${start}. ` : ''}${told ? `Otherwise choose the ${kind} with the newest metadata.` : 'How far the old master had come is not known; choose only if it cannot be had.'}`,
    ),
    ways: candidates.map((one) => wayOf(evidence, lost, one)),
    choosing: 'who becomes the master',
    ...(best && {
      recommended: { value: best.host.name, reasons: reasonsOf(lost, best).map(clean) },
    }),
  };
}

function wayOf(evidence: Evidence, lost: Lost, candidate: Candidate): WayOut {
  const short = behind(lost, candidate);
  const of = candidate.from === 'metalogger' ? ', of what its metalogger has' : '';
  const by = short > 0 ? ` It is ${count(short, 'change')} behind.` : '';
  return {
    value: candidate.host.name,
    says: clean(`${candidate.host.name} becomes the master${of}.${by}`),
    loses: lossesOf(lost, candidate).map(clean),
    plan: () => planMove({ evidence, lost, candidate }),
  };
}

/** The newest, if it is known that nobody had more. */
function bestOf(lost: Lost): Candidate | undefined {
  const whole = lost.candidates.filter(
    (one) => behind(lost, one) === 0 && one.status.metadataVersion > 0,
  );
  const sure = lost.foes.some(({ positions }) => positions.server);
  return sure ? whole[0] : undefined;
}

function reasonsOf({ foes, newest }: Lost, { host, status }: Candidate): readonly string[] {
  return [
    `it has metadata version ${grouped(status.metadataVersion)}, and nobody knows of a newer one`,
    ...foes.flatMap(({ name, positions: { server } }) =>
      server ? [`${name} had come to ${grouped(server.version)} by its own change log`] : [],
    ),
    ...(newest.host === host.name ? [] : [`${newest.host} has the same`]),
    'the old master can be reached and is fenced first',
  ];
}

function words(lost: Lost, candidate: Candidate): string {
  const { host, status } = candidate;
  const short = behind(lost, candidate);
  const at = short > 0 ? `${count(short, 'change')} behind` : 'current';
  return `${host.name} (version ${grouped(status.metadataVersion)}, ${status.metadataVersion === 0 ? 'empty' : at})`;
}

function asideCase(judged: Aside): Told {
  const { master, aside, version } = judged;
  const moose = master.tool === MFSCLI;
  const as = moose ? 'metalogger' : 'shadow';
  const says = aside.map((host) => {
    const { name, personality, positions } = host;
    const has = positions.server
      ? `, version ${grouped(positions.server.version)} on its disk`
      : '';
    return moose ? `${name}${has}` : `${name} (its config says ${personality ?? ''}${has})`;
  });
  return {
    verdict: 'a server stands aside',
    mendable: true,
    happened: clean(
      `${master.name} serves as master, metadata version ${grouped(version)}. Not running: ${listed(says)}.`,
    ),
    todo: moose
      ? 'Nothing is promoted while a master answers. A host with a master’s metadata would be a second one as soon as it starts there: bring it back as a metalogger.'
      : 'Nothing is promoted while a master answers. A server whose config says master would be a second one as soon as it starts: bring it back as a shadow.',
    choosing: `who comes back as a ${as}`,
    ways: aside.map((host) => {
      const more = ahead(judged, host);
      return {
        value: host.name,
        says: clean(
          `${host.name} comes back as a ${as} of ${master.name}.${more > 0 ? ` Its own ${count(more, 'change')} that ${master.name} never got are kept as a copy.` : ''}`,
        ),
        loses: [],
        plan: () => planRejoin(judged, host),
      };
    }),
    ...(aside.length === 1 && {
      recommended: {
        value: aside[0]?.name ?? '',
        reasons: [`without a ${as} the metadata are on one disk alone`],
      },
    }),
  };
}
