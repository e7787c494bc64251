import type { System } from '#contracts/v1/estate.ts';
import type { NotificationServices } from '../services.ts';
import { unreadable } from '../transport/answer.ts';
import { messageIdHeader, shipmentMail } from './map.ts';

/**
 * Notification by e-mail. SMTP cannot be asked what it has sent: after a lost answer the mail is sent again under the
 * same Message-ID, by which mail systems recognise a repeat.
 */
export function smtpServices(system: System): NotificationServices {
  const from = system.settings['from'];
  if (from === undefined)
    throw new Error(`The system "${system.id}" needs the setting "from" in the estate file: the sender's address.`);
  return {
    notify_customer: {
      name: 'notify_customer',
      prepare: (input) => shipmentMail(input, from),
      read(answer, { messageId }) {
        if (answer.status < 200 || answer.status >= 300)
          throw unreadable(`The mail server answered ${answer.status} to a mail it should have accepted or refused.`);
        return { messageId: messageIdHeader(messageId, from) };
      },
    },
  };
}
