import Store

/// One run as the page's lists and matrix show it: what `safnet status` knows, and where its worker is.
package struct RunLine: Encodable, Equatable, Sendable {
  /// Name of its directory; empty where nothing of it has begun.
  package var run: String
  package var variant: String?
  package var fold: Int?
  /// A seed has 64 bits, and a number of JavaScript 53.
  package var seed: String?
  package var state: RunState
  package var epochs = 0
  package var plannedEpochs: Int?
  package var best: Double?
  package var testDice: Double?
  package var seconds = 0.0
  package var secondsLeft: Double?
  package var failure: String?
  package var logTail: [String]?
  package var notice: String?
  package var cluster: String?
  /// "epoch 4/50  step 12/35", of a run that is being trained.
  package var stage: String?
  package var experiments: [String]?
  /// In which its plan differs from those of the other shown runs, by their paths; JSON.
  package var fields: RunFields?
  /// What people wrote about it.
  package var note: String?
  package var tags: [String]?

  package init(run: String, state: RunState) { (self.run, self.state) = (run, state) }
}
