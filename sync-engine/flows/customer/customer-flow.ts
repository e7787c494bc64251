import type { Estate } from '#contracts/v1/estate.ts';
import type { FlowState } from '../state.ts';
import type { CustomerData, CustomerEnv, CustomerFlow } from './customer-data.ts';
import { match } from './steps/match.ts';
import { merge } from './steps/merge.ts';
import { confirm, publishCustomer } from './steps/publish.ts';
import { validate } from './steps/validate.ts';

const steps = [validate, match, merge, publishCustomer, confirm];

/** customer_sync: one version of one system's customer, from its message to what the service desk shows of the person. */
export const createCustomerFlow = (env: CustomerEnv): CustomerFlow => ({
  name: 'customer_sync',
  steps: new Map(steps.map((step) => [step.name, step])),
  rereads: [validate.name, match.name, merge.name],
  deadline,
  cancelled: 'cancelled',
  env,
});

/** A customer is to be known everywhere within the publication target, as a product is. */
function deadline({ phase, dimensions }: FlowState<CustomerData>, estate: Estate): string {
  if (phase !== 'forward') return '';
  return new Date(Date.parse(dimensions.occurred_at) + estate.publication_target_s * 1000).toISOString();
}
