import type { ConnectionAgreementRules } from "../agreement/agree-on-connection.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { TicketBank } from "../memory/ticket-bank.ts";
import type { Observers } from "../observe/observers.ts";
import type { Tally } from "../observe/tally.ts";
import type { ConnectSettings } from "../options.ts";
import type { ChooseRoutes } from "../route/choose-routes.ts";
import type { Tenants } from "../tenants.ts";
import type { UnderWay } from "../under-way.ts";
import type { DatagramBackendChoice } from "./datagram-backend.ts";

/** What paths for datagrams need of a manager. */
export interface DatagramMeans {
  readonly settings: ConnectSettings;
  readonly findBackend: () => Promise<DatagramBackendChoice>;
  /** From `tls.dangerous`. */
  readonly acceptAnyCertificate: boolean;
  readonly agreement: ConnectionAgreementRules;
  readonly tickets: TicketBank;
  readonly lessons: LostLessons;
  /** `undefined` where everything goes straight. */
  readonly chooseRoutes: ChooseRoutes | undefined;
  readonly observers: Observers;
  readonly tally: Tally;
  readonly tenants: Tenants;
  readonly underWay: UnderWay;
  /** Fires when the manager is destroyed. */
  readonly ending: AbortSignal;
}
