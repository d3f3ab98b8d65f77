import { ascii, contextTag, type DerNode, MalformedDer } from "./der-node.ts";
import { type DistinguishedName, readDistinguishedName } from "./distinguished-name.ts";

/** A name of a certificate's subject, or the base of a name constraint. Text is the peer's, unchecked. */
export type GeneralName =
  | { readonly type: "dns" | "mail" | "uri"; readonly value: string }
  /** 4 or 16 octets in a name, twice as many in a constraint; other lengths are malformed. */
  | { readonly type: "ip"; readonly value: Uint8Array }
  | { readonly type: "directory"; readonly value: DistinguishedName }
  /** A form that no rule here understands: otherName, x400Address, ediPartyName, registeredID. */
  | { readonly type: "unsupported"; readonly form: number };

/**
 * Reads a GeneralName.
 *
 * @throws MalformedDer
 * @see RFC 5280 section 4.2.1.6
 */
export function readGeneralName(node: DerNode): GeneralName {
  switch (node.tag) {
    case contextTag(1, "primitive"):
      return { type: "mail", value: ascii(node.content) };
    case contextTag(2, "primitive"):
      return { type: "dns", value: ascii(node.content) };
    case contextTag(6, "primitive"):
      return { type: "uri", value: ascii(node.content) };
    case contextTag(7, "primitive"):
      return { type: "ip", value: node.content };
    case contextTag(4, "constructed"): {
      const [name, more] = node.children;
      if (name === undefined || more !== undefined) throw new MalformedDer("a directory name is malformed");
      return { type: "directory", value: readDistinguishedName(name) };
    }
    case contextTag(0, "constructed"):
    case contextTag(3, "constructed"):
    case contextTag(5, "constructed"):
    case contextTag(8, "primitive"):
      return { type: "unsupported", form: node.tag & 0x1f };
  }
  throw new MalformedDer("a name has no known form");
}
