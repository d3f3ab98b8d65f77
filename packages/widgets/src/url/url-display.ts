import type { LabelReason } from "./idn/label-reason.ts";
import type { SchemeClass } from "./scheme-class.ts";

/**
 * What a URL is shown as. It is for the eyes alone: never parse it, never navigate by it, never compare sites by it.
 *
 * What has `type: "text"` is no URL; it is shown as the text that it is.
 */
export type UrlDisplay = ShownUrl | { readonly type: "text"; readonly text: string };

/** A URL, cut into what is shown in this order. The texts of the parts, joined, are the whole display. */
export interface ShownUrl {
  readonly type: "url";
  /** In the order of reading, left to right. Each is isolated from its neighbours by whoever draws it. */
  readonly parts: readonly UrlPart[];
  /** The scheme, as the URL parser has it: `https:`. */
  readonly scheme: string;
  readonly schemeClass: SchemeClass;
  readonly host: ShownHost;
  /** What the display leaves out or writes in another way, in the order of the URL. */
  readonly notes: readonly UrlNote[];
}

/** One stretch of a URL that is shown. */
export interface UrlPart {
  readonly role: UrlPartRole;
  /** Has no control, bidirectional or invisible character, and no space. */
  readonly text: string;
  readonly emphasis: UrlPartEmphasis;
}

/**
 * What a part is. `site` is the registrable domain, or the whole host where it has none or where nobody knows
 * (`localhost`, an address, the data are not loaded); `opaque` all that follows a scheme that has no host.
 */
export type UrlPartRole = "scheme" | "subdomain" | "site" | "port" | "path" | "query" | "fragment" | "opaque";

/**
 * How much a part stands out: `flagged` is a warning, in words beside the colour; `strong` the part to look at;
 * `plain` belongs to the origin; `quiet` is the server's to choose, or what is as it should be.
 */
export type UrlPartEmphasis = "flagged" | "strong" | "plain" | "quiet";

/** The host of a URL, as it is shown and as it is contacted. */
export type ShownHost =
  | {
      readonly type: "domain";
      /** The name that is contacted. */
      readonly ascii: string;
      /** The URL parser makes `ascii` of it again. */
      readonly shown: string;
      /** From left to right; an empty one is the root of a name that ends in a dot. */
      readonly labels: readonly ShownLabel[];
      /** The name that somebody registered, in ASCII; `undefined` for a public suffix, for one label, without data. */
      readonly registrableDomain: string | undefined;
      /** How many labels, from the end, the part that stands out has; all of them without a registrable domain. */
      readonly siteLabels: number;
    }
  | { readonly type: "ipv4"; readonly address: string }
  | { readonly type: "ipv6"; readonly address: string }
  /** The host of a scheme that the URL standard does not know: bytes, percent-encoded. */
  | { readonly type: "opaque"; readonly text: string }
  | { readonly type: "none" };

/** One label of a domain, and why it is shown as it is. */
export interface ShownLabel {
  readonly ascii: string;
  readonly shown: string;
  readonly why: LabelReason;
}

/** Something that the display leaves out or writes in another way than the URL. */
export type UrlNote =
  /** User name or password; what it says is nowhere in the display. */
  | { readonly type: "user-information-left-out" }
  | { readonly type: "default-port-left-out"; readonly port: string }
  /** The host was typed as a number, in octal or hexadecimal, or in another notation of the same address. */
  | { readonly type: "address-rewritten"; readonly typed: string; readonly shown: string }
  /** A label stays in punycode; its `why` says for which rule. */
  | { readonly type: "punycode-kept"; readonly label: ShownLabel }
  /** Percent-encoded characters that stay so since they could deceive. */
  | {
      readonly type: "characters-kept-encoded";
      readonly where: "path" | "query" | "fragment";
      readonly characters: readonly string[];
    }
  /** Control characters, spaces or line ends of the typed text, which the URL parser leaves out. */
  | { readonly type: "characters-dropped"; readonly count: number }
  /** Longer than anything that is read: its end is not shown. */
  | { readonly type: "cut"; readonly where: "path" | "query" | "fragment" | "opaque"; readonly characters: number };
