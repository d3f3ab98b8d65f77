/** 100 MiB. */
export const totalBytes = 104_857_600;
export const chunkBytes = 65_536;
/** From when on the test cuts a path. */
export const middleBytes = totalBytes * 0.4;
/** Nobody gets more before the path is cut, however long that takes. */
export const heldBytes = totalBytes * 0.75;

export const ports = { multipath: 7_001, plain: 7_002 } as const;
