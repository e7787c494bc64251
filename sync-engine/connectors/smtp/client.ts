import { resolve } from 'node:path';
import type { System } from '#contracts/v1/estate.ts';
import type { NotificationServices } from '../services.ts';
import { unreadable } from '../transport/answer.ts';
import { loadTemplates, templatesFolder } from '../../mail/templates.ts';
import { customerMail, messageIdHeader } from './map.ts';

/**
 * Notification by e-mail. SMTP cannot be asked what it has sent: after a lost answer the mail is sent again under the
 * same Message-ID, by which mail systems recognise a repeat. What mails say is in the folder of templates (setting
 * `templates`, relative to where Syncline runs), which is read and checked once.
 * @throws Error naming the setting that is absent, or the template that is wrong.
 */
export function smtpServices(system: System): NotificationServices {
  const from = system.settings['from'];
  if (from === undefined)
    throw new Error(`The system "${system.id}" needs the setting "from" in the estate file: the sender's address.`);
  const templates = loadTemplates(resolve(system.settings['templates'] ?? templatesFolder));
  return {
    notify_customer: {
      name: 'notify_customer',
      prepare: (input) => customerMail(input, from, templates),
      read(answer, { messageId }) {
        if (answer.status < 200 || answer.status >= 300)
          throw unreadable(`The mail server answered ${answer.status} to a mail it should have accepted or refused.`);
        return { messageId: messageIdHeader(messageId, from) };
      },
    },
  };
}
