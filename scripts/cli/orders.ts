import type { Command } from 'commander';
import { orderKey, reason } from './arguments.ts';
import { cliActor } from './connection.ts';
import { ask } from './engine.ts';

/** Steering one order; what was asked and by whom is recorded on it. */
export function addOrderCommands(program: Command): void {
  const orders = program.command('orders').description('hold, release or cancel one order, by its key');
  const verb = (name: 'hold' | 'release' | 'cancel', description: string) =>
    orders
      .command(name)
      .description(description)
      .argument('<key>', 'transaction key, as in "steps tail" and the address of the order\'s page', orderKey)
      .requiredOption('--reason <text>', 'recorded on the order', reason)
      .option('--json', 'print what came back as JSON')
      .action((key: string, options: { reason: string; json?: boolean }, command: Command) =>
        ask(command, `order.${name}`, { actor: cliActor(), key, reason: options.reason }, options.json ?? false),
      );
  verb('hold', 'stop before the next outside step');
  verb('release', 'let a held order go on');
  verb('cancel', 'cancel, undoing what was done in reverse order');
}
