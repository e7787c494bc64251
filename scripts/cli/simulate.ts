import type { Command } from 'commander';
import { seconds } from './arguments.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { targetOf } from './connection.ts';
import { printJson } from './output.ts';

/** Changing what the simulated estate does. */
export function addSimulateCommand(program: Command): void {
  const simulate = program.command('simulate').description('change what the simulated estate does');
  simulate
    .command('scenario')
    .description(
      'normal, unmapped-tax-code, inactive-sku, erp-maintenance, flash-sale, price-drift, store-offline, late-asn, returns-wave, payout-mismatch or lost-webhooks',
    )
    .argument('<name>')
    .option('--seconds <n>', 'a normal day again after so long', seconds)
    .option('--json', 'print what came back as JSON')
    .action(async (name: string, options: { seconds?: number; json?: boolean }, command: Command) => {
      const limit = options.seconds === undefined ? {} : { seconds: options.seconds };
      const answer = await control(command, '/_sim/scenario', { name, ...limit });
      if (options.json) printJson(answer);
      else console.log(`Scenario ${name}${options.seconds ? ` for ${options.seconds} s` : ''}.`);
    });
}

async function control(command: Command, path: string, body: unknown): Promise<unknown> {
  const { runtime, secrets, dataDir } = targetOf(command);
  if (runtime === undefined || secrets === undefined)
    throw new CliError(`No simulated estate runs on ${dataDir}.`, exitCodes.unreachable);
  let response: Response;
  try {
    response = await fetch(`${runtime.simulator}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sim-token': secrets.simulator_token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new CliError(`The simulated estate at ${runtime.simulator} does not answer.`, exitCodes.unreachable);
  }
  const answer = (await response.json().catch(() => ({}))) as { error?: string };
  if (!response.ok) throw new CliError(answer.error ?? `The simulated estate answered ${response.status}.`);
  return answer;
}
