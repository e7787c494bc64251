import type { FastifyRequest } from 'fastify';
import { hash32 } from '#contracts/v1/key.ts';
import { sameSecret } from '../../sign.ts';
import { field, jsonBody, objectAt, refuse, type Refusal, type VendorApi, type VendorContext } from '../vendor.ts';

const signifydError = (status: number, message: string, errors: object = {}): Refusal => ({
  status,
  body: { messages: [message], errors },
});

const refusals = {
  unauthorised: () => signifydError(401, 'Invalid API key'),
  internal: () => signifydError(500, 'Internal server error'),
  throttled: (seconds: number): Refusal => ({
    ...signifydError(429, 'Too many requests'),
    headers: { 'retry-after': String(seconds) },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...signifydError(503, 'Service unavailable'),
    headers: { 'retry-after': String(seconds) },
  }),
};

interface Decision {
  orderId: string;
  signifydId: number;
  action: 'ACCEPT' | 'HOLD' | 'REJECT';
  score: number;
  createdAt: string;
  repeats: number;
}

/** Fraud decisions in the answer to `POST /v3/orders/events/sales`, one per order id, the same again for a repeat. */
export function createSignifyd(context: VendorContext): VendorApi {
  const decisions = context.store.collection<Decision>(`${context.system.id}.decisions`);
  const apiKey = context.setting('api_key');
  const decide = (orderId: string): Decision => {
    // The score follows from the order, so that a repeat after a restart is judged alike.
    const draw = hash32(`fraud ${orderId}`) % 10_000;
    const action = draw < context.rejectShare * 10_000 ? 'REJECT' : 'ACCEPT';
    const score = action === 'REJECT' ? 120 + (draw % 80) : 520 + (draw % 470);
    return { orderId, signifydId: context.nextId(), action, score, createdAt: new Date().toISOString(), repeats: 0 };
  };
  return {
    authorised: (request) => sameSecret(basicUser(request), apiKey),
    refusals,
    routes: (app) => {
      app.post('/v3/orders/events/sales', (request, reply) => {
        const body = jsonBody(request);
        const orderId = field(body, 'orderId');
        if (body === undefined || orderId === '')
          return refuse(reply, signifydError(400, 'Validation failed', { orderId: ['This field is required'] }));
        if (objectAt(body, 'purchase') === undefined)
          return refuse(reply, signifydError(400, 'Validation failed', { purchase: ['This field is required'] }));
        const known = decisions.get(orderId);
        const decision = known ?? decide(orderId);
        if (known !== undefined) known.repeats++;
        decisions.put(orderId, decision);
        return reply.code(known === undefined ? 201 : 200).send(resource(decision));
      });
      app.get('/v3/decisions/:orderId', (request, reply) => {
        const decision = decisions.get(field(request.params, 'orderId'));
        if (decision === undefined) return refuse(reply, signifydError(404, 'No decision for this order'));
        return reply.send(resource(decision));
      });
    },
    state: () => ({ decisions: [...decisions.values()] }),
    counts: () => {
      const total = { decisions: decisions.size, rejected: 0, repeats: 0 };
      for (const decision of decisions.values()) {
        total.rejected += decision.action === 'REJECT' ? 1 : 0;
        total.repeats += decision.repeats;
      }
      return total;
    },
  };
}

function basicUser(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  if (!header.startsWith('Basic ')) return '';
  return Buffer.from(header.slice(6), 'base64').toString().split(':')[0] ?? '';
}

function resource(decision: Decision) {
  return {
    signifydId: decision.signifydId,
    orderId: decision.orderId,
    decision: {
      createdAt: decision.createdAt,
      checkpointAction: decision.action,
      checkpointActionReason: decision.action === 'REJECT' ? 'SIGNIFYD_DECLINED' : 'SIGNIFYD_APPROVED',
      checkpointActionPolicy: 'SIGNIFYD_RECOMMENDATION',
      policies: { default: { name: 'SIGNIFYD_RECOMMENDATION', status: 'EVALUATED_TRUE', action: decision.action } },
      score: decision.score,
    },
    coverage: { fraudChargebacks: { amount: 0, currency: 'USD' } },
  };
}
