/** The kernels with fused multiply-adds where the machine has them. */
export const relaxed: WebAssembly.Module;
/** The kernels with every product rounded: the same bits on every machine. */
export const strict: WebAssembly.Module;
