import { EventEmitter, once } from "node:events";
import type { Duplex } from "node:stream";
import { simulateGatt } from "@fairlead/conformance/gatt";
import { streamConformance } from "@fairlead/conformance/stream";
import { acceptLinkStreams } from "@fairlead/transport/framed";
import { connectGatt } from "@fairlead/transport/gatt";

streamConformance("a device with an MTU of 247", {
  open: (allowHalfOpen) => openPair(247, allowHalfOpen),
  reset: (stream: Duplex & { resetAndDestroy?: () => unknown }) => {
    stream.resetAndDestroy?.();
  },
  bulkBytes: 2_097_152,
});

streamConformance("a device that goes out of range every 300 messages", {
  open: (allowHalfOpen) => openPair(247, allowHalfOpen, 300),
  bulkBytes: 1_048_576,
});

async function openPair(mtu: number, allowHalfOpen: boolean, breaksAfter?: number): Promise<[Duplex, Duplex]> {
  const accepted = new EventEmitter<{ stream: [Duplex] }>();
  const acceptor = acceptLinkStreams((stream) => accepted.emit("stream", stream), {
    allowHalfOpen,
    windowBytes: 131_072,
  });
  const { peripheral } = simulateGatt({
    mtu,
    onLink: (link) => {
      acceptor.accept(link);
    },
    ...(breaksAfter !== undefined && { breaksAfter: () => breaksAfter }),
  });
  const far = once(accepted, "stream") as Promise<[Duplex]>;
  const near = await connectGatt(peripheral, { allowHalfOpen, windowBytes: 131_072 });
  const [other] = await far;
  return [near, other];
}
