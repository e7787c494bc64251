import type { Estate } from '#contracts/v1/estate.ts';
import { loadEstate } from '#platform/estate.ts';
import { scenarios } from '#simulator/scenarios/index.ts';
import { aborted } from './aborted.ts';
import { buildConsole, needsBuild } from './build.ts';
import { guardFreeSpace } from './disk-guard.ts';
import { endLeftOverNats, provideNatsServer, writeNatsConfig } from './nats-server.ts';
import type { Ports, StartOptions } from './options.ts';
import { checkEmbeddedClickHouse, checkFreeSpace, checkPorts } from './preflight.ts';
import type { Progress } from './progress.ts';
import { announceTraffic, bringUp } from './bring-up.ts';
import { removeRuntime, writeRuntime } from './runtime.ts';
import { freshSecrets, readSecrets, writeSecrets } from './secrets.ts';
import { local, natsUrl, simulatedAddresses } from './services.ts';
import { createStack } from './stack.ts';
import { StartError } from './start-error.ts';
import { serviceAddresses, simulatorAddress } from './ready-addresses.ts';
import { completeVendorSecrets } from './vendor-secrets.ts';
import { welcome } from './welcome.ts';

export interface Launch {
  root: string;
  options: StartOptions;
  ports: Ports;
  progress: Progress;
  /** Aborted by Ctrl-C, and by the launch itself where it cannot go on. */
  stop: AbortController;
}

/** From the checks to the orderly stop, in the order things happen. @returns the exit code. */
export async function launch({ root, options, ports, progress, stop }: Launch): Promise<number> {
  const began = Date.now();
  const { natsServer, estate } = await check(root, options, ports, progress);
  const kept = completeVendorSecrets(readSecrets(options.dataDir) ?? freshSecrets(), estate, process.env);
  writeSecrets(options.dataDir, kept);
  if (!options.dev) await build(root, progress);

  const stack = createStack(progress);
  let failed = false;
  const unguard = guardFreeSpace(options.dataDir, progress, () => {
    failed = true;
    stop.abort();
  });
  const killAll = () => stack.kill();
  process.once('exit', killAll);
  try {
    stop.signal.throwIfAborted();
    // Before anything answers, so that `syncline status --wait` knows whom to ask.
    writeRuntime(options.dataDir, {
      pid: process.pid,
      started_at: new Date().toISOString(),
      simulated: estate.simulated && options.demo,
      console: local(ports.console),
      intake: local(ports.intake),
      nats: natsUrl(ports),
      estate_file: options.estateFile,
      simulator: local(ports.simulator),
      smtp: simulatedAddresses(ports).SIMULATOR_SMTP,
      ready: { ...serviceAddresses(ports), ...(options.demo ? simulatorAddress(ports) : {}) },
    });
    const natsConfig = writeNatsConfig({ dataDir: options.dataDir, port: ports.nats, ...kept.nats });
    const plan = { root, options, ports, natsServer, natsConfig };
    const secrets = await bringUp({ plan, kept, estate, stack, progress, signal: stop.signal });
    stack.settled();
    welcome({ options, ports, secrets, estate, tookMs: Date.now() - began });
    if (options.demo) void announceTraffic({ plan, progress, signal: stop.signal });
    await aborted(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) {
      failed = true;
      progress.fail(error instanceof Error ? error.message : String(error));
    }
  } finally {
    // Ends what still waits for readiness, too.
    stop.abort();
    unguard();
    removeRuntime(options.dataDir);
    await stack.stop();
    process.off('exit', killAll);
  }
  progress.say(failed ? 'stopped' : 'stopped; the next start goes on with the same data');
  return failed ? 1 : 0;
}

/** Everything that could keep Syncline from starting, before anything is started; the cheapest first. */
async function check(
  root: string,
  options: StartOptions,
  ports: Ports,
  progress: Progress,
): Promise<{ natsServer: string; estate: Estate }> {
  if (!scenarios.has(options.scenario))
    throw new StartError(
      `There is no scenario "${options.scenario}"; choose one of ${[...scenarios.keys()].join(', ')}.`,
    );
  checkFreeSpace(options.dataDir);
  await endLeftOverNats(options.dataDir);
  await checkPorts(ports, ['console', 'intake', 'engineOps', 'ingestOps', 'otlp', 'nats']);
  if (options.demo) await checkPorts(ports, ['simulator', 'smtp']);
  checkEmbeddedClickHouse(root);
  const estate = await loadEstate(options.estateFile, { ...process.env, ...simulatedAddresses(ports) });
  return { estate, natsServer: await provideNatsServer(progress) };
}

async function build(root: string, progress: Progress): Promise<void> {
  if (!needsBuild(root)) return;
  const since = Date.now();
  progress.say('building the console …');
  await buildConsole(root);
  progress.done('console built', since);
}
