import { channelMapping, channelProduct } from '#contracts/v1/channel-api.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { mappingKind } from '#contracts/v1/mapping.ts';
import { sku } from '#contracts/v1/primitives.ts';
import { mappingKey } from '../../master/keys.ts';
import { submitRoute, systemOf } from '../api-route.ts';
import type { RouteContext } from '../context.ts';
import { check } from '#platform/http/json.ts';
import { invalid, unknown } from '#platform/http/problem.ts';

/** Item master and mappings, as PIM and integration engineers put them. */
export function masterDataRoutes(context: RouteContext): void {
  submitRoute(context, 'putProduct', (body, { client, parameters }) => {
    systemOf(context, client);
    const item = skuOf(parameters['sku']);
    const { updated_at } = check(channelProduct, body);
    return {
      topic: 'channel.product',
      key: item,
      identity: updated_at,
      resource: resourcePath('v1', 'products', item),
    };
  });
  submitRoute(context, 'putMapping', (body, { client, parameters }) => {
    const own = systemOf(context, client).id;
    const { kind: named = '', code = '' } = parameters;
    const kind = mappingKind.safeParse(named);
    if (!kind.success) throw unknown(`There is no mapping of that kind. Kinds are ${mappingKind.options.join(', ')}.`);
    if (code.length > 200)
      throw invalid('The code is too long.', [{ path: 'code', message: 'at most 200 characters' }]);
    const { system = own, changed_at } = check(channelMapping, body);
    if (!context.estate.systems.some(({ id }) => id === system))
      throw invalid('The system is not known.', [{ path: '/system', message: `"${system}" is not in this estate` }]);
    return {
      topic: 'channel.mapping',
      key: mappingKey(kind.data, system, code),
      identity: changed_at === undefined ? undefined : `${system} ${changed_at}`,
      resource: resourcePath('v1', 'mappings', kind.data, code),
    };
  });
}

/** @throws Refused 422 where the path names no SKU. */
export function skuOf(text: string | undefined): string {
  const parsed = sku.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? 'is no SKU';
  throw invalid('The SKU in the path is not valid.', [{ path: 'sku', message }]);
}
