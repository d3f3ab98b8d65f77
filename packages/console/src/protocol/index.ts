/**
 * What the page and the inspected program say to each other. Events come by the WebSocket `api/events`; everything else is
 * asked by HTTP below `api/`, JSON both ways; an error is Problem Details with the `code` and `remedy` of its error:
 *
 * - `POST fetch` FetchOrder → `{ id }` of the transaction; `{ repeat: ID }` makes one of these once more
 * - `DELETE transactions/ID` gives up one of these that is under way
 * - `GET transactions/ID` → TransactionDetails; `GET transactions/ID/hops/INDEX/request-body`, `…/response-body` → bytes
 * - `DELETE transactions` forgets the list
 * - `POST certificates` (PEM, several) → what they say, for the certificate viewer
 * - `GET memory` → how much there is of each kind; `GET memory/KIND?search&from&count` → MemoryPage; `DELETE memory/KIND/KEY`; `DELETE memory/KIND`
 * - `POST downloads` DownloadOrder → ShownTransfer; `POST downloads/ID/pause`, `…/resume`; `DELETE downloads/ID`
 * - `POST questions/ID` QuestionAnswer
 * - `GET har?bodies` → HTTP Archive; with bodies where that is asked for
 * - `GET test-network` → ShownTestNetwork, which takes a while the first time; `POST test-network/faults` FaultOrder →
 *   ShownFault; `DELETE test-network/faults/ID`
 * - `GET settings` → SettingsPage; `PUT settings` ConsoleSettings → SettingsPage
 */
export type { ConsoleEvent, ConsoleHello } from "./events.ts";
export type { DownloadOrder } from "./download-order.ts";
export type { FetchOrder, NewFetch, RepeatedFetch } from "./fetch-order.ts";
export { type MemoryKind, memoryKinds, type MemoryPage, type RememberedThing } from "./memory.ts";
export type { OfferedIdentity, QuestionAnswer, ShownQuestion } from "./question.ts";
export {
  type ChosenProxy,
  type ChosenRedirects,
  type ChosenTimeouts,
  type ConsoleSettings,
  type OfferedStore,
  type SettingsPage,
  timedPhases,
} from "./settings.ts";
export type { FaultOrder, ShownFault, ShownFaultType, ShownService, ShownTestNetwork } from "./test-network.ts";
export type {
  BodyFacts,
  HopDetails,
  HopTls,
  ListedTransaction,
  ShownField,
  ShownProblem,
  ShownStaple,
  TransactionDetails,
} from "./transaction.ts";
export type { ShownTransfer } from "./transfer.ts";
