import type { Host } from '../../source/core/host.js';
import { Now, type HostState, type Reading } from '../../source/core/probe.js';
import type { Stack } from '../../source/core/stack.js';
import { parseSurvey, surveyCommand } from '../../source/core/survey.js';

/** What is wrong by a stack's own rules, having asked all its probes of these hosts. */
export async function findingsOf(stack: Stack, hosts: readonly Host[], at: number) {
  const states = await Promise.all(hosts.map((host) => stateOf(stack, host, at)));
  const readings = await Promise.all(hosts.map((host) => readingsOf(stack, host, at)));
  const now = new Now(at, states, readings.flat());
  return stack.diagnose(now).map(({ code, subject }) => `${code}/${subject}`);
}

async function stateOf({ id }: Stack, host: Host, at: number): Promise<HostState> {
  const base = { name: host.name, target: host.name, since: at, stacks: [id] };
  const outcome = await host.run(surveyCommand([]));
  if (outcome.kind !== 'exited') return { ...base, phase: 'down' };
  return { ...base, phase: 'up', survey: parseSurvey(outcome.stdout, { sent: at, received: at }) };
}

function readingsOf({ probes }: Stack, host: Host, at: number) {
  return Promise.all(
    probes.map(async (probe): Promise<Reading<unknown>> => {
      const answer = await probe.read(host);
      const base = { probe, host: host.name, at, asked: [] };
      return answer.kind === 'value'
        ? { ...base, ...answer, kind: 'fresh' }
        : { ...base, ...answer };
    }),
  );
}
