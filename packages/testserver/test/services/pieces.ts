import assert from "node:assert/strict";
import type { ServiceCheck } from "../describe-services.ts";

/** What a client says, and how many bytes it waits for then; `"end"`: it has said all, and waits for the server's end. */
export type Turn = readonly [says: Uint8Array | string, waitsFor: number | "end"];

type Occasion = Pick<ServiceCheck, "run" | "service">;

/** What a client heard, and in how many pieces it came. */
interface Heard {
  readonly bytes: Buffer;
  readonly segments: number;
}

/** Shows that an answer comes in pieces, and gives all of it. Ten are on their way before the first is acknowledged. */
export async function comesInPieces(check: Occasion, turns: readonly Turn[]): Promise<Buffer> {
  const { bytes, segments } = await hear(check, turns);
  assert.ok(segments >= 10, `${segments} segments`);
  return bytes;
}

/** Shows that each turn is answered in one piece, and gives all answers. */
export async function comesWhole(check: Occasion, turns: readonly Turn[]): Promise<Buffer> {
  const { bytes, segments } = await hear(check, turns);
  assert.equal(segments, turns.length);
  return bytes;
}

/** The kernel counts the segments that it received: how much a program reads at once depends on when it looks. */
async function hear({ run, service }: Occasion, turns: readonly Turn[]): Promise<Heard> {
  const said = turns.flatMap(([says, waitsFor]) => [Buffer.from(says).toString("hex"), String(waitsFor)]);
  const { stdout, stderr } = await run("python3", ["-c", script, String(service.port), ...said]);
  const [segments, bytes] = stdout.trim().split(" ");
  assert.ok(segments !== undefined && bytes !== undefined, stderr);
  return { bytes: Buffer.from(bytes, "hex"), segments: Number(segments) };
}

/** struct tcp_info of <linux/tcp.h>: tcpi_data_segs_in is at 152. */
const script = `
import socket, struct, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
heard = b""
for says, waits_for in zip(sys.argv[2::2], sys.argv[3::2]):
    client.sendall(bytes.fromhex(says))
    if waits_for == "end": client.shutdown(socket.SHUT_WR)
    wanted = sys.maxsize if waits_for == "end" else len(heard) + int(waits_for)
    while len(heard) < wanted:
        piece = client.recv(1000)
        if not piece: break
        heard += piece
info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
print(struct.unpack_from("=I", info, 152)[0], heard.hex())
`;
