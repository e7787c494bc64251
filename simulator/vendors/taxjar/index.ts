import { sameSecret } from '../../sign.ts';
import { euTaxes, ukTax, usTaxes } from '../../catalogue/taxes.ts';
import {
  bearer,
  field,
  jsonBody,
  listAt,
  refuse,
  type JsonObject,
  type Refusal,
  type VendorApi,
  type VendorContext,
} from '../vendor.ts';

const taxJarError = (status: number, error: string, detail: string): Refusal => ({
  status,
  body: { status, error, detail },
});

const refusals = {
  unauthorised: () => taxJarError(401, 'Unauthorized', 'Not authorized for route'),
  internal: () => taxJarError(500, 'Internal Server Error', 'Something went wrong on our side'),
  throttled: (seconds: number): Refusal => ({
    ...taxJarError(429, 'Too Many Requests', 'Rate limit exceeded'),
    headers: { 'retry-after': String(seconds) },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...taxJarError(503, 'Service Unavailable', 'TaxJar is temporarily offline'),
    headers: { 'retry-after': String(seconds) },
  }),
};

/** Sales tax of an order: `POST /v2/taxes` (developers.taxjar.com/api/reference, "Calculate sales tax for an order"). */
export function createTaxJar(context: VendorContext): VendorApi {
  const token = context.setting('access_token');
  let quotes = 0;
  return {
    authorised: (request) => sameSecret(bearer(request) || tokenOf(field(request.headers, 'authorization')), token),
    refusals,
    routes: (app) => {
      app.post('/v2/taxes', (request, reply) => {
        const body = jsonBody(request);
        if (body === undefined) return refuse(reply, taxJarError(400, 'Bad Request', 'No body, or not JSON'));
        const missing = ['to_country', 'shipping'].find((name) => field(body, name) === '');
        if (missing !== undefined) return refuse(reply, taxJarError(406, 'Not Acceptable', `${missing} is missing`));
        if (field(body, 'amount') === '' && listAt(body, 'line_items').length === 0)
          return refuse(reply, taxJarError(406, 'Not Acceptable', 'amount or line_items is missing'));
        quotes++;
        return reply.send({ tax: quote(body) });
      });
    },
    state: () => ({ quotes }),
    counts: () => ({ quotes }),
  };
}

/** TaxJar also takes `Token token="…"`. */
const tokenOf = (header: string): string => /^Token token="([^"]+)"$/.exec(header)?.[1] ?? '';

const round = (value: number): number => Math.round(value * 100) / 100;

/** Combined rate of the destination, in millionths; shipping is taxed where the state (or the EU) does so. */
function ratePpm(country: string, state: string): { rate: number; state: number; freight: boolean } {
  if (country === 'US') {
    const taxes = usTaxes[state] ?? [];
    const rate = taxes.reduce((sum, tax) => sum + tax.ratePpm, 0);
    return { rate, state: taxes[0]?.ratePpm ?? 0, freight: state !== 'CA' && state !== 'MA' };
  }
  const rate = country === 'GB' ? ukTax.ratePpm : (euTaxes[country]?.ratePpm ?? 0);
  return { rate, state: rate, freight: true };
}

function quote(body: JsonObject) {
  const number = (value: unknown) => Number(value ?? 0) || 0;
  const { rate: ppm, state, freight } = ratePpm(field(body, 'to_country'), field(body, 'to_state'));
  const rate = ppm / 1_000_000;
  const stateRate = state / 1_000_000;
  const shipping = number(body['shipping']);
  const lines = listAt(body, 'line_items').map((line) => {
    const taxable = round(number(line['unit_price']) * number(line['quantity']) - number(line['discount']));
    return { id: field(line, 'id'), taxable };
  });
  const goods = lines.length > 0 ? round(lines.reduce((sum, line) => sum + line.taxable, 0)) : number(body['amount']);
  const taxable = round(goods + (freight ? shipping : 0));
  const part = (amount: number) => ({
    taxable_amount: amount,
    tax_collectable: round(amount * rate),
    combined_tax_rate: rate,
    state_taxable_amount: amount,
    state_sales_tax_rate: stateRate,
    state_amount: round(amount * stateRate),
    county_taxable_amount: amount,
    county_tax_rate: round((rate - stateRate) * 1e6) / 1e6,
    county_amount: round(amount * (rate - stateRate)),
    city_taxable_amount: 0,
    city_tax_rate: 0,
    city_amount: 0,
  });
  return {
    order_total_amount: round(goods + shipping),
    shipping,
    taxable_amount: taxable,
    amount_to_collect: round(taxable * rate),
    rate,
    has_nexus: rate > 0,
    freight_taxable: freight,
    tax_source: 'destination',
    exemption_type: null,
    jurisdictions: {
      country: field(body, 'to_country'),
      state: field(body, 'to_state'),
      city: field(body, 'to_city').toUpperCase(),
    },
    breakdown: {
      ...part(taxable),
      ...(freight ? { shipping: part(shipping) } : {}),
      line_items: lines.map((line) => ({ id: line.id, ...part(line.taxable) })),
    },
  };
}
