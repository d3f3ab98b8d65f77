/** One page on which a person sees their application's network, live. */
export { attachConsole, type AttachConsoleOptions } from "./attach/attach-console.ts";
export type * from "./protocol/index.ts";
export { inspect, type Inspection, type InspectionOptions } from "./inspection/inspection.ts";
export type { FeedListener } from "./inspection/feed.ts";
export { type QuestionOptions, Questions } from "./inspection/questions.ts";
export type { SettingsHost } from "./inspection/settings-host.ts";
export type { ChosenOptions } from "./settings/manager-options.ts";
export { ManagerSettings, type SettingsGround } from "./settings/manager-settings.ts";
export type { TransactionLimits } from "./inspection/transaction-log.ts";
export { serveConsole, type ServeConsoleOptions, type ServedConsole } from "./serving/serve-console.ts";
