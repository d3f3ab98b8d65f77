import { PolicyError } from "@fairlead/core";
import { type CborValue, isCborArray, isCborBytes, isCborMap, isCborUint } from "../../protocol/cbor.ts";
import { type DeviceIdentity, type IdentifierKind, identifierMatcher } from "./device-identity.ts";
import { malformed, readWrappedDigest, sameBytes, type SuitDigest } from "./suit-digest.ts";
import type { ComponentIdentifier, SuitManifest, SuitPurpose } from "./suit-manifest.ts";
import { unsupported } from "./suit-unsupported.ts";

/** An image that a manifest has fetched. */
export interface FirmwareImage {
  /** Where it goes. */
  readonly component: ComponentIdentifier;
  /** Where it is to be had: a URI, a reference relative to the manifest's own, or `#name` for one in the envelope. */
  readonly uri: string;
  readonly digest: SuitDigest;
  readonly sizeBytes: number;
}

/**
 * Carries out the commands of a manifest, all but the fetching: what has to hold of the device is checked, and what is to
 * be fetched is listed. That each image is the one that was signed is for whoever fetches it to check, whether or not the
 * manifest asks for it.
 *
 * Understood are the directives set-component-index, override-parameters, fetch and invoke, and the conditions of vendor,
 * class and device identifiers and of the image.
 *
 * @throws ContentError FIRMWARE_MANIFEST_MALFORMED.
 * @throws PolicyError FIRMWARE_MANIFEST_UNSUPPORTED; FIRMWARE_NOT_FOR_DEVICE, also where vendor and class are not asked for.
 * @throws UsageError OPTION_INVALID for an identity that is none.
 *
 * @see draft-ietf-suit-manifest-34 sections 6 and 8.4
 */
export function planImages(manifest: SuitManifest, device: DeviceIdentity): readonly FirmwareImage[] {
  const plan: Plan = { images: new Map(), checked: new Set(), matches: identifierMatcher(device) };
  for (const { purpose, commands } of manifest.sequences) {
    const run = new SequenceRun(manifest.components, purpose, plan);
    run.commands(manifest.shared);
    run.commands(commands);
  }
  if (!plan.checked.has("vendor") || !plan.checked.has("class")) {
    throw notForDevice("it does not say for which vendor and class it is");
  }
  return [...plan.images.values()];
}

interface Plan {
  /** By index of the component. */
  readonly images: Map<number, FirmwareImage>;
  readonly checked: Set<IdentifierKind>;
  readonly matches: ReturnType<typeof identifierMatcher>;
}

interface Parameters {
  vendor?: Uint8Array;
  class?: Uint8Array;
  device?: Uint8Array;
  digest?: SuitDigest;
  sizeBytes?: number;
  uri?: string;
}

/** One sequence: parameters are its own, and each component's apart. */
class SequenceRun {
  readonly #components: readonly ComponentIdentifier[];
  readonly #purpose: SuitPurpose;
  readonly #plan: Plan;
  readonly #parameters: readonly Parameters[];
  #current: readonly number[] = [0];

  constructor(components: readonly ComponentIdentifier[], purpose: SuitPurpose, plan: Plan) {
    this.#components = components;
    this.#purpose = purpose;
    this.#plan = plan;
    this.#parameters = components.map(() => ({}));
  }

  commands(commands: readonly CborValue[]): void {
    for (let at = 0; at < commands.length; at += 2) this.#command(commands[at], commands[at + 1]);
  }

