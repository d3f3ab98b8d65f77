import type * as dnsPacket from "dns-packet";
import { findName } from "./catalogue.ts";
import type { NameMemory } from "./name-memory.ts";
import { flagBits, formatMessage, formatName, type WireRecord } from "./protocol/message.ts";
import { readQuery, type ReadQuery } from "./protocol/query.ts";
import { typeName, typeNumber } from "./record-types.ts";
import { good, nameError, namesZone, noData, rcodes } from "./replies.ts";
import { apex, reverse } from "./tables/records.ts";
import type { NameQuestion, NameRecord, NameReply, NameTransport } from "./test-name.ts";

/** What is sent for one query. */
export interface NameAnswer {
  readonly messages: readonly Uint8Array[];
  readonly afterMilliseconds: number;
  readonly fromElsewhere: boolean;
}

/** What a name server knows. */
export interface NameServerOptions {
  /** Where the network is. */
  readonly host: string;
  readonly port: (service: string) => number;
  readonly memory: NameMemory;
  /** Makes of what a name has to say what this server says. */
  readonly override?: ((question: NameQuestion, ordinary: () => NameReply) => NameReply) | undefined;
}

type Query = Extract<ReadQuery, { readonly type: "query" }>;

/** What servers of today say that they take by UDP, and what is sent to whoever says more. */
const udpSizeBytes = 1232;
const greatestUdpSizeBytes = 4096;
const internetClass = 1;
const chaosClass = 3;

/** Answers queries. The library that knows the data of records is loaded with it. */
export async function openNameServer(options: NameServerOptions): Promise<NameServer> {
  return new NameServer(options, await import("dns-packet"));
}

/** Answers queries, by whatever they come. */
export class NameServer {
  readonly #options: NameServerOptions;
  readonly #library: typeof dnsPacket;

  constructor(options: NameServerOptions, library: typeof dnsPacket) {
    this.#options = options;
    this.#library = library;
  }

  /** What is to be sent for these bytes; `undefined` where nothing is. */
  answer(bytes: Uint8Array, transport: NameTransport): NameAnswer | undefined {
    const query = readQuery(bytes);
    if (query.type === "none") return undefined;
    if (query.type === "refused") {
      const flags = flagBits.response | (query.flags & 0x7900) | query.rcode;
      return once(formatMessage({ id: query.id, flags, question: undefined }));
    }
    const reply = this.#reply(query, transport);
    if (reply.silent === true) return undefined;
    const message = this.#format(query, reply, transport);
    return {
      messages: reply.rewrite?.(message) ?? [message],
      afterMilliseconds: reply.afterMilliseconds ?? 0,
      fromElsewhere: reply.fromElsewhere === true && transport === "udp",
    };
  }

  #reply({ question, edns }: Query, transport: NameTransport): NameReply {
    const { host, port, memory, override } = this.#options;
    const name = question.labels.join(".");
    const type = typeName(question.type);
    if (edns !== undefined && edns.version !== 0) return { rcode: rcodes.badVersion };
    if (question.class === chaosClass && name === "version.bind" && type === "TXT") {
      return { answers: [{ type: "TXT", data: "the test network of Fairlead" }] };
    }
    if (question.class !== internetClass || type === "AXFR" || type === "IXFR") return { rcode: rcodes.refused };
    const asked = {
      ...{ name, number: 0, type, transport, edns, host, port },
      timesBefore: () => memory.timesBefore(`${name} ${type}`),
    };
    const ordinary = (): NameReply => answerName(asked);
    return override?.(asked, ordinary) ?? ordinary();
  }

  #format(query: Query, reply: NameReply, transport: NameTransport): Uint8Array {
    const { question, edns } = query;
    const { flags = {}, rcode = 0 } = reply;
    const withEdns = edns !== undefined && reply.edns !== "none";
    const code = rcode > 15 && !withEdns ? rcodes.serverFailure : rcode;
    const bits =
      flagBits.response |
      (query.flags & (flagBits.recursionDesired | flagBits.checkingDisabled)) |
      (flags.notRecursive === true ? 0 : flagBits.authoritative | flagBits.recursionAvailable) |
      (flags.authenticData === true ? flagBits.authenticData : 0) |
      (code & 15);
    const opt = withEdns ? [optRecord(code, edns.wantsSignatures, reply.options ?? [])] : [];
    const head = { id: query.id, question: question.bytes };
    const truncated = { ...head, flags: bits | flagBits.truncated, additionals: opt };
    const whole = formatMessage({
      ...head,
      flags: flags.truncated === true ? truncated.flags : bits,
      answers: this.#records(reply.answers),
      authorities: this.#records(reply.authorities),
      additionals: [...this.#records(reply.additionals), ...opt],
    });
    const limit = transport === "udp" ? Math.min(edns?.sizeBytes ?? 512, greatestUdpSizeBytes) : 65_535;
    return whole.length > limit ? formatMessage(truncated) : whole;
  }

  #records(records: readonly NameRecord[] = []): readonly WireRecord[] {
    return records.map((record) => ({
      owner: record.owner === undefined ? undefined : formatName(record.owner),
      type: typeNumber(record.type),
      ttl: record.ttl ?? 60,
      data: this.#dataOf(record),
    }));
  }

  /** The library formats whole messages; of one with a single record at the root, the data begins at a known place. */
  #dataOf(record: NameRecord): Uint8Array {
    if (typeof record.type === "number") return record.data;
    // The type of `data` goes with `type`, as in the library's own.
    const answer = { name: ".", type: record.type, data: record.data } as dnsPacket.Answer;
    return this.#library.encode({ type: "response", answers: [answer] }).subarray(12 + 1 + 2 + 2 + 4 + 2);
  }
}

/** Answers for any name, by the zones of the network. */
function answerName(question: NameQuestion): NameReply {
  const { name, type } = question;
  if (type === "ANY") return { answers: [{ type: "HINFO", data: { cpu: "RFC8482", os: "" } }] };
  if (name.endsWith(".arpa")) return reverse(name, type);
  if (name === namesZone) return apex(name, type);
  if (name.endsWith(`.${namesZone}`)) {
    const prefix = name.slice(0, -namesZone.length - 1);
    const found = findName(prefix);
    if (found !== undefined) return found.testName.answer({ ...question, number: found.number });
    return prefix === "ns" ? { answers: good(question) } : nameError(question);
  }
  if (!/(?:^|\.)(?:test|localhost)$/.test(name)) return { rcode: rcodes.refused };
  const answers = good(question);
  if (answers.length > 0) return { answers };
  return /^[^.]+\.test$/.test(name) ? apex(name, type) : noData(question);
}

function optRecord(
  rcode: number,
  wantsSignatures: boolean,
  options: readonly (readonly [code: number, data: Uint8Array])[],
): WireRecord {
  const data = options.flatMap(([code, value]) => [
    ...[code >> 8, code & 0xff, value.length >> 8, value.length & 0xff],
    ...value,
  ]);
  return {
    owner: Uint8Array.of(0),
    type: typeNumber("OPT"),
    class: udpSizeBytes,
    ttl: (rcode >> 4) * 2 ** 24 + (wantsSignatures ? 0x8000 : 0),
    data: Uint8Array.from(data),
  };
}

function once(message: Uint8Array): NameAnswer {
  return { messages: [message], afterMilliseconds: 0, fromElsewhere: false };
}
