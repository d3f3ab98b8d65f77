import { noChange } from "lit";
import {
  Directive,
  directive,
  type DirectiveResult,
  type ElementPart,
  type PartInfo,
  PartType,
} from "lit/directive.js";

/** Values of custom properties; `undefined` takes one away. */
export type StyleProperties = Readonly<Record<`--${string}`, string | number | undefined>>;

/**
 * Sets custom properties of an element by its style object. An attribute `style`, which Lit's own directives begin with,
 * is refused where a page allows no inline styles.
 */
class StylePropertiesDirective extends Directive {
  #set: StyleProperties = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError("styleProperties stands where attributes stand");
  }

  override render(properties: StyleProperties): StyleProperties {
    return properties;
  }

  override update({ element }: ElementPart, [properties]: [StyleProperties]): typeof noChange {
    const { style } = element as HTMLElement;
    const before = this.#set;
    const names = new Set([...Object.keys(before), ...Object.keys(properties)]) as ReadonlySet<keyof StyleProperties>;
    for (const name of names) {
      const value = properties[name];
      // A browser styles all anew that inherits it, though it were the same.
      if (value === before[name]) continue;
      if (value === undefined) style.removeProperty(name);
      else style.setProperty(name, String(value));
    }
    this.#set = properties;
    return noChange;
  }
}

/**
 * Gives an element custom properties, which its style sheet uses: lengths and shares that are known only when it is drawn.
 *
 * @example
 * html`<div class="bar" ${styleProperties({ "--share": 0.4 })}></div>`
 */
export const styleProperties: (properties: StyleProperties) => DirectiveResult = directive(StylePropertiesDirective);
