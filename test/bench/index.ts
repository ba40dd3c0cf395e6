import { stacks } from '../../source/stacks/index.js';
import { measureFleet, startFarm } from './fleet-bench.js';
import { measureScreen } from './screen-bench.js';
import { measureStart } from './start-bench.js';

/** Prints what things cost on this machine, and how the costs grow. Nothing here can fail. */
function print(...cells: readonly (string | number)[]): void {
  const [first = '', ...rest] = cells.map(String);
  console.log(`  ${first.padEnd(30)}${rest.map((cell) => cell.padStart(14)).join('')}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

console.log('\nParsers: genuine output repeated to 4 MB');
print('probe', 'MB/s');
for (const { id, sample, inspect } of stacks.flatMap((stack) => stack.inspectors)) {
  const whole = id.includes('json') ? sample : sample.repeat(Math.ceil(4e6 / sample.length));
  const times = Math.max(1, Math.round(4e6 / whole.length));
  const started = performance.now();
  for (let round = 0; round < times; round += 1) inspect(whole);
  const seconds = (performance.now() - started) / 1000;
  print(id, ((whole.length * times) / 1e6 / seconds).toFixed(1));
}

console.log('\nA poll round over hosts behind SSH on this machine, all probes of all stacks');
print('hosts', 'cold ms', 'warm ms', 'our CPU ms', 'memory MiB', 'warm ms/host');
const farm = await startFarm();
const costs = [];
for (const hosts of [10, 50, 200]) {
  const cost = await measureFleet(farm, hosts);
  costs.push(cost);
  const { cold, warm, cpu, memory } = cost;
  const each = (warm / hosts).toFixed(2);
  print(hosts, cold.toFixed(0), warm.toFixed(0), cpu.toFixed(0), megabytes(memory), each);
}
farm.stop();
const [few, , many] = costs;
if (few && many) {
  const ratio = many.warm / few.warm;
  console.log(`  20 times the hosts cost ${ratio.toFixed(1)} times the warm round`);
}

console.log('\nThe screen at 160x50 with 200 hosts');
const screen = await measureScreen(200);
print('key to frame, median ms', screen.keyMedian.toFixed(1));
print('key to frame, worst ms', screen.keyWorst.toFixed(1));
print('CPU of a changed world, ms', screen.change.toFixed(1));
print('bytes of a changed world', screen.bytes.toFixed(0));
console.log(
  `  four changes a second cost ${((screen.change * 4) / 10).toFixed(1)} % of one processor`,
);

const start = await measureStart();
console.log('\nStart');
print('to the first frame, ms', start?.toFixed(0) ?? 'script(1) is missing');
process.exit();
