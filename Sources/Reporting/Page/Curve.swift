/// The learning curves of a run, by epoch, in order: nothing is left out and nothing averaged.
package struct Curve: Encodable, Sendable {
  package let run: String
  package let epochs: [Int]
  package let loss: [Double]
  package let rate: [Double]
  package let monitor: [Double?]
  package let dice: [Double?]
  package let seconds: [Double]

  package init(
    run: String, epochs: [Int], loss: [Double], rate: [Double], monitor: [Double?], dice: [Double?], seconds: [Double]
  ) {
    (self.run, self.epochs, self.loss, self.rate) = (run, epochs, loss, rate)
    (self.monitor, self.dice, self.seconds) = (monitor, dice, seconds)
  }
}
