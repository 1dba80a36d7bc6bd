/**
 * brain.js: its class LSTM, with an embedding of the same width. What it has as the cell is its last output, and it has no
 * other; it draws its parameters, steps by its own RMSProp, and takes one string at a time: an update here is such a step for
 * each string of the batch.
 *
 * It puts a mark before and after a string, so that one of 33 symbols takes 34 steps.
 *
 * @module
 */
import brain from "brain.js";
import { servePeer } from "../peer_session.ts";

await servePeer(({ symbols, embedding, hidden, inputs }) => {
  const sizes = { inputSize: embedding, inputRange: symbols, outputSize: symbols };
  const net = new brain.recurrent.LSTM({ ...sizes, hiddenLayers: [hidden] });
  // Lists of numbers would be read as lists of characters, and the embedding be as wide as there are characters.
  const strings = inputs.map((string) => Uint8Array.from(string.slice(1)));
  return () => {
    net.train(strings, { iterations: 1, errorThresh: 0 });
    return undefined; // its error is not the cross-entropy
  };
});
