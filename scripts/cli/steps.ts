import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { type Command, Option } from 'commander';
import { flow, stepEvent, type Flow, type StepEvent } from '#contracts/v1/step-event.ts';
import { stepsPartition, streams } from '#contracts/v1/subjects.ts';
import { orderKey, seconds, stepAndStatus, wholeNumber } from './arguments.ts';
import { CliError } from './cli-error.ts';
import { withNats } from './connection.ts';
import { printJsonLine } from './output.ts';

interface TailOptions {
  flow?: Flow;
  key?: string;
  all?: boolean;
  count?: number;
  until?: ReturnType<typeof stepAndStatus>;
  timeout?: number;
  json?: boolean;
}

/** The step events as they are published: what the engine does, while it does it. */
export function addStepsCommand(program: Command): void {
  const steps = program.command('steps').description('what the engine does, step by step');
  steps
    .command('tail')
    .description('print step events as they happen, until Ctrl-C')
    .addOption(new Option('--flow <flow>', 'of one flow').choices(flow.options))
    .option('--key <key>', 'of one transaction, from its first event', orderKey)
    .option('--all', 'begin with everything that is kept')
    .option('--count <n>', 'end after so many', wholeNumber)
    .option('--until <step[:status]>', 'end once this step was seen, completed unless said otherwise', stepAndStatus)
    .option('--timeout <seconds>', 'end after so long; exit code 1 where --until or --count was not met', seconds)
    .option('--json', 'print one JSON object a line')
    .action((options: TailOptions, command: Command) => tail(options, command));
}

async function tail(options: TailOptions, command: Command): Promise<void> {
  await withNats(command, async (nats) => {
    const consumer = await jetstream(nats).consumers.get(streams.steps, {
      filter_subjects: filterOf(options),
      deliver_policy: options.all || options.key !== undefined ? DeliverPolicy.All : DeliverPolicy.New,
    });
    const messages = await consumer.consume();
    const stop = () => messages.stop();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const timer = options.timeout === undefined ? undefined : setTimeout(stop, options.timeout * 1000);
    let left = options.count ?? Infinity;
    let seen = false;
    for await (const message of messages) {
      const event = stepEvent.parse(message.json());
      if (options.json) printJsonLine(withoutState(event));
      else console.log(lineOf(event));
      seen = event.step === options.until?.step && event.status === options.until.status;
      if (seen || --left <= 0) break;
    }
    clearTimeout(timer);
    const within = options.timeout === undefined ? '' : ` within ${options.timeout} s`;
    if (options.until !== undefined && !seen) throw new CliError(`${options.until.text} was not seen${within}.`);
    if (options.until === undefined && options.count !== undefined && left > 0)
      throw new CliError(`${options.count - left} of ${options.count} events were seen${within}.`);
  });
}

/** One pattern, since servers before 2.10 take no list. The key alone decides the partition, whatever the flow. */
function filterOf({ flow: wanted, key }: TailOptions): string {
  const partition = key === undefined ? '*' : String(stepsPartition(key));
  return `steps.${partition}.${wanted ?? '*'}.${key ?? '*'}`;
}

function withoutState({ state: _state, ...event }: StepEvent): Omit<StepEvent, 'state'> {
  return event;
}

function lineOf(event: StepEvent): string {
  const took = event.ended_at ? `${Date.parse(event.ended_at) - Date.parse(event.started_at)} ms` : '';
  const parts = [
    (event.ended_at || event.started_at).slice(11, 23),
    event.business_key.padEnd(12),
    event.step.padEnd(24),
    event.status.padEnd(11),
    event.system.padEnd(12),
    took.padStart(8),
    event.error_message,
    event.key,
  ];
  return parts.join('  ').trimEnd();
}
