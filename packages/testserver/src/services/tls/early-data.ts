import { randomBytes } from "node:crypto";
import { openEarlyData } from "../http/early-data.ts";
import type { StreamServiceEntry } from "../service-entry.ts";

/** Early data that is taken in another way than it should be, by the OpenSSL inside Node.js. */
export const earlyDataServices = [
  {
    name: "https-early-data-replayed",
    scheme: "https",
    does: "handles each request that comes as early data twice, as if an attacker had played it again (RFC 8470)",
    followsClock: true,
    open: (network, self) => {
      const ticketKeys = randomBytes(48);
      return openEarlyData(network, self, {
        accept: () => ({ earlyData: { maxBytes: 16_384 }, ticketKeys }),
        isReplayed: true,
      });
    },
  } satisfies StreamServiceEntry<"https-early-data-replayed">,
  {
    name: "https-early-data-short",
    scheme: "https",
    does: "takes 64 bytes of early data at most, as its tickets say, and breaks off at more",
    followsClock: true,
    open: (network, self) => {
      const ticketKeys = randomBytes(48);
      return openEarlyData(network, self, { accept: () => ({ earlyData: { maxBytes: 64 }, ticketKeys }) });
    },
  } satisfies StreamServiceEntry<"https-early-data-short">,
] as const;
