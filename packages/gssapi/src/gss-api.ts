import { AuthenticationError } from "@fairlead/core";
import { bindGssApi, type GssFunction, type GssFunctions } from "./functions.ts";
import { gssErrorCode, hasFailed, type GssPhase } from "./gss-error.ts";
import { native, readBytes, words, type NativeBytes } from "./native-bytes.ts";
import { objectIdentifiers } from "./object-identifiers.ts";

/** A handle of GSS-API, at the place where the library keeps it. */
export class GssHandle implements Disposable {
  /** To be given where the library writes the handle. */
  readonly cell: NativeBytes = words(0);
  readonly #release: (cell: NativeBytes) => void;

  constructor(release: (cell: NativeBytes) => void) {
    this.#release = release;
  }

  /** 0 before there is one, and after its release. */
  get value(): number {
    return this.cell.word();
  }

  /** Releases it; not before the last call that uses it has returned. */
  [Symbol.dispose](): void {
    // The library writes a 0 there, so that nothing is released twice.
    if (this.value !== 0) this.#release(this.cell);
  }
}

/** The system's GSS-API, with failures as errors. */
export class GssApi {
  readonly functions: GssFunctions;

  /** @throws Error when the library cannot be loaded, or lacks a function. */
  constructor(path: string) {
    this.functions = bindGssApi(path);
  }

  /** Makes a name of this kind. Nothing is looked up. */
  importName(text: string, kind: NativeBytes, peer: string): GssHandle {
    const name = this.#handle(this.functions.gss_release_name);
    const bytes = native(Buffer.from(text));
    const minor = words(0);
    const major = this.functions.gss_import_name(minor, words(Buffer.byteLength(text), bytes), kind, name.cell);
    this.check(major, minor, peer, "acquire");
    return name;
  }

  /** A place for a name. */
  name(): GssHandle {
    return this.#handle(this.functions.gss_release_name);
  }

  /** A name as people write it. */
  displayName(name: GssHandle): string {
    const text = words(0, 0);
    const minor = words(0);
    const major = this.functions.gss_display_name(minor, name.value, text, 0);
    return hasFailed(major) ? "" : this.takeBuffer(text).toString("utf8");
  }

  /** A place for credentials. */
  credentials(): GssHandle {
    return this.#handle(this.functions.gss_release_cred);
  }

  /** A place for a context. */
  context(): GssHandle {
    return new GssHandle((cell) => this.functions.gss_delete_sec_context(words(0), cell, 0));
  }

  /** Copies what a `gss_buffer_desc` of the library refers to, and frees it there. */
  takeBuffer(buffer: NativeBytes): Buffer {
    const copy = readBytes(buffer.word(1), buffer.word(0));
    this.functions.gss_release_buffer(words(0), buffer);
    return copy;
  }

  /** @throws AuthenticationError where the call failed. */
  check(major: number, minor: NativeBytes, peer: string, phase: GssPhase): void {
    if (!hasFailed(major)) return;
    const reason = this.#text(minor.uint32, STATUS_OF_MECHANISM);
    const isMinor = (code: number): boolean =>
      code === (minor.uint32 | 0) || (reason !== "" && this.#text(code >>> 0, STATUS_OF_MECHANISM) === reason);
    throw new AuthenticationError(gssErrorCode(major, phase, isMinor), {
      peer,
      operation: "authenticate",
      detail: reason === "" ? this.#text(major, STATUS_OF_GSS) : reason,
    });
  }

  /** What went wrong, in the library's own words. */
  describe(major: number, minor: NativeBytes): string {
    const reason = this.#text(minor.uint32, STATUS_OF_MECHANISM);
    return reason === "" ? this.#text(major, STATUS_OF_GSS) : reason;
  }

  /** What a status means, in the library's own words. */
  #text(status: number, type: number): string {
    if (status === 0) return "";
    const text = words(0, 0);
    this.functions.gss_display_status(words(0), status, type, objectIdentifiers.krb5, words(0), text);
    // Some texts of the library have the end of a C string in them.
    return this.takeBuffer(text).toString("utf8").replace(/\0$/, "");
  }

  #handle(release: GssFunction): GssHandle {
    return new GssHandle((cell) => release(words(0), cell));
  }
}

const STATUS_OF_GSS = 1;
const STATUS_OF_MECHANISM = 2;
