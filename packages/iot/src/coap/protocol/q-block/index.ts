/** Bodies whose blocks may get lost on the way, as pure rules. RFC 9177. */
export { BlockCollection } from "./block-collection.ts";
export { readMissingBlocks, writeMissingBlocks } from "./missing-blocks.ts";
export { defaultQBlockParameters, type QBlockParameters } from "./parameters.ts";
export { wantedBlocks } from "./wanted-blocks.ts";
