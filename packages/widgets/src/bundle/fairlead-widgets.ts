/**
 * All widgets with what they rest on, joined to files that a browser loads as they are: for pages that no tool builds.
 * Importing it gives the widgets their names.
 */
import { defineWidgets } from "../widgets.ts";

export * from "../index.ts";

defineWidgets();
