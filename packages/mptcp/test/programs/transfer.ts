/** 100 MiB. */
export const totalBytes = 104_857_600;
export const chunkBytes = 65_536;
/** When the test cuts a path: in the middle. */
export const middleBytes = totalBytes * 0.4;

export const ports = { multipath: 7_001, plain: 7_002 } as const;
