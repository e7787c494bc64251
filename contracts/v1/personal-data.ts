/** Keys that name personal data in the vendors' payloads and in the canonical order, lower case without separators. */
const personal = new Set(
  `firstname lastname fullname middlename givenname familyname surname maidenname customername contactname recipientname
  cardholdername creditcardname displayname addressee attention attn company companyname
  email emailaddress contactemail customeremail receiptemail altemail
  phone phonenumber mobile telephone fax altphone defaultphone
  buyername buyeremail giftmessagetext addressline1 addressline2 addressline3
  address1 address2 address3 addr1 addr2 addr3 addrtext line1 line2 line3 street street1 street2 tostreet fromstreet streetaddress streetlines
  mailtext mailhtml
  latitude longitude browserip clientip ipaddress useragent creditcardnumber birthday dateofbirth signedby`.split(
    /\s+/,
  ),
);

/** Objects in which a plain "name" is a person's. */
const people =
  /^(customer|billing|shipping|billingaddress|shippingaddress|shipaddress|billaddress|shipto|billto|defaultaddress|address|addresses|recipient|contact|billingdetails|cardholder|deliveryaddress|destination|toaddress|buyer|user|useraccount|deliveryto)$/;

const email = /[\w.+-]+@[\w-]+(\.[\w-]+)+/;
const emails = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Does a text have an e-mail address in it? */
export const hasEmail = (text: string): boolean => email.test(text);

const plain = (key: string) => key.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * Is a value of a document somebody's personal data, by the names it stands under or by its form?
 * @param names keys from the root to the value, without the positions in lists.
 */
export function isPersonal(names: readonly string[], value: string | number): boolean {
  if (value === '') return false;
  if (typeof value === 'string' && email.test(value)) return true;
  const key = plain(names.at(-1) ?? '');
  if (personal.has(key)) return true;
  return key === 'name' && people.test(plain(names.at(-2) ?? ''));
}

/** Hides e-mail addresses inside a sentence, such as a vendor's error message. */
export const withoutEmails = (text: string, shown: readonly string[] = []): string =>
  text.replace(emails, (address) => (shown.includes(address.toLowerCase()) ? address : '‹hidden›'));
