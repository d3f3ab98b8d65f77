// The part of the platform that pure modules may use. Everything else (timers, Buffer, process, crypto, node:*) is a
// compile error in package `http`, in `core` and in every folder called `protocol`.

declare class URL {
  constructor(input: string | URL, base?: string | URL);
  static canParse(input: string, base?: string): boolean;
  static parse(input: string, base?: string): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  username: string;
  toString(): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare function atob(base64: string): string;
declare function btoa(latin1: string): string;
