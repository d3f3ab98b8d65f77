/** Bodies that travel in several messages, as pure rules. RFC 7959, and RFC 8323 section 6. */
export { blockCapacity, fittingBlock, payloadRoom } from "./block-room.ts";
export { bodyKey } from "./body-key.ts";
export { decideDownload, type DownloadDecision, type DownloadPlace } from "./download.ts";
export { decideGathering, type GatherDecision } from "./gather.ts";
export { decideUpload, type UploadDecision } from "./upload.ts";
