import { z } from 'zod';

/** What customers are written to about; the templates of each are named after it. */
export const mailEvent = z.enum(['order-shipped', 'ready-to-collect', 'refund-made']);
export type MailEvent = z.infer<typeof mailEvent>;

/** Every mail has three templates; a mail program shows the text or the HTML. */
export const mailParts = ['subject', 'text', 'html'] as const;
export type MailPart = (typeof mailParts)[number];

/** Names of a customer: they stay out of the subject, which is shown where the rest of a mail is hidden. */
const personal = ['customer_name'];
const always = ['brand', 'order_number', ...personal];

/** What the templates of an event may name, beside `lines`. Any of it may be empty. */
const named: Record<MailEvent, readonly string[]> = {
  'order-shipped': [...always, 'carrier', 'tracking_number'],
  'ready-to-collect': [...always, 'store'],
  'refund-made': [...always, 'amount', 'return_number'],
};

/** The list of goods, and what may be named inside of it. */
export const GOODS = 'lines';
export const ofGoods = ['quantity', 'title'];

export const namesFor = (event: MailEvent, part: MailPart): readonly string[] =>
  part === 'subject' ? named[event].filter((name) => !personal.includes(name)) : named[event];

/** What a mail is filled with: texts by name, and the goods. */
export interface MailValues {
  texts: Readonly<Record<string, string>>;
  goods: readonly { quantity: string; title: string }[];
}
