/** Importing it gives all widgets their names, for pages that have no other script. */
import { defineWidgets } from "./widgets.ts";

defineWidgets();
