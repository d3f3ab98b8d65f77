/**
 * The widgets in JSX, for React from version 19 on, which sets properties of elements and listens to their events by
 * itself: so these are types, and nothing at run time.
 */
import type { FairleadElement } from "../element.ts";

/** The names of the widgets. */
type Tag = Extract<keyof HTMLElementTagNameMap, `fairlead-${string}`>;

/** The names of what they tell. */
type EventName = Extract<keyof HTMLElementEventMap, `fairlead-${string}`>;

/** What all elements of a page have. */
interface PageAttributes<Element> {
  readonly key?: string | number | bigint | null | undefined;
  readonly ref?: { current: Element | null } | ((element: Element | null) => void) | null | undefined;
  readonly id?: string | undefined;
  readonly className?: string | undefined;
  readonly slot?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly part?: string | undefined;
}

/**
 * What an element takes in JSX: its properties, and its events behind `on`, as in
 * `onfairlead-sign-in={(event) => send(event.username)}`.
 */
export type WidgetProps<Element extends FairleadElement> = PageAttributes<Element> & {
  readonly [Name in Exclude<keyof Element, Exclude<keyof FairleadElement, "messages">>]?: Element[Name] | undefined;
} & {
  readonly [Name in EventName as `on${Name}`]?: ((event: HTMLElementEventMap[Name]) => void) | undefined;
};

/**
 * All widgets by their names.
 *
 * @example
 * import type { WidgetElements } from "@fairlead/widgets/react";
 *
 * declare module "react" {
 *   namespace JSX {
 *     interface IntrinsicElements extends WidgetElements {}
 *   }
 * }
 */
export type WidgetElements = {
  readonly [Name in Tag]: HTMLElementTagNameMap[Name] extends FairleadElement
    ? WidgetProps<HTMLElementTagNameMap[Name]>
    : never;
};
