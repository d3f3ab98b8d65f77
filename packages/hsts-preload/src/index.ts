/** Not filled yet. */
export const entries = 0;
