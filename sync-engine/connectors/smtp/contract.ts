import { z } from 'zod';

/** What is read of nodemailer's errors (nodemailer.com/errors) and of SMTP replies (RFC 5321, 4.2). */
export const mailError = z.object({
  message: z.string().default(''),
  /** nodemailer's own code, or the socket's. */
  code: z.string().optional(),
  /** The SMTP command that failed; "CONN" before there was one. */
  command: z.string().optional(),
  responseCode: z.number().optional(),
});
export type MailError = z.infer<typeof mailError>;

/** What a prepared mail says, once as text and once as HTML. Both are personal data (contracts/v1/personal-data.ts). */
export const mailBody = z.object({ mail_text: z.string(), mail_html: z.string() });

/** The headers of a prepared mail. */
export const mailHeaders = z.object({
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  'message-id': z.string(),
});
