/** Made from lib/engine/kernel_plan.ts by `deno task kernels`; what each field means is said there. */
export const LAYER_BYTES: i32 = 80;

@unmanaged
export class Layer {
  inputWidth: i32;
  depth: i32;
  stateWidth: i32;
  states: usize;
  gStates: usize;
  gates: usize;
  cells: usize;
  tanhCells: usize;
  gCells: usize;
  weights: usize;
  packedForward: usize;
  packedBackward: usize;
  gWeights: usize;
  bias: usize;
  gBias: usize;
  h0: usize;
  gH0: usize;
  c0: usize;
  gC0: usize;
}

@unmanaged
export class Plan {
  cell: i32;
  layers: i32;
  layerAt: usize;
  hidden: i32;
  gateWidth: i32;
  sumWidth: i32;
  symbols: i32;
  embeddingWidth: i32;
  embedding: usize;
  gEmbedding: usize;
  inputWeights: usize;
  packedInputForward: usize;
  packedInputBackward: usize;
  gInputWeights: usize;
  table: usize;
  gTable: usize;
  memory: i32;
  ports: i32;
  valueWidth: i32;
  tailMask: usize;
  pushColumn: i32;
  portHeadWidth: i32;
  headWidth: i32;
  headWeights: usize;
  packedHeadForward: usize;
  packedHeadBackward: usize;
  gHeadWeights: usize;
  headBias: usize;
  gHeadBias: usize;
  heads: usize;
  values: usize;
  gValues: usize;
  pushes: usize;
  pops: usize;
  gStrength: usize;
  gPop: usize;
  pushNoise: usize;
  popNoise: usize;
  entriesPerSlot: i32;
  liveRow: usize;
  liveStrength: usize;
  bottomEntry: usize;
  topEntry: usize;
  logRow: usize;
  logStrength: usize;
  logCount: usize;
  removedCount: usize;
  partialStrength: usize;
  mostCells: i32;
  cellsPerSlot: i32;
  stackCells: usize;
  gStackCells: usize;
  inference: i32;
  stepKind: usize;
  anchors: usize;
  hingeWeight: f32;
  hingeBound: f32;
  anchorLoss: usize;
  hingeLoss: usize;
  attention: i32;
  attentionWidth: i32;
  placeWidth: i32;
  attentionScale: f32;
  queryWeights: usize;
  packedQueryForward: usize;
  packedQueryBackward: usize;
  gQueryWeights: usize;
  keyWeights: usize;
  packedKeyForward: usize;
  packedKeyBackward: usize;
  gKeyWeights: usize;
  scoreWeights: usize;
  gScoreWeights: usize;
  firstPlace: usize;
  places: usize;
  gPlaces: usize;
  keys: usize;
  gKeys: usize;
  queries: usize;
  gQueries: usize;
  placesPerRow: i32;
  placeWeights: usize;
  gPlaceScores: usize;
  gSlotScoreWeights: usize;
  contextRow: usize;
  outputWidth: i32;
  decoderWidth: i32;
  decoderInput: usize;
  gDecoderInput: usize;
  lossStates: usize;
  gLossStates: usize;
  outputWeights: usize;
  packedOutputForward: usize;
  packedOutputBackward: usize;
  gOutputWeights: usize;
  outputBias: usize;
  gOutputBias: usize;
  logitWidth: i32;
  logitWeights: usize;
  packedLogitForward: usize;
  packedLogitBackward: usize;
  gLogitWeights: usize;
  logitBias: usize;
  gLogitBias: usize;
  previousWeights: usize;
  packedPreviousForward: usize;
  packedPreviousBackward: usize;
  gPreviousWeights: usize;
  previousBias: usize;
  gPreviousBias: usize;
  logits: usize;
  outputLosses: i32;
  previousFrom: i32;
  losses: i32;
  lossRow: usize;
  lossOfRow: usize;
  lossTarget: usize;
  lossWeight: usize;
  loss: usize;
  slots: i32;
  steps: i32;
  rows: i32;
  rowStart: usize;
  active: usize;
  symbol: usize;
  given: usize;
  firstSums: usize;
  readFrom: i32;
  readTo: i32;
  parameters: i32;
  weightsAt: usize;
  gradientsAt: usize;
  firstMoment: usize;
  secondMoment: usize;
  squares: usize;
  scratch: usize;
  scratchBytes: i32;
  rule: i32;
  clip: f64;
  rate: f64;
  beta1: f64;
  beta2: f64;
  epsilon: f64;
  rootScale: f64;
  cellFactor: f64;
  cellsFrom: i32;
  cellsTo: i32;
  gradientNorm: f64;
}

export const enum Attention {
  none = 0,
  additive = 1,
  dotProduct = 2,
}

export const enum Cell {
  rnn = 0,
  lstm = 1,
  gru = 2,
}

export const enum Given {
  nothing = 0,
  start = 1,
  gFinal = 2,
  firstSums = 4,
}

export const enum Memory {
  none = 0,
  stack = 1,
  queue = 2,
  deque = 3,
  superposition = 4,
}

export const enum Rule {
  sgd = 0,
  rmsprop = 1,
  adam = 2,
}
