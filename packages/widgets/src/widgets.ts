import { FairleadConnectivity } from "./connectivity/connectivity.ts";
import { defineElements, type WidgetClass } from "./element.ts";

/** All widgets. */
export const widgets: readonly WidgetClass[] = [FairleadConnectivity];

/** Gives all widgets their names in a page. What has its name already keeps it. */
export function defineWidgets(registry?: CustomElementRegistry): void {
  defineElements(widgets, registry);
}
