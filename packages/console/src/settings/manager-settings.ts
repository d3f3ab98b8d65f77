import { X509Certificate } from "node:crypto";
import type { TlsBackend, TlsIdentity } from "@fairlead/tls";
import { codedCauseOf } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import {
  availableBackend,
  defaultChoice,
  type OfferedBackend,
  type OfferedCertificate,
} from "@fairlead/widgets/tls-settings";
import type { SettingsHost } from "../inspection/settings-host.ts";
import type { ConsoleSettings, OfferedStore, SettingsPage } from "../protocol/index.ts";
import { defaultSettings } from "./default-settings.ts";
import { type ChosenOptions, managerOptions } from "./manager-options.ts";
import { offeredBackend } from "./offered-backend.ts";
import { readSettings } from "./read-settings.ts";

/** What settings choose from, and who opens managers by them. */
export interface SettingsGround {
  /** Names of backends; the first is the one that the manager was opened with. */
  readonly backends: readonly [string, ...string[]];
  /** Loads a backend, when settings are looked at first. */
  readonly loadBackend: (name: string) => Promise<TlsBackend>;
  /** Authorities of the user's own, PEM: where there are any, the manager was opened with them alone. */
  readonly authorities: readonly string[];
  /** Authorities that are trusted beside whatever is chosen, PEM. */
  readonly alsoTrusted: readonly string[];
  readonly identities: readonly TlsIdentity[];
  /** The first is the one that the manager was opened with. */
  readonly stores: readonly [OfferedStore, ...OfferedStore[]];
  /** Whether the manager was opened to fetch issuers that servers do not send. */
  readonly fetchIntermediates: boolean;
  /** Opens where the secrets of connections are written; `undefined` where that is not offered. */
  readonly openKeyLog: (() => (line: string) => void) | undefined;
  /** Opens a manager, which is the one in use from then on. Rejects as opening does; then the one before stays. */
  readonly open: (options: ChosenOptions, settings: ConsoleSettings) => Promise<void>;
}

/** What is offered, and what its names stand for. */
interface Known {
  readonly offered: SettingsPage["offered"];
  readonly loaded: ReadonlyMap<string, TlsBackend>;
}

/** Settings that open managers; what there is to choose from is found out when somebody looks. */
export class ManagerSettings implements SettingsHost {
  readonly #ground: SettingsGround;
  #known: Promise<Known> | undefined;
  #current: ConsoleSettings | undefined;
  /** One after the other: the last that was asked for is the one that holds. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ground: SettingsGround) {
    this.#ground = ground;
  }

  async read(): Promise<SettingsPage> {
    const { offered } = await this.#know();
    return { settings: (this.#current ??= this.#first(offered)), offered, isChangeable: true };
  }

  async write(given: unknown): Promise<SettingsPage> {
    const { offered, loaded } = await this.#know();
    const settings = readSettings(given, offered);
    const turn = this.#turn.then(async () => {
      await this.#ground.open(this.#optionsOf(settings, loaded), settings);
      this.#current = settings;
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
    return { settings, offered, isChangeable: true };
  }

  #optionsOf(settings: ConsoleSettings, loaded: Known["loaded"]): ChosenOptions {
    const { authorities, alsoTrusted, identities, openKeyLog } = this.#ground;
    return managerOptions(settings, {
      backend: (name) => loaded.get(name),
      authority: (fingerprint) => authorities.find((each) => fingerprintOf(each) === fingerprint),
      alsoTrusted,
      identity: (fingerprint) => identities.find(({ certificate }) => fingerprintOf(certificate) === fingerprint),
      onKeyLog: settings.tls.dangerous.logKeys ? openKeyLog?.() : undefined,
    });
  }

  /** How the manager was opened that is there before anybody has chosen. */
  #first({ tls }: SettingsPage["offered"]): ConsoleSettings {
    const { backends, stores, fetchIntermediates } = this.#ground;
    const [name] = backends;
    const backend = availableBackend(tls, name);
    if (backend === undefined) {
      throw new UsageError("OPTION_INVALID", { operation: "read the settings", detail: `${name} cannot be loaded` });
    }
    const fingerprints = tls.authorities.map(({ fingerprint }) => fingerprint);
    const choice = {
      ...defaultChoice(backend),
      fetchIntermediates,
      ...(fingerprints.length > 0 && { anchors: { type: "own", fingerprints } as const }),
    };
    return defaultSettings(choice, stores[0].id);
  }

  /** What failed is tried again when somebody looks again. */
  #know(): Promise<Known> {
    this.#known ??= this.#find().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #find(): Promise<Known> {
    const { backends, authorities, identities, stores } = this.#ground;
    const loaded = new Map<string, TlsBackend>();
    const found: OfferedBackend[] = [];
    for (const name of backends) found.push(await this.#findBackend(name, loaded));
    const tls = {
      backends: found,
      authorities: authorities.map(offeredCertificate),
      identities: identities.map(({ certificate }) => offeredCertificate(certificate)),
    };
    return { offered: { tls, stores }, loaded };
  }

  async #findBackend(name: string, loaded: Map<string, TlsBackend>): Promise<OfferedBackend> {
    try {
      const backend = await this.#ground.loadBackend(name);
      const offered = await offeredBackend(backend);
      loaded.set(offered.name, backend);
      if (!offered.available || this.#ground.openKeyLog !== undefined) return offered;
      return { ...offered, capabilities: { ...offered.capabilities, keyLog: false } };
    } catch (error) {
      return { name, available: false, reason: codedCauseOf(error)?.remedy ?? "it could not be loaded" };
    }
  }
}

function offeredCertificate(pem: string): OfferedCertificate {
  const { subject, validToDate } = new X509Certificate(pem);
  return { fingerprint: fingerprintOf(pem), subject, notAfter: validToDate.toISOString() };
}

/** SHA-256 in hexadecimal, as `Questions` offer identities. */
function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();
}
