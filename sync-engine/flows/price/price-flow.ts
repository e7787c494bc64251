import type { Estate } from '#contracts/v1/estate.ts';
import type { Step } from '../flow.ts';
import type { FlowState } from '../state.ts';
import type { PriceData, PriceEnv, PriceFlow } from './price-data.ts';
import { chooseNextPrice } from './steps/choose-next-price.ts';
import { close } from './steps/close.ts';
import { confirmInForce } from './steps/confirm-in-force.ts';
import { publishNextPrice, publishPrice } from './steps/publish.ts';
import { validate } from './steps/validate.ts';
import { waitForEnd, waitForStart } from './steps/wait.ts';

const steps: readonly Step<PriceData, PriceEnv>[] = [
  validate,
  waitForStart,
  publishPrice,
  confirmInForce,
  waitForEnd,
  chooseNextPrice,
  publishNextPrice,
  close,
];

/** price_publication: one version of one SKU's price in one channel, from its message to its end. */
export const createPriceFlow = (env: PriceEnv): PriceFlow => ({
  name: 'price_publication',
  steps: new Map(steps.map((step) => [step.name, step])),
  rereads: [validate.name],
  deadline,
  cancelled: 'cancelled',
  env,
});

/** A price is to be shown within the publication target of the moment that it, or the one after it, comes into force. */
function deadline({ step, phase, dimensions, data }: FlowState<PriceData>, estate: Estate): string {
  if (phase !== 'forward') return '';
  const { price } = data;
  const due = (from: string) => new Date(Date.parse(from) + estate.publication_target_s * 1000).toISOString();
  switch (step) {
    case 'validate':
      return due(dimensions.occurred_at);
    case 'publish_price':
    case 'confirm_in_force':
      return due([dimensions.occurred_at, price?.starts_at ?? ''].sort().at(-1) ?? '');
    case 'choose_next_price':
    case 'publish_next_price':
      return due(price?.ends_at ?? dimensions.occurred_at);
    default:
      return '';
  }
}
