import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
  type BrotliCompress,
  type Gzip,
  type ZstdCompress,
} from "node:zlib";

/** A content coding that can be made here. */
export type CompressionCoding = "br" | "gzip" | "zstd";

/** A compressor of content that comes by and by. */
export type Encoder = BrotliCompress | Gzip | ZstdCompress;

/*
 * Levels at which a core makes tens of megabytes a second, as content is compressed anew for each answer. Windows are small,
 * so that a client that reads slowly holds half a mebibyte and not the eight that the libraries would take.
 */
const gzipOptions = { level: 6 };
const brotliOptions = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 },
};
const zstdOptions = {
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_windowLog]: 18 },
};

/** Makes a compressor. */
export function createEncoder(coding: CompressionCoding): Encoder {
  switch (coding) {
    case "br":
      return createBrotliCompress(brotliOptions);
    case "gzip":
      return createGzip(gzipOptions);
    case "zstd":
      return createZstdCompress(zstdOptions);
  }
}

/** Compresses content that is there, on a thread of its own. */
export function encode(coding: CompressionCoding, content: Uint8Array | string): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const done = (error: Error | null, bytes: Uint8Array): void => {
    if (error === null) resolve(bytes);
    else reject(error);
  };
  switch (coding) {
    case "br":
      brotliCompress(content, brotliOptions, done);
      break;
    case "gzip":
      gzip(content, gzipOptions, done);
      break;
    case "zstd":
      zstdCompress(content, zstdOptions, done);
      break;
  }
  return promise;
}
