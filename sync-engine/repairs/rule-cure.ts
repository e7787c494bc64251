import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { Log } from '#platform/log.ts';
import type { Rates } from '#platform/rates.ts';
import type { Documents } from '../documents.ts';
import { fingerprintOf } from '../flows/fingerprint.ts';
import type { Flow, View } from '../flows/flow.ts';
import type { MessageData } from '../flows/message.ts';
import { cured } from '../flows/replay.ts';
import type { RunnerOptions } from '../flows/runner.ts';
import { exceedsOnePerson, type Worth } from '../one-person.ts';
import { isOutage } from '../outage.ts';
import { applyPatch, DoesNotApply } from './patch.ts';
import { authorsOfRule } from './rule-match.ts';
import type { RuleBook } from './rule-book.ts';

export interface RuleCureOptions<Data extends MessageData, Env> {
  book: Pick<RuleBook, 'answering'>;
  flow: Flow<Data, Env>;
  documents: Pick<Documents, 'keepBytes' | 'received'>;
  rates: Pick<Rates, 'today'>;
  log: Log;
}

type Cure<Data, Env> = NonNullable<RunnerOptions<Data, Env>['cure']>;

/**
 * The first rule for a failure that makes the payload canonical and valid. Its version of the payload is durable before
 * the event that puts it in force. Where it is worth more than one person may move, as it arrived or as it becomes, the
 * rule is only named on the case: nobody has looked at this one. A rule that does not cure, or is itself defective, leaves
 * the failure as it is.
 */
export function createRuleCure<Data extends MessageData, Env>({
  book,
  flow,
  documents,
  rates,
  log,
}: RuleCureOptions<Data, Env>): Cure<Data, Env> {
  const { payload: reading } = flow;
  return async (...failure) => {
    try {
      return await cure(...failure);
    } catch (error) {
      if (isOutage(error)) throw error;
      log.error({ err: error, key: failure[0].key }, 'the repair rules could not be asked; the case opens');
      return undefined;
    }
  };

  async function cure(...[view, step, problems, attempt]: Parameters<Cure<Data, Env>>): ReturnType<Cure<Data, Env>> {
    const { state, key } = view;
    // Rules are for what arrives. A payload that a person corrected is theirs, and a compensation has none.
    const ofMessage = step.kind === 'inline' && step.ofMessage === true;
    if (reading === undefined || ofMessage) return undefined;
    if (state.phase !== 'forward' || state.replaying !== undefined) return undefined;
    const [problem] = problems;
    const { channel, legal_entity } = state.dimensions;
    const cause = fingerprintOf(flow.name, step.name, problem);
    const answers = await book.answering({ fingerprint: cause, channel, legal_entity });
    for (const rule of answers) {
      if (state.rules_applied?.includes(rule.rule_id) === true) continue;
      const found = await harmless(rule, key, () => repaired(view, rule));
      if (found === undefined) continue;
      const { payload, money } = found;
      const { rule_id, version: rule_version, name } = rule;
      if ([state.dimensions, money].some((worth) => exceedsOnePerson(worth, view.estate, rates.today()))) {
        const payload_seq = await documents.keepBytes(key, `suggested.${rule_id}`, payload);
        return { suggested_rule: { rule_id, rule_version, name, authors: authorsOfRule(rule), payload_seq } };
      }
      const payload_version = state.payload_version + 1;
      const document_seq = await documents.keepBytes(key, `received.${payload_version}`, payload);
      return cured(view, {
        rule_id,
        rule_version,
        payload_version,
        received: { document_seq },
        authors: authorsOfRule(rule),
        rebuild: reading.rebuild,
        attributes: {
          // What was sent and refused is found by it. The posting it was stays the failed step's own.
          ...(attempt.attributes?.['payload_seq'] === undefined
            ? {}
            : { payload_seq: attempt.attributes['payload_seq'] }),
          rule_name: name,
          rule_owner: rule.owner,
          cause,
          failed_step: step.name,
          failed_class: problem.error_class,
          failed_message: problem.message.slice(0, 1_000),
        },
      });
    }
    return undefined;
  }

  /** The payload as the rule leaves it, and what it comes to; undefined where that does not cure it. */
  async function repaired(
    view: View<Data>,
    { repair }: RepairRule,
  ): Promise<{ payload: string; money: Worth } | undefined> {
    if (repair.kind !== 'patch') return undefined;
    const before = Buffer.from(await documents.received(view.data.received)).toString();
    const payload = applyPatch(before, repair.operations);
    const tried = await reading?.understand(view, flow.env, payload);
    return tried === undefined || 'problems' in tried ? undefined : { payload, money: tried.money };
  }

  async function harmless<T>(rule: RepairRule, key: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (isOutage(error)) throw error;
      if (!(error instanceof DoesNotApply))
        log.error(
          { err: error, rule: rule.rule_id, version: rule.version, key },
          'a repair rule failed; the case opens',
        );
      return undefined;
    }
  }
}
