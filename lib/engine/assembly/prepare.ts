/**
 * Prepares new weights for an update: all matrices packed both ways, and the table of the first layer's inputs.
 *
 * Method: a sequence sees only as many different inputs as there are symbols, so W_x e + b is made once for each of
 * them, and the time loop looks it up. Workers share the panels; none reads what another has packed here.
 *
 * Layout: packed as pack.ts says; the table is symbols × gateWidth, by rows.
 *
 * Error: that of multiply.ts.
 */
import { multiply, PANEL } from "./multiply";
import { packBackward, packForward } from "./pack";
import { layerOf, Plan } from "./plan";
import { copyRow } from "./rows";

/** Packs a worker's share of the panels, and fills its share of the table. */
export function prepare(plan: Plan, worker: i32, workers: i32): void {
  for (let l = 0; l < plan.layers; l++) {
    const layer = layerOf(plan, l);
    packBoth(
      layer.weights, plan.gateWidth, layer.depth, layer.stateWidth, layer.packedForward, layer.packedBackward,
      worker, workers,
    );
  }
  packBoth(
    plan.inputWeights, plan.gateWidth, plan.embeddingWidth, plan.embeddingWidth, plan.packedInputForward,
    plan.packedInputBackward, worker, workers,
  );
  packBoth(
    plan.logitWeights, plan.logitWidth, plan.decoderWidth, plan.decoderWidth, plan.packedLogitForward,
    plan.packedLogitBackward, worker, workers,
  );
  if (plan.previousWeights) {
    packBoth(
      plan.previousWeights, plan.logitWidth, plan.decoderWidth, plan.decoderWidth, plan.packedPreviousForward,
      plan.packedPreviousBackward, worker, workers,
    );
  }
  if (plan.memory) {
    packBoth(
      plan.headWeights, plan.headWidth, plan.hidden, plan.hidden, plan.packedHeadForward, plan.packedHeadBackward,
      worker, workers,
    );
    packBoth(
      plan.outputWeights, plan.decoderWidth, plan.hidden, plan.hidden, plan.packedOutputForward,
      plan.packedOutputBackward, worker, workers,
    );
  }
  fillTable(plan, worker, workers);
}

/** W is outputs × inputs, its rows `width` ≥ inputs apart; `inputs` is a multiple of 4, the others of 8. */
function packBoth(
  W: usize, outputs: i32, inputs: i32, width: i32, forwards: usize, backwards: usize, worker: i32, workers: i32,
): void {
  const rows = outputs / PANEL, columns = width / PANEL, between = width * 4;
  packForward(W, between, inputs, forwards, rows * worker / workers, rows * (worker + 1) / workers);
  packBackward(W, between, outputs, backwards, columns * worker / workers, columns * (worker + 1) / workers);
}

/** The table's columns whose panels this worker has packed. */
function fillTable(plan: Plan, worker: i32, workers: i32): void {
  const panels = plan.gateWidth / PANEL, gates = plan.gateWidth * 4, first = layerOf(plan, 0);
  const from = panels * worker / workers * PANEL, to = panels * (worker + 1) / workers * PANEL;
  for (let k = 0; k < plan.symbols; k++) {
    copyRow(plan.table + k * gates + from * 4, first.bias + from * 4, (to - from) * 4);
  }
  multiply(
    plan.embedding, plan.embeddingWidth * 4, plan.packedInputForward + from * plan.embeddingWidth * 4,
    plan.table + from * 4, gates, plan.symbols, plan.embeddingWidth, to - from, 1,
  );
}
