import type { Verb } from './connector.ts';

/** What a system shows of a customer; absent where it has no place for it. */
export interface CustomerShown {
  userId: string;
  full_name?: string;
  /** Every address it knows them by. */
  emails?: string[];
  phone?: string;
  consent?: 'granted' | 'withdrawn';
}

/** What a system that knows our customers can be told of them. */
export interface CustomerServices {
  /** Makes or changes one customer, known by our id, and answers what the system shows then. The same again changes nothing. */
  publish_customer: Verb<
    { customerId: string; full_name?: string; email?: string; phone?: string; consent?: 'granted' | 'withdrawn' },
    CustomerShown
  >;
}
