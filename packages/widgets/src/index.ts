/** Web components for what is easy to get wrong. Nothing happens by importing them: `defineWidgets` gives them their names. */
export { FairleadConnectivity } from "./connectivity/connectivity.ts";
export type { ShownConnectivity } from "./connectivity/shown-connectivity.ts";
export { defineElements, FairleadElement, type WidgetClass } from "./element.ts";
export { english } from "./messages/en.ts";
export type { Messages } from "./messages/messages.ts";
export { pageMessages } from "./messages/page-messages.ts";
export {
  type DurationStyle,
  type DurationUnit,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatUnits,
} from "./text/quantities.ts";
export { SHOWN_TEXT_LIMIT, shownText } from "./text/shown-text.ts";
export { defineWidgets, widgets } from "./widgets.ts";
