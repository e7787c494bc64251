import type { Command } from 'commander';
import { connectorState } from '#contracts/v1/connector-state.ts';
import { connectorSwitch } from '#contracts/v1/connector-switch.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';
import { reason, systemId } from './arguments.ts';
import { cliActor, withNats } from './connection.ts';
import { ask } from './engine.ts';
import { printRows } from './output.ts';

interface Common {
  json?: boolean;
}

/** What the engine last said of its connectors, and the switch that pauses one. */
export function addConnectorCommands(program: Command): void {
  const connectors = program
    .command('connectors')
    .description('what waits for each system; pause, drain and resume them, observe them or go live');
  connectors.command('list').description('every connector').option('--json', 'print as JSON').action(list);
  connectors
    .command('pause')
    .description('send nothing to a system until it is resumed; what is meant for it waits')
    .argument('<system>', 'its id', systemId)
    .requiredOption('--reason <text>', 'kept with the switch', reason)
    .option('--json', 'print what came back as JSON')
    .action((connector_id: string, options: Common & { reason: string }, command: Command) =>
      ask(
        command,
        'connector.pause',
        { actor: cliActor(), connector_id, reason: options.reason },
        options.json ?? false,
      ),
    );
  connectors
    .command('drain')
    .description('send what is on its queue, then pause it; what comes meanwhile waits')
    .argument('<system>', 'its id', systemId)
    .requiredOption('--reason <text>', 'kept with the switch', reason)
    .option('--json', 'print what came back as JSON')
    .action((connector_id: string, options: Common & { reason: string }, command: Command) =>
      ask(
        command,
        'connector.drain',
        { actor: cliActor(), connector_id, reason: options.reason },
        options.json ?? false,
      ),
    );
  connectors
    .command('resume')
    .description('go on with what waited')
    .argument('<system>', 'its id', systemId)
    .option('--reason <text>', 'kept with the switch', reason, '')
    .option('--json', 'print what came back as JSON')
    .action((connector_id: string, options: Common & { reason: string }, command: Command) =>
      ask(
        command,
        'connector.resume',
        { actor: cliActor(), connector_id, reason: options.reason },
        options.json ?? false,
      ),
    );
  connectors
    .command('observe')
    .description('send nothing to a system from now on; what would be sent is recorded, and flows go on')
    .argument('<system>', 'its id', systemId)
    .requiredOption('--reason <text>', 'kept with the decision', reason)
    .option('--json', 'print what came back as JSON')
    .action((connector_id: string, options: Common & { reason: string }, command: Command) =>
      ask(
        command,
        'connector.observe',
        { actor: cliActor(), connector_id, reason: options.reason },
        options.json ?? false,
      ),
    );
  connectors
    .command('go-live')
    .description('send a system what is meant for it from now on; what was passed over before is not sent')
    .argument('<system>', 'its id', systemId)
    .requiredOption('--reason <text>', 'kept with the decision', reason)
    .option('--json', 'print what came back as JSON')
    .action((connector_id: string, options: Common & { reason: string }, command: Command) =>
      ask(
        command,
        'connector.go_live',
        { actor: cliActor(), connector_id, reason: options.reason },
        options.json ?? false,
      ),
    );
}

async function list(options: Common, command: Command): Promise<void> {
  const rows = await withNats(command, async (nats) => {
    const held = await valuesOf(await openBucket(nats, buckets.connectorSwitches), connectorSwitch);
    const switches = new Map(held.map((one) => [one.id, one]));
    const states = await valuesOf(await openBucket(nats, buckets.connectors), connectorState);
    return states.map((state) => {
      const own = switches.get(state.id);
      return { ...state, paused: own?.paused ?? false, ...(own && { switch: own }) };
    });
  });
  printRows(
    rows.sort((a, b) => a.id.localeCompare(b.id)),
    [
      { head: 'CONNECTOR', of: (row) => row.id },
      { head: 'STATE', of: (row) => (row.paused ? 'paused' : row.state) },
      { head: 'MODE DECIDED', of: (row) => row.switch?.mode?.mode ?? '' },
      { head: 'PENDING', of: (row) => String(row.pending), right: true },
      { head: 'IN FLIGHT', of: (row) => String(row.in_flight), right: true },
      { head: 'WAITING', of: (row) => String(row.waiting), right: true },
      { head: 'OLDEST', of: (row) => row.oldest_at },
      { head: 'PAUSED BY', of: (row) => (row.paused ? (row.switch?.changed_by ?? '') : '') },
      { head: 'REASON', of: (row) => (row.paused ? (row.switch?.reason ?? '') : '') },
    ],
    options.json ?? false,
  );
}
