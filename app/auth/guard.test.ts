import { describe, expect, it } from 'vitest';
import type { Permission, Role } from '#contracts/v1/permissions.ts';
import type { AppContext } from '#app/server/context.ts';
import type { Act } from '#platform/audit.ts';
import { requirePermission } from './guard.ts';

/** What the guard looks at of a request's context. */
function asked(roles: Role[] | undefined, path = '/quarantine/case-1', sessionEnded = false) {
  const audited: Act[] = [];
  const viewer = roles && { id: 'u1', email: 'u@example.com', name: 'U', roles };
  const context = {
    viewer: viewer ?? null,
    sessionEnded,
    clientAddress: '192.0.2.1',
    audit: { record: (act: Act) => void audited.push(act) },
  } as unknown as AppContext;
  const request = new Request(`http://console.example${path}`);
  const outcome = (wanted: Permission): Response | string => {
    try {
      return requirePermission({ request, context }, wanted).id;
    } catch (thrown) {
      return thrown as Response;
    }
  };
  return { outcome, audited };
}

describe('RULE permissions are checked on the server', () => {
  it('lets the role through that may', () => {
    expect(asked(['support']).outcome('cases.replay')).toBe('u1');
    expect(asked(['viewer', 'finance']).outcome('payloads.read')).toBe('u1');
  });
  it('answers 403 to a role that may not, and records it', () => {
    const { outcome, audited } = asked(['viewer']);
    expect(outcome('cases.replay')).toMatchObject({ status: 403 });
    expect(audited).toEqual([
      {
        action: 'refused',
        actor: 'u1',
        object_kind: 'permission',
        object_id: 'cases.replay',
        outcome: 'forbidden',
        detail: { path: '/quarantine/case-1', method: 'GET' },
        personal: { address: '192.0.2.1' },
      },
    ]);
  });
  it('asks a stranger to sign in first', () => {
    const response = asked(undefined, '/orders?problem=late').outcome('orders.read') as Response;
    expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent('/orders?problem=late')}`);
  });
  it('lets sign-in say that a session has ended', () => {
    const response = asked(undefined, '/orders', true).outcome('orders.read') as Response;
    expect(response.headers.get('location')).toBe('/sign-in?next=%2Forders&ended=1');
  });
});
