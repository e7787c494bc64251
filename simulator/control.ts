import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { faultKinds, type Conditions } from './conditions.ts';
import { sameSecret } from './sign.ts';
import { bodyText, field } from './vendors/vendor.ts';

/** What the control API acts on; the simulator itself. */
export interface Controlled {
  conditions: Conditions;
  systemIds: ReadonlySet<string>;
  state: (system?: string) => Record<string, unknown>;
  summary: () => object;
  setScenario(name: string, seconds?: number): boolean;
  placeOrder(system: string, body: string, giftCents?: number): void;
  /** A shop forgets a webhook. @returns false where it is no shop. */
  dropWebhook(system: string, topic: string): boolean;
}

const seconds = z.number().positive().max(86_400);
const faultRequest = z.object({
  system: z.string(),
  fault: z.enum(faultKinds),
  probability: z.number().min(0).max(1).default(1),
  /** The fault ends after this many seconds; without it, when it is set to probability 0. */
  seconds: seconds.optional(),
});
const latencyRequest = z.object({ enabled: z.boolean(), factor: z.number().min(0).max(100).default(1) });
const limitsRequest = z.object({ enabled: z.boolean() });
const maintenanceRequest = z.object({ system: z.string(), seconds: z.number().min(0).max(86_400) });
const scenarioRequest = z.object({ name: z.string(), seconds: seconds.optional() });
const droppedRequest = z.object({ system: z.string(), topic: z.string() });
const orderRequest = z.object({
  system: z.string(),
  order: z.string().min(2),
  gift_cents: z.int().nonnegative().default(0),
});

/**
 * `/_sim/*`, only with the control token in X-Sim-Token; without a configured token it does not exist.
 * Reading: `GET /_sim/summary`, `GET /_sim/state?system=`. Acting: `POST /_sim/faults`, `latency`, `limits`,
 * `maintenance`, `scenario`, `dropped-webhooks` (a shop forgets one, until it is subscribed for again), and `orders` (an order placed in a shop, `order` being the webhook's body as text).
 */
export function controlRoutes(app: FastifyInstance, token: string | undefined, controlled: Controlled): void {
  if (token === undefined) return;
  void app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        if (!sameSecret(field(request.headers, 'x-sim-token'), token))
          return reply.code(401).send({ error: 'X-Sim-Token is missing or wrong' });
      });
      scope.get('/summary', () => controlled.summary());
      scope.get('/state', (request) => controlled.state(field(request.query, 'system') || undefined));
      const act = <T>(path: string, schema: z.ZodType<T>, effect: (value: T) => string | undefined) =>
        scope.post(path, (request, reply) => {
          const parsed = schema.safeParse(parse(request));
          if (!parsed.success) return reply.code(422).send({ error: z.prettifyError(parsed.error) });
          const problem = effect(parsed.data);
          return problem === undefined
            ? reply.send(controlled.conditions.describe())
            : reply.code(404).send({ error: problem });
        });
      const known = (system: string) => (controlled.systemIds.has(system) ? undefined : `no system "${system}"`);
      const { conditions } = controlled;
      act('/faults', faultRequest, (value) => {
        const until = value.seconds === undefined ? Infinity : Date.now() + value.seconds * 1000;
        conditions.setFault(value.system, value.fault, value.probability, until);
        return known(value.system);
      });
      act('/latency', latencyRequest, (value) => void conditions.setLatency(value.enabled, value.factor));
      act('/limits', limitsRequest, (value) => void conditions.setLimits(value.enabled));
      act('/maintenance', maintenanceRequest, (value) => {
        conditions.setMaintenance(value.system, Date.now() + value.seconds * 1000);
        return known(value.system);
      });
      act('/scenario', scenarioRequest, (value) =>
        controlled.setScenario(value.name, value.seconds) ? undefined : `no scenario "${value.name}"`,
      );
      act('/dropped-webhooks', droppedRequest, ({ system, topic }) =>
        controlled.dropWebhook(system, topic) ? undefined : `no shop "${system}"`,
      );
      act('/orders', orderRequest, (value) => {
        const problem = known(value.system);
        if (problem === undefined) controlled.placeOrder(value.system, value.order, value.gift_cents);
        return problem;
      });
    },
    { prefix: '/_sim' },
  );
}

function parse(request: FastifyRequest): unknown {
  try {
    return JSON.parse(bodyText(request));
  } catch {
    return undefined;
  }
}
