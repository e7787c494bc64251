import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Customer } from '#contracts/v1/customer.ts';
import type { Arrival } from '../../arrivals/arrival.ts';
import { readArrival } from '../../arrivals/read-arrival.ts';
import type { VerbName } from '../../connectors/services.ts';
import type { TopicOf } from '../../connectors/topics.ts';
import type { CustomerIndex } from '../../customers/customer-index.ts';
import { customerProblems } from '../../customers/normal-forms.ts';
import type { CallStep, Flow, InlineStep, View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';

/** Outputs of customer_sync so far: nothing in them is about the person, whose record is in the customer index. */
export interface CustomerData extends MessageData {
  /** Our own id; absent until they are recognised. */
  customer_id?: string;
  /** The message that had changed the record last when it was read to be published. */
  version?: number;
}

export interface CustomerEnv extends MessageEnv {
  topics: { topicOf(system: string, topic: string): TopicOf<'customer'> | undefined };
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  customers: Pick<CustomerIndex, 'recognise' | 'merge' | 'record'>;
}

export type CustomerView = View<CustomerData>;
export type CustomerInline = InlineStep<CustomerData, CustomerEnv>;
export type CustomerCall = CallStep<CustomerData, CustomerEnv>;
export type CustomerFlow = Flow<CustomerData, CustomerEnv>;

/** @throws before they are recognised. */
export function customerIdOf({ key, data }: CustomerView): string {
  if (data.customer_id === undefined) throw new Error(`the customer of ${key} is not recognised yet`);
  return data.customer_id;
}

type Understood = { told: Customer; system: string } | { problems: CaseProblem[] };

/** Reads the message, in its version in force, and checks it. */
export async function understand(view: CustomerView, env: CustomerEnv): Promise<Understood> {
  const read = readCustomer(await env.messages.read(view.data), view, env);
  if ('problems' in read) return read;
  const problems = customerProblems(read.told, view.now);
  return problems.length > 0 ? { problems } : read;
}

/** What a message says, whether or not it is well formed. */
export function readCustomer(arrival: Arrival, view: CustomerView, env: CustomerEnv): Understood {
  const { 'syncline-system': system, 'syncline-topic': name } = arrival.headers;
  const topic = env.topics.topicOf(system, name);
  if (topic === undefined) return { problems: [gone(system, name)] };
  const read = readArrival(arrival, topic, view.estate);
  return 'problems' in read ? read : { told: read.message, system };
}

const gone = (system: string, topic: string): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_topic',
  path: '',
  document: 'received',
  message: `Nothing in this estate takes messages "${topic}" of the system "${system}".`.slice(0, 2000),
});
