import type { Command } from 'commander';

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
      // Loaded here alone: an image for servers has neither the simulator nor the embedded ClickHouse.
      const { start } = await import('../start.ts');
      process.exitCode = await start(explicit && dataDir !== undefined ? [...args, '--data-dir', dataDir] : args);
    });
}
