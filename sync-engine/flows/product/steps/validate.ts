import { readMasterMessage } from '../../../master/apply.ts';
import { changedAgain, newest, type ProductInline } from '../product-data.ts';

/**
 * Understands the message; a version that a newer one has replaced is not published any more. Of one that a person corrected
 * the channel may have been told already: then the steps after this one see to it that it shows the newest.
 */
export const validate: ProductInline = {
  kind: 'inline',
  name: 'validate',
  ofMessage: true,
  next: () => 'publish_product',
  run: async (view, env) => {
    const { headers, body } = await env.messages.read(view.data);
    const change = readMasterMessage(headers, Buffer.from(body).toString());
    if (change.kind !== 'product') throw new Error(`message ${view.data.intake_seq} is no product`);
    const product = change.value;
    const latest = await newest(product, env);
    if (view.data.product === undefined && latest !== product)
      return { status: 'superseded', attributes: { reason: changedAgain(latest) }, finish: true };
    return { status: 'completed', data: { product }, attributes: { title: product.title } };
  },
};
