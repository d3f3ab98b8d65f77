import type { Answer } from "dns-packet";
import type { Edns } from "./protocol/query.ts";

/** A record of a type that the library knows, or of any other by its number. */
export type NameRecord = (
  | (Answer extends infer Each
      ? Each extends { readonly type: unknown; readonly data: unknown }
        ? Pick<Each, "type" | "data">
        : never
      : never)
  | { readonly type: number; readonly data: Uint8Array }
) & {
  /** The name asked for by default. */
  readonly owner?: string;
  /** 60 by default. */
  readonly ttl?: number;
};

/** What a name has to say to a question. */
export interface NameReply {
  readonly rcode?: number;
  readonly answers?: readonly NameRecord[];
  readonly authorities?: readonly NameRecord[];
  readonly additionals?: readonly NameRecord[];
  /** Leaves recursion unavailable, or says that all was verified. */
  readonly flags?: { readonly truncated?: boolean; readonly authenticData?: boolean; readonly notRecursive?: boolean };
  /** Options of EDNS, by number. */
  readonly options?: readonly (readonly [code: number, data: Uint8Array])[];
  /** How EDNS is answered; as RFC 6891 says by default. */
  readonly edns?: "none" | "bad-version";
  readonly afterMilliseconds?: number;
  /** Answers nothing at all. */
  readonly silent?: boolean;
  /** Makes of the message what is sent; more than one is sent one after the other. */
  readonly rewrite?: (message: Uint8Array) => readonly Uint8Array[];
  /** Answers from another port; by UDP alone. */
  readonly fromElsewhere?: boolean;
}

/** How a question came. */
export type NameTransport = "udp" | "tcp" | "tls" | "https";

/** A question to one name. */
export interface NameQuestion {
  /** The whole name, in lower case. */
  readonly name: string;
  /** What stands for `N` in the name's pattern. */
  readonly number: number;
  /** `A`, `HTTPS`, or the number of a type that has no name here. */
  readonly type: string;
  readonly transport: NameTransport;
  readonly edns: Edns | undefined;
  /** Where the network is. */
  readonly host: string;
  /** Port of a service of the network. */
  readonly port: (service: string) => number;
  /** How often this name was asked for its addresses of this type before. */
  readonly timesBefore: () => number;
}

/** A name below `names.test` that behaves, or misbehaves, in one way. */
export interface TestName {
  /** What is left of `.names.test`: `cname-N` has a number in it, `rebind-NAME` a word of the client's choice. */
  readonly pattern: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /** The name below `names.test` that shows it; the pattern itself where that is a name. */
  readonly example?: string;
  /** The type of record to ask for; A by default. */
  readonly exampleType?: string;
  /** Greatest number that `N` may be; 1,000 by default. */
  readonly max?: number;
  readonly answer: (question: NameQuestion) => NameReply;
}

/** Makes a list of names. */
export function testNames(...names: readonly TestName[]): readonly TestName[] {
  return names;
}
