import { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import { IsoTpLink } from "./iso-tp-link.ts";
import { isoTpSettings, type IsoTpOptions } from "./options.ts";

/** Bytes from which on the sender of a long message has to wait; one that has begun comes all the same. */
const readableHighWaterMark = 16_384;

/** Bytes that are kept beside it for a slow reader: those of messages of one frame, which cannot be made to wait. */
const maxShortBytes = 65_536;

/**
 * Exchanges bytes over ISO-TP: what is written goes out in messages of the largest size, and their borders are not kept. A
 * slow reader has the sender of long messages wait.
 *
 * A message that is lost ends the stream with an error, so that no byte is missing unseen. ISO-TP has no end of a stream: the
 * other side does not hear of `end()`, and its own never comes. Destroying it leaves the bus open.
 *
 * @throws UsageError OPTION_INVALID; the stream fails with TransportError ISOTP_MESSAGE_LOST or as the bus.
 */
export function isoTpStream(options: IsoTpOptions): Duplex {
  const settings = isoTpSettings(options);
  const maxBufferedBytes = readableHighWaterMark + settings.messageBytes + maxShortBytes;
  const link = new IsoTpLink(settings, {
    onMessage(bytes) {
      if (stream.push(bytes)) return;
      link.hold(true);
      if (stream.readableLength <= maxBufferedBytes) return;
      const detail = `nobody reads, and ${String(maxBufferedBytes)} bytes wait already`;
      stream.destroy(new TransportError("ISOTP_MESSAGE_LOST", { peer: settings.peer, operation: "receive", detail }));
    },
    onLost: (error) => stream.destroy(error),
    onClose: (reason) => stream.destroy(reason ?? new TransportError("STREAM_CLOSED", { peer: settings.peer })),
  });
  const stream = new Duplex({
    readableHighWaterMark,
    read: () => link.hold(false),
    write(chunk: Buffer, _encoding, done) {
      sendInPieces(link, chunk).then(() => done(), done);
    },
    destroy(error, done) {
      link.close();
      done(error);
    },
  });
  return stream;
}

async function sendInPieces(link: IsoTpLink, chunk: Buffer): Promise<void> {
  const { messageBytes } = link.settings;
  for (let start = 0; start < chunk.length; start += messageBytes) {
    await link.send(chunk.subarray(start, start + messageBytes));
  }
}
