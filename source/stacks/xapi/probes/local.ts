import { outcomeFailure } from '../../../core/failure.js';
import type { Reader } from '../../../core/host.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { readOutput } from '../../../core/tool.js';
import { localFactsCommand, parseLocalFacts, type LocalFacts } from '../read/local-facts.js';

/** Each host for itself: which pool it is of, what is mounted, and its boot hooks. */
export const localProbe: Probe<LocalFacts> = {
  id: 'xapi.local',
  title: 'XenServer on this host',
  every: 10_000,
  scope: 'host',
  read,
};

async function read(host: Reader): Promise<Answer<LocalFacts>> {
  const outcome = await host.run(localFactsCommand);
  if (outcome.kind !== 'exited' || outcome.code === 127) {
    return { kind: 'failed', failure: outcomeFailure(host.name, localFactsCommand, outcome) };
  }
  const answer = readOutput(host, localFactsCommand, parseLocalFacts(outcome.stdout));
  // `xe` is installed on machines that only manage, too.
  if (
    answer.kind === 'value' &&
    answer.value.hostUuid === undefined &&
    answer.unread.length === 0
  ) {
    return { kind: 'absent', because: 'this is no XenServer or XCP-ng host' };
  }
  return answer;
}
