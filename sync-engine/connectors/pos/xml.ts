import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element: attributes as `@Name`, its text as `#text`; one without attributes or children is its text alone. */
export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] | undefined };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Amounts and numbers keep every digit, and nothing is ever expanded.
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
});

/**
 * Reads XML without document types and entities but the five that XML itself knows: nothing outside the document is ever
 * looked at, and nothing in it grows.
 * @throws SyntaxError that tells where it is no such XML.
 */
export function parseXml(text: string): XmlNode {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new SyntaxError('a document type is not allowed');
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) throw new SyntaxError(`${valid.err.msg} (line ${valid.err.line}, column ${valid.err.col})`);
    return parser.parse(text) as XmlNode;
  } catch (error) {
    // Nested beyond what the parser takes, or a name that it refuses.
    throw error instanceof SyntaxError ? error : new SyntaxError(error instanceof Error ? error.message : 'unreadable');
  }
}

/** The elements of this name, in their order. */
export function elements(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === 'string' || !Object.hasOwn(node, name)) return [];
  const found = node[name];
  return found === undefined ? [] : Array.isArray(found) ? [...(found as XmlNode[])] : [found as XmlNode];
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of the first element (or attribute, `@Name`) of this name, undefined where there is none. */
export function textOf(node: XmlNode | undefined, name: string): string | undefined {
  const [first] = elements(node, name);
  const text = typeof first === 'string' ? first : first?.['#text'];
  if (typeof text !== 'string') return undefined;
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, entity: string) => predefined[entity] ?? whole);
}
