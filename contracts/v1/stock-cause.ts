/** Characters of an attribute of a step event. */
const ATTRIBUTE_MAX = 1_000;

const word = (kind: string, id: string): string => `${kind}:${encodeURIComponent(id)}`;

/** What an order reserved, gave back or shipped: `order:<transaction key>`, percent-encoded. */
export const orderCause = (key: string): string => word('order', key);
/** What a system told: `<system>:<change id>`, percent-encoded. */
export const stockCause = (source: string, changeId: string): string => word(source, changeId);

/** Attribute `caused_by` of step stock_changed: by what stock changed, as many words as an attribute holds. */
export const joinCauses = (causes: readonly string[]): string =>
  causes.reduce((text, cause) => {
    const longer = text === '' ? cause : `${text} ${cause}`;
    return longer.length <= ATTRIBUTE_MAX ? longer : text;
  }, '');

/** One thing by which stock changed. */
interface StockCause {
  /** `order`, or the system that told. */
  kind: string;
  /** The order's transaction key, or the id of the change. */
  id: string;
}

/** What an attribute names; what cannot be read is left out. */
export const readCauses = (text: string): StockCause[] =>
  text.split(' ').flatMap((one) => {
    const at = one.indexOf(':');
    if (at < 1) return [];
    try {
      return [{ kind: one.slice(0, at), id: decodeURIComponent(one.slice(at + 1)) }];
    } catch {
      return [];
    }
  });
