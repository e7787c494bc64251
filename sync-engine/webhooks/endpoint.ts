import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What an address may lead to. */
export interface EndpointPolicy {
  /** Hosts that may be private, as the estate allows them. */
  privateHosts: readonly string[];
  /** Only a simulated estate speaks to those without TLS. */
  simulated: boolean;
}

/** Networks that are nobody's on the internet (IANA special-purpose registries): metadata services, our own machines. */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4');
/** Of IPv6 only global unicast is open, less what stands for an IPv4 address or for nothing. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
const closed6 = new BlockList();
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  closed6.addSubnet(network, bits, 'ipv6');

/** May this address be reached for a stranger's endpoint? */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4');
    case 6:
      return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
    default:
      return false;
  }
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** What is wrong with an endpoint's address; undefined where nothing is. What its name leads to is seen when it is called. */
export function endpointProblem(text: string, { privateHosts, simulated }: EndpointPolicy): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'expected an address such as https://example.com/syncline';
  }
  const host = hostOf(url);
  const allowed = privateHosts.includes(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && simulated && allowed))
    return 'expected https: messages are signed, not hidden';
  if (url.username !== '' || url.password !== '') return 'may not carry a name and password; it is signed';
  if (url.hash !== '') return 'may not have a fragment';
  const named = isIP(host) === 0;
  if (!allowed && !named && !isPublicAddress(host)) return `${host} is a private address`;
  if (!allowed && named && (host === 'localhost' || !host.includes('.') || /\.(localhost|local|internal)$/.test(host)))
    return `${host} is a private name`;
  return undefined;
}

/** Code of the error where a name leads to a private address. */
export const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS';

/**
 * Looks a name up and refuses where any of its addresses is private. The connection is made to what was checked here, so
 * a name that answers something else the next time gains nothing.
 */
export function guardedLookup({ privateHosts }: Pick<EndpointPolicy, 'privateHosts'>): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      const refused = !privateHosts.includes(hostname) && addresses.some(({ address }) => !isPublicAddress(address));
      if (refused || first === undefined)
        return callback(
          Object.assign(new Error(`${hostname} leads to a private address`), { code: PRIVATE_ADDRESS }),
          '',
          0,
        );
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
