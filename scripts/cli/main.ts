import { Command, CommanderError, Option } from 'commander';
import { EstateError } from '#platform/estate.ts';
import { StartError } from '../start/start-error.ts';
import { addApiClientCommands } from './api-clients.ts';
import { addCaseCommands } from './cases.ts';
import { addCaseWorkCommands } from './case-work.ts';
import { addCauseCommands } from './causes.ts';
import { addConnectorCommands } from './connectors.ts';
import { addImportCommand } from './import.ts';
import { addIntakeCommand } from './intake.ts';
import { addMappingCommands } from './mappings.ts';
import { addMigrateCommand } from './migrate.ts';
import { addOrderCommands } from './orders.ts';
import { defaultDataDir } from './connection.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { addRateCommands } from './rates.ts';
import { addRepairCommands } from './repairs.ts';
import { addRuleCommands } from './rules.ts';
import { addShadowCommands } from './shadow.ts';
import { addSimulateCommand } from './simulate.ts';
import { addStartCommand } from './start.ts';
import { addStockCommands } from './stock.ts';
import { addStatusCommand } from './status.ts';
import { addStepsCommand } from './steps.ts';
import { addUserCommands } from './users.ts';

const footer = `
Commands speak to the Syncline that runs on --data-dir, or to the NATS of NATS_URL (NATS_USER, NATS_PASSWORD).
Whoever can read those credentials acts as an administrator, recorded as cli:<user>.

Exit codes: 0 done; 1 refused, failed or not ready; 2 the command line is not right; 3 no Syncline answers.
`;

/** Runs one command line. @returns the exit code. */
export async function syncline(args: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietly);
  const program = new Command('syncline')
    .description("Keeps a retailer's platforms in step, and shows whether they are.")
    .addOption(
      new Option('--data-dir <folder>', 'data directory of the Syncline to speak to').default(
        defaultDataDir,
        'data, in this checkout',
      ),
    )
    .option('--nats <url>', 'NATS to speak to, instead of what the data directory names', process.env['NATS_URL'])
    .addHelpText('after', footer)
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();
  addStartCommand(program);
  addMigrateCommand(program);
  addStatusCommand(program);
  addIntakeCommand(program);
  addStepsCommand(program);
  addImportCommand(program);
  const cases = addCaseCommands(program);
  addCaseWorkCommands(cases);
  addCauseCommands(program);
  addRepairCommands(program);
  addRuleCommands(program);
  addShadowCommands(program);
  addOrderCommands(program);
  addConnectorCommands(program);
  addMappingCommands(program);
  addStockCommands(program);
  addRateCommands(program);
  addUserCommands(program);
  addApiClientCommands(program);
  addSimulateCommand(program);
  inherit(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return report(error);
  }
}

/** `… | head` closes the pipe when it has seen enough; that is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
}

/** Sub-commands end like the program does: by an exception, never by process.exit. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof CliError) {
    console.error(error.message);
    return error.exitCode;
  }
  if (error instanceof StartError || error instanceof EstateError) {
    console.error(error.message);
    return exitCodes.refused;
  }
  const known = error instanceof Error ? error : new Error(String(error));
  console.error(`That did not work: ${known.message.split('\n')[0] ?? ''} (SYNCLINE_DEBUG=1 shows where.)`);
  if (process.env['SYNCLINE_DEBUG']) console.error(known.stack);
  return exitCodes.refused;
}
