import { FairleadError } from "@fairlead/core";
import { openUdp } from "@fairlead/transport";
import { askGroup } from "../datagram/ask-group.ts";
import type { CoapResponse } from "../exchange.ts";
import {
  type CoapUri,
  coapCodes,
  coapOptions,
  formatCoapUri,
  readBlock,
  readOption,
  uriOptions,
} from "../protocol/index.ts";
import { CoapReply } from "./coap-reply.ts";
import { type DiscoveredResource, discoveredResources, type DiscoveryFilter, wellKnownCore } from "./discovery.ts";

/** Which group is asked, and how. */
export interface GroupDiscoveryOptions extends DiscoveryFilter {
  /** `224.0.1.187`, which is that of all CoAP nodes, by default. With IPv6 it is `ff02::fd` or `ff05::fd`. */
  readonly group?: string | undefined;
  /** 5683 by default. */
  readonly port?: number | undefined;
  /** How long answers are waited for; 7,000 by default. */
  readonly waitMilliseconds?: number | undefined;
  /** Devices that are heard; 1,000 by default. */
  readonly deviceLimit?: number | undefined;
  /** Name or address of the interface to ask by; the system's choice by default. */
  readonly interface?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What one device has told. */
export interface DiscoveredDevice {
  /** Such as `coap://192.0.2.7`. Anybody can claim to be anybody. */
  readonly url: string;
  readonly resources: readonly DiscoveredResource[];
}

/**
 * Asks a group what its members have. A list that came in part, or that a device gives to no stranger (Echo), is asked for
 * whole, of the device alone; what is none is passed over: a stranger's mistake is not the others' loss.
 *
 * @param whole gets a list of one device.
 */
export async function* discoverGroup(
  { group = "224.0.1.187", port = 5683, waitMilliseconds = 7_000, deviceLimit, signal, ...said }: GroupDiscoveryOptions,
  whole: (uri: CoapUri, options: WholeListOptions) => Promise<readonly DiscoveredResource[]>,
): AsyncGenerator<DiscoveredDevice, void, undefined> {
  const { interface: by, ...filter } = said;
  const core = wellKnownCore({ scheme: "coap", host: group, port, path: [], query: [] }, filter);
  const request = { code: coapCodes.GET, options: uriOptions(core), payload: new Uint8Array(0) };
  const isIpv6 = group.includes(":");
  await using endpoint = await openUdp({
    host: isIpv6 ? "::" : "0.0.0.0",
    multicast: { interfaces: by === undefined ? [] : [by] },
  });
  const asking = { waitMilliseconds, responseLimit: deviceLimit, signal };
  for await (const { from, response } of askGroup(endpoint, { host: group, port }, request, asking)) {
    const uri = { ...core, ...from };
    try {
      const isPart = readBlock(readOption(response, "block2") ?? 0)?.more === true;
      const isWhole = !isPart && readOption(response, "echo") === undefined;
      const resources = isWhole
        ? discoveredResources(uri, new CoapReply(uri, withoutBlocks(response)))
        : await whole(uri, { ...filter, signal, timeoutMilliseconds: waitMilliseconds });
      yield { url: formatCoapUri({ ...uri, path: [], query: [] }).slice(0, -1), resources };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof FairleadError)) throw error;
    }
  }
}

/** How the rest of a list is asked for. */
interface WholeListOptions extends DiscoveryFilter {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMilliseconds: number;
}

function withoutBlocks(response: CoapResponse): CoapResponse {
  return { ...response, options: response.options.filter(({ number }) => number !== coapOptions.block2.number) };
}
