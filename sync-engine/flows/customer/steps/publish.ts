import type { CaseProblem } from '#contracts/v1/case.ts';
import type { CustomerShown } from '../../../connectors/customer-services.ts';
import { defineCall } from '../../flow.ts';
import type { VerbInput } from '../../../connectors/services.ts';
import { normalEmail, normalPhone } from '../../../customers/normal-forms.ts';
import { type CustomerCall, type CustomerData, type CustomerEnv, customerIdOf } from '../customer-data.ts';
import type { CustomerInline, CustomerView } from '../customer-data.ts';

type Told = VerbInput<'publish_customer'>;

/** Tells the service desk who the person is now and holds what it shows then against it: a difference is a case. */
export const publishCustomer: CustomerCall = {
  kind: 'call',
  name: 'publish_customer',
  essential: true,
  next: () => 'close',
  call: defineCall<CustomerData, CustomerEnv, 'publish_customer'>({
    verb: 'publish_customer',
    system: systemOf,
    skip: (view, { offers }) => {
      if (view.state.dimensions.origin === 'backfill') return 'It is history, which the service desk knows already.';
      const system = systemOf(view);
      if (system === '') return 'This estate has no service desk.';
      return offers(system, 'publish_customer') ? undefined : 'The service desk takes no customers from us.';
    },
    input: async (view, { customers }) => {
      const id = customerIdOf(view);
      const record = await customers.record(id);
      if (record === undefined) throw new Error(`the record of customer ${id} is gone`);
      const { full_name, email, phone, marketing_consent } = record;
      return {
        customerId: id,
        ...(full_name && { full_name: full_name.value }),
        ...(email && { email: email.value }),
        ...(phone && { phone: phone.value }),
        ...(marketing_consent && { consent: marketing_consent.value.state }),
      };
    },
    done: (_view, shown, told) => {
      const [first, ...rest] = differences(told, shown);
      if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
      const { userId, ...fields } = shown;
      return { status: 'completed', attributes: { user: userId, compared: Object.keys(fields).join(', ') } };
    },
  }),
};

/**
 * Ends the transaction, unless the record was changed while it was told: then what was told may have overtaken what is
 * newer, so it is told once more.
 */
export const confirm: CustomerInline = {
  kind: 'inline',
  name: 'close',
  next: () => 'publish_customer',
  run: async (view, { customers }) => {
    const record = await customers.record(customerIdOf(view));
    if (record === undefined || record.changed_by === view.data.version) return { status: 'completed', finish: true };
    return {
      status: 'completed',
      data: { version: record.changed_by },
      attributes: { reason: 'The customer was changed meanwhile and is told once more.' },
    };
  },
};

function systemOf({ estate }: CustomerView): string {
  return estate.systems.find(({ role }) => role === 'service_desk')?.id ?? '';
}

const words = { full_name: 'name', email: 'e-mail address', phone: 'phone number', consent: 'consent' } as const;

/** What a system shows otherwise than it was told, by field and without the values; it answers only for what it keeps. */
export function differences(told: Told, shown: CustomerShown): CaseProblem[] {
  const same = {
    full_name: shown.full_name === undefined || shown.full_name === told.full_name,
    email: shown.emails === undefined || shown.emails.map(normalEmail).includes(normalEmail(told.email ?? '')),
    phone: shown.phone === undefined || normalPhone(shown.phone) === normalPhone(told.phone ?? ''),
    consent: shown.consent === undefined || shown.consent === told.consent,
  };
  return (['full_name', 'email', 'phone', 'consent'] as const)
    .filter((field) => told[field] !== undefined && !same[field])
    .map((field) => ({
      error_class: 'conflict',
      error_code: 'customer_mismatch',
      path: `/${field === 'consent' ? 'marketing_consent' : field}`,
      document: 'canonical',
      message: `The service desk was told the ${words[field]} of the customer and shows another. Find what changes customers there, then replay: they are told and compared again.`,
    }));
}
