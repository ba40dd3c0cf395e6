import type { Fault } from '../../../../core/form.js';
import type { HostName } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { Container, Nas } from '../../hosts.js';
import { machinesProbe, messagesProbe } from '../../probes/frontend.js';
import { SERVICES } from '../../probes/local.js';
import { EXCHANGE } from '../../read/queue.js';
import { NEEDED_PERMISSIONS, ROLL_USER } from '../../roll.js';
import {
  attributeOf,
  containerFault,
  containerNamed,
  frontendFaults,
  nasFault,
  nasNamed,
  poolsOf,
  type Found,
} from '../found.js';
import type { PrepareAnswers } from './answers.js';

/** The plan: permissions, attributes, services, and at last that every daemon is heard. */
export function plan(found: Found, answers: PrepareAnswers): Drafted {
  const { frontend } = found;
  const nas = nasNamed(found, answers.nas);
  const containers = answers.containers.flatMap((name) => containerNamed(found, name) ?? []);
  const faults = faultsOf(found, answers, nas, containers);
  if (faults.length > 0 || nas?.host === undefined || frontend === undefined) {
    return { ok: false, faults };
  }
  const steps = new Steps('one by one');
  const used: readonly (readonly [Nas | Container, readonly string[]])[] = [
    [nas, answers.pools],
    ...(answers.copies ? containers : []).map((one) => [one, [answers.containerPool]] as const),
  ];
  for (const [on, pools] of used) for (const pool of pools) addPermissions(steps, found, on, pool);
  addAttributes(steps, found, answers, frontend);
  // The queue first: a daemon that starts without it ends again.
  addQueue(steps, found, frontend);
  for (const on of [nas, ...containers]) addServices(steps, on);
  for (const on of [nas, ...containers]) addListening(steps, found, frontend, on);
  return {
    ok: true,
    draft: {
      title: `${nas.name} ready for virtual disks of ${listed(containers.map(({ name }) => name)) || 'its cluster'}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack:
        'Permissions and attributes are as they were. Services that were started go on running.',
      warnings: warningsOf(found, answers, nas, containers),
    },
  };
}

function faultsOf(
  found: Found,
  { nas: name, pools, containers: names, copies, containerPool }: PrepareAnswers,
  nas: Nas | undefined,
  containers: readonly Container[],
): readonly Fault[] {
  const faults: Fault[] = [...frontendFaults(found)];
  const because = nas ? nasFault(nas) : 'it is no NAS of img-storage';
  if (because !== undefined) faults.push({ key: 'nas', says: `${name}: ${because}` });
  const there = nas ? poolsOf(nas).map((pool) => pool.name) : [];
  const missing = pools.filter((pool) => !there.includes(pool));
  if (missing.length > 0) {
    faults.push({ key: 'pools', says: `${name} has no pool ${listed(missing)}` });
  }
  const unknown = names.filter((one) => !containers.some((container) => container.name === one));
  if (unknown.length > 0) {
    faults.push({ key: 'containers', says: `${listed(unknown)} is no container of img-storage` });
  }
  for (const container of containers) {
    const says = containerFault(container);
    if (says !== undefined) faults.push({ key: 'containers', says: `${container.name}: ${says}` });
    else if (copies && !poolsOf(container).some((pool) => pool.name === containerPool)) {
      const has = listed(poolsOf(container).map((pool) => pool.name)) || 'none';
      faults.push({
        key: 'containerPool',
        says: `${container.name} has no pool ${containerPool === '' ? 'that is named' : containerPool} (it has ${has}): make it with zpool create`,
      });
    }
  }
  return faults;
}

function addPermissions(steps: Steps, found: Found, on: Nas | Container, pool: string): void {
  const has = found.permissions.get(`${on.host ?? ''}/${pool}`)?.users.get(ROLL_USER);
  const missing = NEEDED_PERMISSIONS.filter((one) => has?.has(one) !== true);
  if (missing.length > 0 && on.host !== undefined) {
    steps.add(on.host, 'imgstorage.allow', { pool, missing: [...missing] });
  }
}

function addAttributes(
  steps: Steps,
  found: Found,
  { nas, pools, containers, copies, containerPool, network }: PrepareAnswers,
  frontend: HostName,
): void {
  const set = (of: string, name: string, value: string): void => {
    const before = attributeOf(found, of, name) ?? null;
    if (before !== value) {
      steps.add(frontend, 'imgstorage.set-attribute', { of, name, value, before });
    }
  };
  set(nas, 'img_storage_nas', 'true');
  set(nas, 'zfs', 'true');
  // The manual says colons; the code splits at commas.
  set(nas, 'img_zpools', pools.join(','));
  for (const container of containers) {
    set(container, 'img_storage_vm', 'true');
    set(container, 'kvm', 'true');
    set(container, 'img_sync', copies ? 'true' : 'false');
    if (copies) {
      set(container, 'zfs', 'true');
      set(container, 'vm_container_zpool', containerPool);
    }
  }
  if (network !== '') for (const host of [nas, ...containers]) set(host, 'IB_net', network);
}

const status = (service: string): readonly string[] => [
  ...['sh', '-c', `service ${service} status >/dev/null 2>&1; echo $?`],
];

function startService(steps: Steps, host: HostName, service: string): void {
  steps.add(host, 'service.action', {
    action: 'start',
    service,
    argv: ['service', service, 'start'],
    shows: { argv: [...status(service)], expect: '0' },
  });
}

function addQueue(steps: Steps, { now }: Found, frontend: HostName): void {
  const answers = now.known(messagesProbe).some(({ host }) => host === frontend);
  if (!answers) startService(steps, frontend, 'rabbitmq-server');
}

function addServices(steps: Steps, { host, local, ...on }: Nas | Container): void {
  if (host === undefined) return;
  const role = 'targets' in on ? 'nas' : 'container';
  // The daemon last: it needs what the others serve.
  for (const service of SERVICES[role].toReversed()) {
    const state = local.ok ? local.value.services.get(service) : undefined;
    if (state !== 'running') startService(steps, host, service);
  }
}

/** A daemon that runs is not yet one that hears: it must have its queue at the exchange. */
function addListening(steps: Steps, { now }: Found, frontend: HostName, on: Nas | Container): void {
  const listeners = now.known(messagesProbe).find(({ host }) => host === frontend)?.value.listeners;
  if (listeners?.has(on.name) === true) return;
  const wanted = `'$1 == "${EXCHANGE}" && $3 == "${on.name}" { print "yes"; exit }'`;
  const fields = 'source_name destination_name routing_key';
  const script = `rabbitmqctl -q list_bindings -p img-storage ${fields} | awk -F '\\t' ${wanted}`;
  steps.add(frontend, 'wait.until', {
    title: `see that ${on.name} is heard`,
    on: 'the message queue',
    shows: { argv: ['sh', '-c', script], expect: 'yes' },
  });
}

function warningsOf(
  found: Found,
  { network, nas }: PrepareAnswers,
  on: Nas,
  containers: readonly Container[],
): readonly string[] {
  const known = found.now.known(machinesProbe).length > 0;
  const degraded = poolsOf(on).filter(({ health }) => health === 'DEGRADED');
  const foreign = [on, ...containers].filter(({ local }) => local.ok && !local.value.config);
  return [
    ...(known ? [] : ['The attributes could not be read, so all of them are set.']),
    ...(degraded.length > 0
      ? [`${nas}: ${listed(degraded.map(({ name }) => name))} lacks a device: replace it first.`]
      : []),
    ...(network === ''
      ? []
      : [
          'The daemons read the network from /etc/imgstorage.conf, which Rocks writes at installation: write it anew with `rocks report host imgstorage HOST | rocks report script`, then restart them when no copy is under way.',
        ]),
    ...(foreign.length > 0
      ? [
          `${listed(foreign.map(({ name }) => name))} has no readable /etc/imgstorage.conf: its daemon does not start without it.`,
        ]
      : []),
    'Attributes that decide which packages a host has (img_storage_vm, kvm, zfs) take effect when it is installed anew.',
  ];
}
