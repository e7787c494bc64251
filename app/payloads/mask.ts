import { parseTree, type Node } from 'jsonc-parser';

/**
 * Personal data hidden in JSON text. Each hidden value becomes a numbered token, so that a person who may not see a
 * value can still edit the document around it: the server puts the originals back by number, wherever they moved.
 */
export interface Masked {
  text: string;
  /** How many values are hidden. */
  hidden: number;
}

const TOKEN = /"‹hidden (\d+)›"/g;

/** Keys that name personal data in the vendors' payloads and in the canonical order, lower case without separators. */
const personal = new Set(
  `firstname lastname fullname middlename givenname familyname surname maidenname customername contactname recipientname
  cardholdername creditcardname displayname addressee attention attn company companyname
  email emailaddress contactemail customeremail receiptemail altemail
  phone phonenumber mobile telephone fax altphone defaultphone
  address1 address2 address3 addr1 addr2 addr3 addrtext line1 line2 line3 street street1 street2 streetaddress streetlines
  latitude longitude browserip clientip ipaddress useragent creditcardnumber birthday dateofbirth`.split(/\s+/),
);

/** Objects in which a plain "name" is a person's. */
const people =
  /^(customer|billing|shipping|billingaddress|shippingaddress|shipaddress|billaddress|shipto|billto|defaultaddress|address|addresses|recipient|contact|billingdetails|cardholder|deliveryaddress|destination|toaddress|buyer|user|useraccount|deliveryto)$/;

const email = /[\w.+-]+@[\w-]+(\.[\w-]+)+/;
const emails = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

const plain = (key: string) => key.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Hides names, e-mails, phones and street lines. Text that is not JSON is hidden whole, since nothing can be told apart. */
export function maskJson(text: string): Masked {
  const literals = personalLiterals(text);
  if (literals === undefined) return text.trim() === '' ? { text, hidden: 0 } : { text: '"‹hidden 1›"', hidden: 1 };
  let masked = '';
  let from = 0;
  literals.forEach((node, index) => {
    masked += `${text.slice(from, node.offset)}"‹hidden ${index + 1}›"`;
    from = node.offset + node.length;
  });
  return { text: masked + text.slice(from), hidden: literals.length };
}

/** Puts back what `maskJson(original)` hid. Tokens with a number the original does not have stay as they are. */
export function unmaskJson(edited: string, original: string): string {
  const literals = personalLiterals(original);
  const originals =
    literals === undefined
      ? [original]
      : literals.map((node) => original.slice(node.offset, node.offset + node.length));
  return edited.replace(TOKEN, (token, number: string) => originals[Number(number) - 1] ?? token);
}

/** Hides e-mail addresses inside a sentence, such as a vendor's error message. */
export function maskText(text: string): string {
  return text.replace(emails, '‹hidden›');
}

function personalLiterals(text: string): Node[] | undefined {
  const root = parseTree(text, [], { disallowComments: true });
  if (!root || root.type === 'string' || root.type === 'number') return undefined;
  const found: Node[] = [];
  collect(root, [], found);
  return found.sort((a, b) => a.offset - b.offset);
}

function collect(node: Node, path: readonly string[], found: Node[]): void {
  switch (node.type) {
    case 'object':
      for (const property of node.children ?? []) {
        const [key, value] = property.children ?? [];
        if (key && value) collect(value, [...path, String(key.value)], found);
      }
      return;
    case 'array':
      for (const item of node.children ?? []) collect(item, path, found);
      return;
    case 'string':
    case 'number':
      if (isPersonal(path, node)) found.push(node);
      return;
    default:
  }
}

function isPersonal(path: readonly string[], node: Node): boolean {
  const text = String(node.value);
  if (text === '') return false;
  if (node.type === 'string' && email.test(text)) return true;
  const key = plain(path.at(-1) ?? '');
  if (personal.has(key)) return true;
  return key === 'name' && people.test(plain(path.at(-2) ?? ''));
}
