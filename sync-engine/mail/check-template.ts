import Mustache, { type TemplateSpans } from 'mustache';
import { EstateError } from '#platform/estate.ts';
import { GOODS, type MailEvent, type MailPart, namesFor, ofGoods } from './events.ts';

/**
 * Proves that a template can be filled whatever its mail is about, since a mistake must not be found by the first customer.
 * @param file as it is named to whoever has to correct it.
 * @throws EstateError naming file and line.
 */
export function checkTemplate(file: string, text: string, event: MailEvent, part: MailPart): void {
  const known = namesFor(event, part);
  const wrong = (at: number, what: string): never => {
    throw new EstateError(`The mail template ${file}, line ${lineOf(text, at)}: ${what}`);
  };
  const check = (spans: TemplateSpans, inGoods: boolean): void => {
    for (const [kind, name, at, , inner] of spans) {
      if (kind === 'text' || kind === '!') continue;
      if (kind === '&') wrong(at, `"${name}" would be put in unescaped; write {{${name}}}.`);
      if (kind === '>' || kind === '=') wrong(at, 'other templates and other delimiters are not supported.');
      const isGoods = name === GOODS && part !== 'subject' && !inGoods;
      const names = inGoods ? [...known, ...ofGoods] : known;
      if (!isGoods && !names.includes(name))
        wrong(
          at,
          `"${name}" is unknown here. Known are ${[...names, ...(part === 'subject' ? [] : [GOODS])].join(', ')}.`,
        );
      if (isGoods && kind === 'name') wrong(at, `"${name}" is a list; write {{#${name}}} … {{/${name}}}.`);
      if (Array.isArray(inner)) check(inner, inGoods || (isGoods && kind === '#'));
    }
  };
  check(parse(text, wrong), false);
  if (text.trim() === '') wrong(0, 'it is empty.');
  if (part === 'subject' && /[\r\n]/.test(text.trim()))
    wrong(text.trim().search(/[\r\n]/) + 1, 'a subject is one line.');
}

function parse(text: string, wrong: (at: number, what: string) => never): TemplateSpans {
  try {
    return Mustache.parse(text);
  } catch (error) {
    // "Unclosed section "lines" at 120": where it noticed, counted in characters.
    const words = error instanceof Error ? error.message : String(error);
    const [, what = words, at = '0'] = /^(.*) at (\d+)$/s.exec(words) ?? [];
    return wrong(Number(at), `${what}.`);
  }
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;
