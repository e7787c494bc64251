import type { Command } from 'commander';
import { start } from '../start.ts';

/** `syncline start` is `npm start`: the same options, the same process. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start Syncline on this machine, as npm start does (options: npm start -- --help)')
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[options...]')
    .action(async (args: string[], _options: unknown, command: Command) => {
      const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
      const explicit = command.parent?.getOptionValueSource('dataDir') === 'cli';
      process.exitCode = await start(explicit && dataDir !== undefined ? [...args, '--data-dir', dataDir] : args);
    });
}
