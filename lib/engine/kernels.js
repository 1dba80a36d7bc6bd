// @ts-self-types="./kernels.d.ts"
// The two builds of assembly/, made by `deno task kernels`. TypeScript cannot read "import source" yet; hence JavaScript.
import source relaxed from "./kernels.wasm";
import source strict from "./kernels_strict.wasm";

export { relaxed, strict };
