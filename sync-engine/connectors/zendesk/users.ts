import type { z } from 'zod';
import { withoutEmails } from '#contracts/v1/personal-data.ts';
import { ConnectorError } from '../connector.ts';
import type { CustomerServices, CustomerShown } from '../customer-services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { userAnswer } from './contract.ts';
import { refuse } from './refusal.ts';

/**
 * Makes or changes an end user by our id and reads it back with every address Zendesk knows: of a user that exists, a new
 * address becomes a further one. The same again changes nothing, so nothing is looked up before a repeat. A postal address
 * has no place there. `consentField` is the key of a checkbox among the user fields, where the account has one.
 * Source: developer.zendesk.com/api-reference/ticketing/users/users/#create-or-update-user
 */
export function publishCustomer(consentField: string | undefined): CustomerServices['publish_customer'] {
  return {
    name: 'publish_customer',
    prepare: ({ customerId, full_name, email, phone, consent }) =>
      jsonCall('POST', '/api/v2/users/create_or_update.json', {
        user: {
          external_id: customerId,
          // A user must have a name; until one is known they are called by what they are known by.
          name: full_name ?? email ?? phone ?? customerId,
          ...(email !== undefined && { email }),
          ...(phone !== undefined && { phone }),
          ...(consent !== undefined &&
            consentField !== undefined && { user_fields: { [consentField]: consent === 'granted' } }),
        },
      }),
    read: (answer) => {
      refuseWithoutEmails(() => refuse(answer));
      return { userId: readBody(answer, userAnswer, "Zendesk's answer").user.id };
    },
    after: {
      prepare: ({ userId }) => jsonCall('GET', `/api/v2/users/${segment(userId)}.json?include=identities`),
      read: (answer) => {
        refuseWithoutEmails(() => refuse(answer));
        return shownOf(readBody(answer, userAnswer, "Zendesk's user"), consentField);
      },
    },
  };
}

function shownOf({ user, identities }: z.infer<typeof userAnswer>, consentField: string | undefined): CustomerShown {
  const further = (identities ?? []).flatMap(({ type, value }) => (type === 'email' ? [value] : []));
  const consent = consentField === undefined ? undefined : user.user_fields?.[consentField];
  return {
    userId: user.id,
    full_name: user.name,
    emails: [...(user.email == null ? [] : [user.email]), ...further],
    phone: user.phone ?? '',
    ...(typeof consent === 'boolean' && { consent: consent ? 'granted' : 'withdrawn' }),
  };
}

/** Zendesk names the address that it refuses; on an event of ours it would stand for as long as events are kept. */
function refuseWithoutEmails(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw new ConnectorError({ ...error.detail, message: withoutEmails(error.detail.message) }, { cause: error });
  }
}
