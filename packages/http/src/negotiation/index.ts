/** Which of several representations a client gets. RFC 9110 section 12. */
export { chooseCoding } from "./coding.ts";
export { isJsonType, parseMediaType, type MediaType } from "./content-type.ts";
export { chooseLanguage } from "./language.ts";
export { chooseMediaType } from "./media-type.ts";
export { parseWeighted, type WeightedMember } from "./weighted.ts";
