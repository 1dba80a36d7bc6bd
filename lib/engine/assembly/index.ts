/** The functions that the host calls; all others are internal. */
export { backward } from "./backward";
export { crossEntropy } from "./cross_entropy";
export { decode, decodeBackward } from "./decoder";
export { forward, forwardStep, start } from "./forward";
export { gruBackward, gruForward } from "./gru";
export { headsForward } from "./heads";
export { lstmBackward, lstmForward } from "./lstm";
export { memoryForward } from "./memory";
export { multiply } from "./multiply";
export { squares, step } from "./optimizers";
export { outer } from "./outer";
export { packBackward, packForward } from "./pack";
export { prepare } from "./prepare";
export { rnnBackward, rnnForward } from "./rnn";
export { clearWeightGradients, embeddingGradient, stepGradients, weightGradients } from "./weight_gradients";
export { multiplyAdds } from "./peak";
export { exponentials, sigmoids, tanhs, tanhs16 } from "./squash_rows";
