import { formatPairs, FrameType, type FrameWriter } from "../protocol/index.ts";
import { OutgoingContent } from "./outgoing-content.ts";

/** What frames are written to. */
export interface FrameOutlet {
  readonly writer: FrameWriter;
  flushSoon(): void;
}

/** Content of one request that leaves over a link; `onSent` is told when its end has. */
export function outgoingContent(
  request: number,
  link: FrameOutlet,
  windowBytes: number,
  onSent: () => void,
): OutgoingContent {
  const { writer } = link;
  return new OutgoingContent(windowBytes, {
    data(bytes, isEnd) {
      writer.data(request, bytes, isEnd);
      link.flushSoon();
      if (isEnd) onSent();
    },
    trailers(fields) {
      // Trailers that cannot be sent are left out, as anywhere else.
      const text = formatPairs(fields) ?? "";
      if (text === "") writer.data(request, new Uint8Array(), true);
      else writer.pairs(FrameType.trailers, 0, request, text);
      link.flushSoon();
      onSent();
    },
  });
}
