import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mustache from 'mustache';
import { EstateError } from '#platform/estate.ts';
import { checkTemplate } from './check-template.ts';
import { GOODS, type MailEvent, mailEvent, type MailPart, mailParts, type MailValues } from './events.ts';
import { oneLine } from './one-line.ts';

/** The templates that come with Syncline. */
export const templatesFolder = fileURLToPath(new URL('../../config/templates/mail', import.meta.url));

/** Of whoever's language has no templates. */
const FALLBACK = 'en';

export interface MailTemplates {
  /** The language that a customer of that language is written to in. */
  language(wanted: string): string;
  /** @param language one that `language` answered. */
  render(language: string, event: MailEvent, values: MailValues): Record<MailPart, string>;
}

/**
 * Reads every template of a folder: `<language>/<event>.{subject,text,html}`, in Mustache.
 * @throws EstateError naming what is missing, or file and line of what is wrong.
 */
export function loadTemplates(folder: string): MailTemplates {
  const languages = languagesOf(folder);
  const templates = new Map<string, string>();
  for (const language of languages) {
    demandKnownNames(folder, language);
    for (const event of mailEvent.options)
      for (const part of mailParts) {
        const file = join(folder, language, `${event}.${part}`);
        const text = readTemplate(file);
        checkTemplate(shown(file), text, event, part);
        templates.set(keyOf(language, event, part), text);
      }
  }
  return {
    language: (wanted) => (languages.includes(wanted) ? wanted : FALLBACK),
    render(language, event, { texts, goods }) {
      const view = {
        ...mapValues(texts, oneLine),
        [GOODS]: goods.map((line) => mapValues(line, oneLine)),
      };
      const render = (part: MailPart) => {
        const template = templates.get(keyOf(language, event, part));
        if (template === undefined) throw new Error(`no template for ${keyOf(language, event, part)}`);
        return Mustache.render(template, view, {}, part === 'html' ? {} : { escape: (value: string) => value });
      };
      return { subject: oneLine(render('subject')), text: render('text'), html: render('html') };
    },
  };
}

const keyOf = (language: string, event: MailEvent, part: MailPart): string => `${language}/${event}.${part}`;

const mapValues = <V>(values: Readonly<Record<string, V>>, change: (value: V) => V): Record<string, V> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

/** A path as somebody in the project's folder would write it. */
const shown = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
};

function languagesOf(folder: string): string[] {
  const languages = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const odd = languages.find((name) => !/^[a-z]{2,3}$/.test(name));
  if (odd !== undefined)
    throw new EstateError(`The folder ${shown(join(folder, odd))} of mail templates is not named after a language.`);
  if (!languages.includes(FALLBACK))
    throw new EstateError(`The folder ${shown(join(folder, FALLBACK))} of mail templates is missing.`);
  return languages;
}

/** A misspelt name would otherwise be a template that nobody ever uses. */
function demandKnownNames(folder: string, language: string): void {
  for (const { name } of entriesOf(join(folder, language))) {
    const [, event, part] = /^(.*)\.(subject|text|html)$/.exec(name) ?? [];
    if (part !== undefined && !mailEvent.safeParse(event).success)
      throw new EstateError(
        `The mail template ${shown(join(folder, language, name))} is of no event. Events are ${mailEvent.options.join(', ')}.`,
      );
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    throw new EstateError(`The folder ${shown(folder)} of mail templates cannot be read.`);
  }
}

function readTemplate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new EstateError(`The mail template ${shown(file)} is missing or cannot be read.`);
  }
}
