/** URI templates: an address with places for values. RFC 6570, all four levels. */
export { encodeUnreserved } from "./encode.ts";
export { expandExpression, expandUriTemplate } from "./expand.ts";
export { parseUriTemplate } from "./parse.ts";
export type {
  TemplateExpression,
  TemplateOperator,
  TemplateScalar,
  TemplateValues,
  TemplateVariable,
  UriTemplate,
} from "./template.ts";