  #command(command: CborValue | undefined, argument: CborValue | undefined): void {
    if (typeof command !== "number") throw malformed("command");
    switch (command) {
      case code.setComponentIndex:
        this.#current = this.#readIndex(argument);
        return;
      case code.overrideParameters:
        for (const index of this.#current) setParameters(this.#parametersOf(index), argument);
        return;
    }
    // The others have a word on what to report instead of an argument.
    if (!isCborUint(argument) || argument > 15) throw malformed("reporting policy");
    for (const index of this.#current) this.#apply(command, index);
  }

  #apply(command: number, index: number): void {
    switch (command) {
      case code.vendorIdentifier:
        this.#checkIdentifier("vendor", index);
        return;
      case code.classIdentifier:
        this.#checkIdentifier("class", index);
        return;
      case code.deviceIdentifier:
        this.#checkIdentifier("device", index);
        return;
      case code.imageMatch:
        this.#checkImage(index);
        return;
      case code.fetch:
        if (this.#purpose !== "payload-fetch" && this.#purpose !== "install")
          throw unsupported("fetch, where none can be");
        this.#fetch(index);
        return;
      case code.invoke:
        if (this.#purpose !== "invoke") throw unsupported("invoke, where none can be");
        return;
    }
    throw unsupported(`command ${command}`);
  }

  #checkIdentifier(kind: IdentifierKind, index: number): void {
    const identifier = this.#parametersOf(index)[kind];
    if (identifier === undefined || !this.#plan.matches(kind, identifier)) throw notForDevice(`another ${kind}`);
    this.#plan.checked.add(kind);
  }

  #checkImage(index: number): void {
    const { digest } = this.#parametersOf(index);
    const image = this.#plan.images.get(index);
    if (digest === undefined) throw malformed("an image without digest");
    if (image === undefined) throw unsupported("a condition on an image that is not fetched");
    if (digest.algorithm !== image.digest.algorithm || !sameBytes(digest.bytes, image.digest.bytes)) {
      throw malformed("two digests for one image");
    }
  }

  #fetch(index: number): void {
    const { uri, digest, sizeBytes } = this.#parametersOf(index);
    const component = this.#components[index];
    if (uri === undefined || digest === undefined || sizeBytes === undefined || component === undefined) {
      throw malformed("an image without URI, digest or size");
    }
    if (this.#plan.images.has(index)) throw unsupported("two images for one component");
    this.#plan.images.set(index, { component, uri, digest, sizeBytes });
  }

  #readIndex(argument: CborValue | undefined): readonly number[] {
    if (argument === true) return this.#components.map((_, index) => index);
    const indexes = isCborArray(argument) ? argument : [argument];
    if (!indexes.every(isCborUint) || indexes.length === 0 || new Set(indexes).size !== indexes.length) {
      throw malformed("component index");
    }
    if (indexes.some((index) => index >= this.#components.length)) throw malformed("component index");
    return indexes;
  }

  #parametersOf(index: number): Parameters {
    const parameters = this.#parameters[index];
    if (parameters === undefined) throw malformed("component index");
    return parameters;
  }
}

function setParameters(parameters: Parameters, argument: CborValue | undefined): void {
  if (!isCborMap(argument) || argument.size === 0) throw malformed("parameters");
  for (const [key, value] of argument) {
    if (typeof key !== "number") throw malformed("parameter");
    switch (key) {
      case parameter.vendor:
        parameters.vendor = readUuid(value);
        break;
      case parameter.class:
        parameters.class = readUuid(value);
        break;
      case parameter.device:
        parameters.device = readUuid(value);
        break;
      case parameter.digest:
        parameters.digest = readWrappedDigest(value);
        break;
      case parameter.size:
        if (!isCborUint(value)) throw malformed("size of an image");
        parameters.sizeBytes = value;
        break;
      case parameter.uri:
        if (typeof value !== "string") throw malformed("URI of an image");
        parameters.uri = value;
        break;
      default:
        throw unsupported(`parameter ${key}`);
    }
  }
}

function readUuid(value: CborValue): Uint8Array {
  if (isCborBytes(value) && value.length === 16) return value;
  throw malformed("identifier");
}

function notForDevice(detail: string): PolicyError {
  return new PolicyError("FIRMWARE_NOT_FOR_DEVICE", { operation: "read a manifest", detail });
}

/** Section 11.2 and 11.3 of the draft. */
const code = {
  vendorIdentifier: 1,
  classIdentifier: 2,
  imageMatch: 3,
  setComponentIndex: 12,
  overrideParameters: 20,
  fetch: 21,
  invoke: 23,
  deviceIdentifier: 24,
} as const;
const parameter = { vendor: 1, class: 2, digest: 3, size: 14, uri: 21, device: 24 } as const;
