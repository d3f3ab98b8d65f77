import { type DatagramAddress, openUdp } from "@fairlead/transport";
import { type DatagramServiceEntry, serviceFamily } from "../../service-entry.ts";
import { listenToStrangers } from "../strangers.ts";
import { Timers } from "../timers.ts";

/** Datagrams that come back, or not, or not as they should. */
export const udpServices = serviceFamily("udp", "speak UDP, each datagram for itself", [
  echo({
    name: "udp-echo",
    does: "sends each datagram back to where it came from",
    example: "echo hello | nc -u -w1 {host} {port}",
    answers: (bytes) => [bytes],
  }),
  echo({
    name: "udp-silent",
    does: "takes datagrams and never answers",
    answers: () => [],
  }),
  echo({
    name: "udp-twice",
    does: "sends each datagram back twice, as a network may",
    answers: (bytes) => [bytes, bytes],
  }),
  echo({
    name: "udp-cut",
    does: "sends back the first half of each datagram, as nothing in UDP shows",
    answers: (bytes) => [bytes.subarray(0, bytes.length >> 1)],
  }),
  echo({
    name: "udp-corrupt",
    does: "sends each datagram back with the last bit of its last byte turned over",
    answers: (bytes) => {
      const changed = Buffer.from(bytes);
      const last = changed.length - 1;
      if (last >= 0) changed.writeUInt8(changed.readUInt8(last) ^ 1, last);
      return [changed];
    },
  }),
  {
    name: "udp-swapped",
    transport: "udp",
    scheme: "udp",
    does: "keeps each datagram until the next comes, and sends both back in the wrong order",
    open: (network, { name }, endpoint) => {
      let kept: { readonly bytes: Buffer; readonly from: DatagramAddress } | undefined;
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        const first = kept;
        kept = first === undefined ? { bytes, from } : undefined;
        if (first === undefined) return;
        endpoint.send(bytes, from);
        endpoint.send(first.bytes, first.from);
      });
      return {};
    },
  },
  {
    name: "udp-slow",
    transport: "udp",
    scheme: "udp",
    does: "sends each datagram back a second later; so many that wait at once, then none",
    example: "echo hello | nc -u -w3 {host} {port}",
    open: (network, { name }, endpoint) => {
      const timers = new Timers(64);
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        timers.after(1000, () => {
          endpoint.send(bytes, from);
        });
      });
      return timers;
    },
  },
  fromElsewhere({
    name: "udp-wrong-source",
    does: "sends each datagram back from another port than it was sent to",
    alsoFromHere: false,
  }),
  fromElsewhere({
    name: "udp-stranger-first",
    does: "lets a stranger answer from another port before it sends the datagram back",
    alsoFromHere: true,
  }),
]);

interface EchoTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly example?: string;
  readonly answers: (bytes: Buffer) => readonly Buffer[];
}

function echo<const Name extends string>(terms: EchoTerms<Name>): DatagramServiceEntry<Name> {
  const { name, does, example, answers } = terms;
  return {
    ...{ name, transport: "udp", scheme: "udp", does },
    ...(example === undefined ? {} : { example }),
    open: (network, _self, endpoint) => {
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        for (const answer of answers(bytes)) endpoint.send(answer, from);
      });
      return {};
    },
  };
}

interface ElsewhereTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly alsoFromHere: boolean;
}

function fromElsewhere<const Name extends string>(terms: ElsewhereTerms<Name>): DatagramServiceEntry<Name> {
  const { name, does, alsoFromHere } = terms;
  return {
    ...{ name, transport: "udp", scheme: "udp", does },
    open: async (network, _self, endpoint) => {
      const elsewhere = await openUdp({ host: network.host, port: 0, mtu: endpoint.mtu });
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        elsewhere.send(alsoFromHere ? Buffer.from("a stranger's answer\n") : bytes, from);
        if (alsoFromHere) endpoint.send(bytes, from);
      });
      return elsewhere;
    },
  };
}
