import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { askReady } from '../start/readiness.ts';
import { seconds } from './arguments.ts';
import { exitCodes } from './cli-error.ts';
import { targetOf } from './connection.ts';
import { printJson, printRows } from './output.ts';

interface ServiceStatus {
  service: string;
  ready: boolean;
  reasons: string[];
}

interface Status {
  running: boolean;
  ready: boolean;
  console: string | null;
  intake: string | null;
  services: ServiceStatus[];
}

const POLL_MS = 250;
const DEFAULT_WAIT_S = 300;

/** Says whether every service may work; with `--wait`, once they do. Exit code 0, or 1 not ready, or 3 none runs. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('say whether all services are ready')
    .option('--wait [seconds]', `wait until they are, at most so long (default ${DEFAULT_WAIT_S})`, seconds)
    .option('--json', 'print as JSON')
    .action(async (options: { wait?: number | true; json?: boolean }, command: Command) => {
      const waitS = options.wait === true ? DEFAULT_WAIT_S : (options.wait ?? 0);
      const giveUpAt = Date.now() + waitS * 1000;
      let status = await look(command);
      while (!status.ready && Date.now() < giveUpAt) {
        await delay(POLL_MS);
        status = await look(command);
      }
      if (options.json) printJson(status);
      else print(status);
      process.exitCode = status.ready ? exitCodes.done : status.running ? exitCodes.refused : exitCodes.unreachable;
    });
}

async function look(command: Command): Promise<Status> {
  const { runtime } = targetOf(command);
  if (runtime === undefined) return { running: false, ready: false, console: null, intake: null, services: [] };
  const services = await Promise.all(
    Object.entries(runtime.ready).map(async ([service, url]): Promise<ServiceStatus> => {
      const state = await askReady(url);
      return { service, ready: state.ready, reasons: state.ready ? [] : state.reasons };
    }),
  );
  const ready = services.every((service) => service.ready);
  return { running: true, ready, console: runtime.console, intake: runtime.intake, services };
}

function print(status: Status): void {
  if (!status.running) {
    console.log('No Syncline runs on this data directory.');
    return;
  }
  printRows(
    status.services,
    [
      { head: 'SERVICE', of: (row) => row.service },
      { head: 'STATE', of: (row) => (row.ready ? 'ready' : 'not ready') },
      { head: 'WHY', of: (row) => row.reasons.join('; ') },
    ],
    false,
  );
  console.log(`console ${status.console ?? ''}  intake ${status.intake ?? ''}`);
}
